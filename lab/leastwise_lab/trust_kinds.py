"""Kinds of role trust policies: the document, and by hand which trust checks it fails.

`{account}` becomes the account's own id; FOREIGN is trusted by nobody's configuration, TRUSTED
and OUR_ORGANIZATION by that of every scenario but the example. A kind `account:ID` trusts the root of that account, without condition.
"""

from .policy_kinds import Kind

FOREIGN = "999988887777"
OUR_ORGANIZATION = "o-exampleorg1"
TRUSTED = "210987654321"
ANYONE = "role-trust-anyone"
FOREIGN_CHECK = "role-trust-foreign-account"
OIDC = "role-trust-oidc"

GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"
SAML = "arn:aws:iam::{account}:saml-provider/CorpSSO"


def trust(principal, condition=None, action="sts:AssumeRole", element="Principal", effect="Allow"):
    statement = {"Effect": effect, element: principal, "Action": action}
    return statement | ({"Condition": condition} if condition else {})


def web(provider, condition):
    principal = {"Federated": f"arn:aws:iam::{{account}}:oidc-provider/{provider}"}
    return trust(principal, condition, "sts:AssumeRoleWithWebIdentity")


def equals(**keys):
    return {"StringEquals": keys}


def github(sub=None, aud="sts.amazonaws.com", operator="StringLike"):
    condition = {}
    if aud:
        condition["StringEquals"] = {f"{GITHUB}:aud": aud}
    if sub:
        condition.setdefault(operator, {})[f"{GITHUB}:sub"] = sub
    return web(GITHUB, condition)


def eks(sub):
    condition = {"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}, "StringLike": {f"{EKS}:sub": sub}}
    return web(EKS, condition)


def root_of(account):
    return f"arn:aws:iam::{account}:root"


def kind(statement, *checks):
    return Kind([statement] if isinstance(statement, dict) else statement, frozenset(checks))


EXTERNAL_ID = {"StringEquals": {"sts:ExternalId": "7f3c2a"}}
OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
OUR_ORG = {"StringEquals": {"aws:PrincipalOrgID": OUR_ORGANIZATION}}
OTHER_ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-someoneelse"}}
ANY_ORG = {"StringLike": {"aws:PrincipalOrgID": "*"}}
OUR_ARN = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::{account}:role/ci-*"}}
OUR_ACCOUNT = {"StringEquals": {"aws:PrincipalAccount": "{account}"}}

TRUSTS = {
    "service": kind(trust({"Service": "ec2.amazonaws.com"})),
    "services": kind(trust({"Service": ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]})),
    "own_account": kind(trust({"AWS": root_of("{account}")})),
    "saml": kind(trust({"Federated": SAML}, equals(**{"SAML:aud": "https://signin.aws.amazon.com/saml"}), "sts:AssumeRoleWithSAML")),
    # Anyone at all.
    "anyone": kind(trust("*"), ANYONE),
    "anyone_aws": kind(trust({"AWS": ["*"]}), ANYONE),
    "anyone_external_id": kind(trust({"AWS": "*"}, EXTERNAL_ID), ANYONE),
    "anyone_from_office": kind(trust({"AWS": "*"}, OFFICE), ANYONE),
    "anyone_of_any_org": kind(trust("*", ANY_ORG), ANYONE),
    "anyone_but_one": kind(trust({"AWS": "arn:aws:iam::{account}:user/mallory"}, element="NotPrincipal"), ANYONE),
    "anyone_of_our_org": kind(trust({"AWS": "*"}, OUR_ORG)),
    "anyone_of_other_org": kind(trust({"AWS": "*"}, OTHER_ORG), FOREIGN_CHECK),
    "anyone_of_our_arns": kind(trust({"AWS": "*"}, OUR_ARN)),
    "anyone_of_our_account": kind(trust("*", OUR_ACCOUNT | OFFICE)),
    "anyone_denied": kind([trust({"Service": "ec2.amazonaws.com"}), trust("*", OFFICE, effect="Deny")]),
    # Other accounts.
    "foreign_root": kind(trust({"AWS": root_of(FOREIGN)}), FOREIGN_CHECK),
    "foreign_id": kind(trust({"AWS": FOREIGN}), FOREIGN_CHECK),
    "foreign_role": kind(trust({"AWS": [f"arn:aws:iam::{FOREIGN}:role/Deploy", root_of("{account}")]}), FOREIGN_CHECK),
    "foreign_office": kind(trust({"AWS": root_of(FOREIGN)}, OFFICE), FOREIGN_CHECK),
    "foreign_external_id": kind(trust({"AWS": root_of(FOREIGN)}, EXTERNAL_ID)),
    "trusted_vendor": kind(trust({"AWS": f"arn:aws:iam::{TRUSTED}:role/Scanner"})),
    # Web identity.
    "github": kind(github("repo:example-owner/example-repo:ref:refs/heads/main", operator="StringEquals")),
    "github_owner": kind(github("repo:example-owner/*")),
    "github_without_sub": kind(github(), OIDC),
    "github_without_aud": kind(github("repo:example-owner/example-repo:*", aud=None), OIDC),
    "github_any_repository": kind(github("repo:*"), OIDC),
    "github_any_owner": kind(github("repo:*/*"), OIDC),
    "github_anything": kind(github("*"), OIDC),
    "eks": kind(eks("system:serviceaccount:kube-system:autoscaler")),
    "eks_anything": kind(eks("*"), OIDC),
}


def trusting(account):
    """A kind made up for an account the audit knows."""
    return kind(trust({"AWS": root_of(account)}))
