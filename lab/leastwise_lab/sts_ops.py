"""STS: moto lets anyone assume any role, even one that does not exist; AWS reads the trust policy."""

import json
import re

from moto.iam.models import iam_backends
from moto.organizations.models import organizations_backends

from . import wire
from .organizations_ops import management_of
from .registry import operation

ROLE_ARN = re.compile(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([^/]+)")


@operation("sts", "AssumeRole")
def assume_role(call, lab):
    """Refused for unknown roles, suspended accounts and callers the trust policy does not name."""
    arn = call.params.get("RoleArn", "")
    match = ROLE_ARN.fullmatch(arn)
    if match and not suspended(match[1]):
        role = find_role(match[1], arn)
        if role and trusts(role, call):
            return None
    caller = f"arn:aws:iam::{call.account}:user/lab"
    message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
    return wire.access_denied(call, message)


def suspended(account):
    management = management_of(account)
    accounts = organizations_backends[management]["aws"].accounts if management else []
    return any(a.id == account and a.status == "SUSPENDED" for a in accounts)


def find_role(account, arn):
    return next((r for r in iam_backends[account]["aws"].roles.values() if r.arn == arn), None)


def trusts(role, call):
    """Whether a statement names the caller's account; of conditions only ExternalId is read."""
    for statement in as_list(json.loads(role.assume_role_policy_document)["Statement"]):
        principals = statement.get("Principal", {})
        named = principals if isinstance(principals, dict) else {"AWS": principals}
        accounts = [account_in(p) for p in as_list(named.get("AWS", []))]
        if statement["Effect"] == "Allow" and {call.account, "*"} & set(accounts):
            if external_id_fits(statement, call.params.get("ExternalId")):
                return True
    return False


def external_id_fits(statement, given):
    for keys in statement.get("Condition", {}).values():
        for key, wanted in keys.items():
            if key.lower() == "sts:externalid" and given not in as_list(wanted):
                return False
    return True


def account_in(principal):
    match = re.match(r"(?:arn:aws:(?:iam|sts)::)?(\d{12})", principal)
    return match[1] if match else principal


def as_list(value):
    return value if isinstance(value, list) else [value]


@operation("sts", "GetCallerIdentity")
def get_caller_identity(call, lab):
    """moto gives the plain caller a user ARN under `sts`; in AWS, users live under `iam`."""
    reply = lab.forward(call.environ)
    arn = re.compile(r"arn:aws:sts::\d{12}:user/moto")
    caller = lab.state.identity.caller or f"arn:aws:iam::{call.account}:user/lab"
    reply.body = arn.sub(caller, reply.body.decode()).encode()
    return reply
