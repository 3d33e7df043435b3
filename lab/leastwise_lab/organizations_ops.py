"""Organizations: who may ask what, and the pieces around it that moto lacks.

moto answers any account as if it owned an organisation. In AWS a member may only describe
its organisation, a delegated administrator may read, and a standalone account gets
AWSOrganizationsNotInUseException.
"""

import contextlib
import json

from moto.organizations import utils
from moto.organizations.models import (
    FakeDelegatedAdministrator,
    FakePolicy,
    FakeServiceAccess,
    organizations_backends,
)

from . import wire
from .registry import operation

utils.MASTER_ACCOUNT_EMAIL = "aws-management@example.com"
utils.POLICY_ID_SIZE = 10
utils.POLICY_ID_REGEX = r"p-(?:FullAWSAccess|RCPFullAWSAccess|[a-z0-9]{10})"
for known in (FakeDelegatedAdministrator.SUPPORTED_SERVICES, FakeServiceAccess.TRUSTED_SERVICES):
    known += [name for name in ("iam.amazonaws.com", "sso.amazonaws.com") if name not in known]

FEATURES = {
    "OrganizationsRootCredentialsManagement": "RootCredentialsManagement",
    "OrganizationsRootSessions": "RootSessions",
}


def policy_arn(policy, own_arn=FakePolicy.arn.fget):
    """Policies of AWS have ARNs without an account or organisation; moto gives them both."""
    if policy.aws_managed:
        return f"arn:aws:organizations::aws:policy/{policy.type.lower()}/{policy.id}"
    return own_arn(policy)


FakePolicy.arn = property(policy_arn)


def management_of(account):
    """The management account of an account's organisation (itself, another, or None)."""
    if organizations_backends[account]["aws"].org:
        return account
    owner = organizations_backends.master_accounts.get(account)
    return owner[0] if owner else None


@operation("organizations", "*")
def organizations_operation(call, lab):
    if call.operation == "CreateOrganization":
        return create_organization(call, lab)
    management = management_of(call.account)
    if management is None:
        message = "Your account is not a member of an organization."
        return wire.error(call, "AWSOrganizationsNotInUseException", message)
    if management == call.account or call.operation == "DescribeOrganization":
        if call.operation == "CreateAccount":
            return create_account(call, lab)
        return without_nulls(lab.forward(call.environ))
    if is_delegated(management, call.account) and call.operation.startswith(("List", "Describe")):
        return without_nulls(lab.forward(call.environ | {"HTTP_X_MOTO_ACCOUNT_ID": management}))
    return wire.access_denied(call, "You don't have permissions to access this resource.")


def is_delegated(management, account):
    admins = organizations_backends[management]["aws"].admins
    return any(admin.account.id == account for admin in admins)


def without_nulls(reply):
    """moto writes `"NextToken": null`, where AWS leaves the member out."""
    if reply.status == 200:
        content = {k: v for k, v in json.loads(reply.body).items() if v is not None}
        reply.body = json.dumps(content).encode()
    return reply


def create_organization(call, lab):
    """With the names and ids that were laid down, where there are any."""
    identity = lab.state.identity
    laid_down = {"MASTER_ACCOUNT_EMAIL": identity.email}
    if identity.organization:
        laid_down["make_random_org_id"] = lambda: identity.organization
    with replaced(laid_down):
        reply = without_nulls(lab.forward(call.environ))
    if reply.status == 200 and identity.name:
        organizations_backends[call.account]["aws"].accounts[0].name = identity.name
    return reply


@contextlib.contextmanager
def replaced(values):
    """Other values of moto's module for ids while one call runs; None leaves one as it is."""
    values = {name: value for name, value in values.items() if value is not None}
    before = {name: getattr(utils, name) for name in values}
    vars(utils).update(values)
    try:
        yield
    finally:
        vars(utils).update(before)


def create_account(call, lab):
    """New member accounts start without credentials of root, as AWS creates them."""
    members = lab.state.identity.members
    laid_down = {"make_random_account_id": lambda: members[0]} if members else {}
    with replaced(laid_down):
        reply = without_nulls(lab.forward(call.environ))
    if reply.status == 200:
        del members[:1]
        account = json.loads(reply.body)["CreateAccountStatus"]["AccountId"]
        lab.state.accounts[account].root.password_present = False
    return reply


@operation("iam", "ListOrganizationsFeatures")
def list_features(call, lab):
    return about_features(call, lab)


@operation(
    "iam",
    "EnableOrganizationsRootCredentialsManagement",
    "EnableOrganizationsRootSessions",
    "DisableOrganizationsRootCredentialsManagement",
    "DisableOrganizationsRootSessions",
)
def switch_feature(call, lab):
    verb = "Enable" if call.operation.startswith("Enable") else "Disable"
    feature = FEATURES[call.operation.removeprefix(verb)]
    if management_of(call.account) == call.account:
        enabled = set(lab.state.root_features)
        enabled = enabled | {feature} if verb == "Enable" else enabled - {feature}
        lab.state.root_features = sorted(enabled)
    return about_features(call, lab)


def about_features(call, lab):
    """The features enabled; only the management account and IAM's delegate may ask."""
    management = management_of(call.account)
    if management is None:
        message = "The account is not a member of an organization."
        return wire.error(call, "OrganizationNotFoundException", message)
    if call.account != management and not is_delegated(management, call.account):
        code = "AccountNotManagementOrDelegatedAdministratorException"
        return wire.error(call, code, "Only the management account or a delegate may do this.")
    organization = organizations_backends[management]["aws"].org.id
    result = {"OrganizationId": organization, "EnabledFeatures": lab.state.root_features}
    return wire.answer(call, result)
