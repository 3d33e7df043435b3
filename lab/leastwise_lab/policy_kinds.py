"""Kinds of permission policies: the document, and by hand which content checks it fails.

`{account}` in a document becomes the id of the account it is planted in.
"""

import json
from dataclasses import dataclass

FULL_ADMIN = "iam-policy-full-admin"
NOT_ACTION = "iam-policy-not-action"
NOT_RESOURCE = "iam-policy-not-resource"
PASS_ROLE = "iam-policy-pass-role"


@dataclass(frozen=True)
class Kind:
    """A policy document with its known consequences."""

    statement: object
    fails: frozenset

    @property
    def administrator(self):
        return FULL_ADMIN in self.fails

    def document(self, account):
        document = {"Version": "2012-10-17", "Statement": self.statement}
        return json.dumps(document, ensure_ascii=False).replace("{account}", account)


def allow(action, resource="*", **rest):
    return {"Effect": "Allow", "Action": action, "Resource": resource} | rest


def deny(action, resource="*", **rest):
    return {"Effect": "Deny", "Action": action, "Resource": resource} | rest


def good(statement):
    return Kind(statement, frozenset())


def bad(statement, *checks):
    return Kind(statement, frozenset(checks))


MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
NO_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
TO_EC2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
TO_ARN = {"ArnLike": {"iam:AssociatedResourceArn": "arn:aws:ec2:*:{account}:instance/*"}}
NOT_TO_EC2 = {"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
BUCKET = ["arn:aws:s3:::example-data", "arn:aws:s3:::example-data/*"]

KINDS = {
    # Nothing wrong with these.
    "benign_read": good([allow(["s3:GetObject", "s3:ListBucket"], BUCKET)]),
    "benign_single": good(allow("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:{account}:table/orders")),
    "benign_logs": good([allow(["logs:CreateLogStream", "logs:PutLogEvents"])]),
    "benign_queue": good([allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:{account}:jobs")]),
    "benign_unicode": good([allow("s3:GetObject", "arn:aws:s3:::example-données/Überblick+1/*")]),
    "service_star": good([allow("s3:*")]),
    # Every action on every resource. All of them can pass any role, too.
    "full_admin": bad(allow("*"), FULL_ADMIN, PASS_ROLE),
    "full_admin_colon": bad([allow(["*:*"], ["*"])], FULL_ADMIN, PASS_ROLE),
    "full_admin_mixed": bad([allow("s3:GetObject"), allow(["s3:*", "*"], ["*"])], FULL_ADMIN, PASS_ROLE),
    "full_admin_with_mfa": bad([allow("*", Condition=MFA)], PASS_ROLE),
    "admin_of_nothing": good([allow("*", BUCKET)]),
    "deny_all": good([deny("*")]),
    # NotAction and NotResource.
    "allow_not_action": bad([{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}], NOT_ACTION),
    "allow_not_action_passing": bad({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, NOT_ACTION, PASS_ROLE),
    "deny_not_action": good([{"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*", "Condition": NO_MFA}]),
    "allow_not_resource": bad([{"Effect": "Allow", "Action": "s3:*", "NotResource": BUCKET}], NOT_RESOURCE),
    "deny_not_resource": good([{"Effect": "Deny", "Action": "s3:*", "NotResource": BUCKET}]),
    # Passing roles.
    "pass_any": bad([allow(["ec2:RunInstances", "iam:PassRole"])], PASS_ROLE),
    "pass_any_of_account": bad(allow("iam:PassRole", "arn:aws:iam::{account}:role/*"), PASS_ROLE),
    "pass_wildcard_action": bad([allow("iam:Pass*")], PASS_ROLE),
    "pass_lower_case": bad([allow("iam:passrole", ["*"])], PASS_ROLE),
    "pass_by_iam_star": bad([allow(["iam:*"])], PASS_ROLE),
    "pass_negative_condition": bad([allow("iam:PassRole", Condition=NOT_TO_EC2)], PASS_ROLE),
    "pass_denied_conditionally": bad([allow("iam:PassRole"), deny("iam:PassRole", Condition=NO_MFA)], PASS_ROLE),
    "pass_to_service": good([allow("iam:PassRole", Condition=TO_EC2)]),
    "pass_to_resource": good([allow("iam:PassRole", Condition=TO_ARN)]),
    "pass_one_role": good([allow("iam:PassRole", "arn:aws:iam::{account}:role/app-server")]),
    "pass_role_prefix": good([allow("iam:PassRole", ["arn:aws:iam::{account}:role/app-*"])]),
    "pass_denied_outright": good([allow(["iam:*"]), deny("iam:PassRole")]),
    "pass_denied_by_star": good([allow("iam:PassRole"), deny(["iam:Pass*"], ["*"])]),
}

# Which services a kind allows anything in. Kinds not listed allow more than any plan uses.
SERVICES_OF_KIND = {
    "benign_read": {"s3"},
    "benign_single": {"dynamodb"},
    "benign_logs": {"logs"},
    "benign_queue": {"sqs"},
    "deny_all": set(),
    "deny_not_action": set(),
    "deny_not_resource": set(),
}
