"""An organisation: the management account, two members with defects of their own, one closed.

Members are planted through sessions of the role that Organizations creates in them (the
second one has a role of another name).
"""

import json
import time

from ..plan import AccountPlan, Config, Group, Key, Password, Policy, Role, RootPlan, User
from ..plant import Access, Planter
from ..trust_kinds import OUR_ORGANIZATION, TRUSTED

MANAGEMENT = "123456789012"
MANAGEMENT_EMAIL = "aws-management@example.com"
WORKLOAD_EMAIL = "jane.doe@example.com"
SECOND_ROLE = "LandingZoneAccess"
LEAVE_DENIED = {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
ONLY_TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}},
}
STRICT = {
    "MinimumPasswordLength": 14,
    "RequireUppercaseCharacters": True,
    "RequireLowercaseCharacters": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "PasswordReusePrevention": 24,
    "MaxPasswordAge": 90,
}


def plant(access, now, seed):
    workload, sandbox = create_organization(access)
    planted = [
        (MANAGEMENT, "management", management(workload)),
        (workload, "workload", workload_plan(sandbox)),
        (sandbox, "sandbox", sandbox_plan()),
    ]
    roles = {workload: "OrganizationAccountAccessRole", sandbox: SECOND_ROLE}
    for account, _, plan in planted:
        own = member_access(access, account, roles[account]) if account in roles else access
        Planter(own, account, now).plant(plan)
    config = Config(
        trusted_accounts=[TRUSTED],
        trusted_organizations=[OUR_ORGANIZATION],
        break_glass_users=["break-glass"],
        people=[WORKLOAD_EMAIL],
        group_mailboxes=[MANAGEMENT_EMAIL],
    )
    return planted, config


def create_organization(access):
    """Accounts, OUs, policies, a delegated administrator, and central management of root."""
    client = access.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        client.enable_policy_type(RootId=root, PolicyType=kind)
    units = {n: create_unit(client, root, n) for n in ("Workloads", "Sandboxes", "Suspended")}
    workload = create_account(client, "workload", WORKLOAD_EMAIL)
    sandbox = create_account(client, "sandbox", "aws-sandbox@example.com", RoleName=SECOND_ROLE)
    closed = create_account(client, "closed", "aws-closed@example.com")
    for account, unit in ((workload, "Workloads"), (sandbox, "Sandboxes"), (closed, "Suspended")):
        client.move_account(AccountId=account, SourceParentId=root, DestinationParentId=units[unit])
    client.close_account(AccountId=closed)
    create_policy(client, "DenyLeaving", "SERVICE_CONTROL_POLICY", LEAVE_DENIED, units["Workloads"])
    create_policy(client, "OnlyTls", "RESOURCE_CONTROL_POLICY", ONLY_TLS, root)
    client.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    client.register_delegated_administrator(AccountId=workload, ServicePrincipal="access-analyzer.amazonaws.com")
    access.client("iam").enable_organizations_root_credentials_management()
    return workload, sandbox


def create_unit(client, root, name):
    return client.create_organizational_unit(ParentId=root, Name=name)["OrganizationalUnit"]["Id"]


def create_account(client, name, email, **rest):
    time.sleep(0.01)  # the list of accounts is paged by join date, which must differ
    made = client.create_account(AccountName=name, Email=email, **rest)
    return made["CreateAccountStatus"]["AccountId"]


def create_policy(client, name, kind, statement, target):
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = client.create_policy(Name=name, Type=kind, Description=name, Content=content)
    client.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)


def member_access(access, account, role):
    """A session in a member account, as an auditor would get it."""
    arn = f"arn:aws:iam::{account}:role/{role}"
    session = access.client("sts").assume_role(RoleArn=arn, RoleSessionName="plant")["Credentials"]
    keys = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    return Access(access.endpoint, keys)


def access_role(name):
    """The role that Organizations made, with the rights it has in AWS."""
    return Role(name, trust=f"account:{MANAGEMENT}", made_by="organizations", attached=("aws:AdministratorAccess",))


def management(workload):
    """Nearly in order: a break-glass user, federation, and a role for a member."""
    return AccountPlan(
        users=[
            User("break-glass", attached=("aws:AdministratorAccess",), password=Password(changed=200, used=None), mfa="hardware"),
            User("billing", groups=("Finance",), password=Password(), mfa="virtual"),
        ],
        groups=[Group("Finance", attached=("aws:ViewOnlyAccess",))],
        roles=[
            Role("support", trust="own_account", attached=("aws:AWSSupportAccess",)),
            Role("from-workload", trust=f"account:{workload}", attached=("aws:ReadOnlyAccess",)),
            Role("for-vendor", trust="trusted_vendor", attached=("aws:SecurityAudit",)),
        ],
        password_policy=STRICT,
        contact=True,
        security_contact=True,
        saml_providers=("CorpSSO",),
        root=RootPlan(mfa="hardware", password_used=91),
        root_email=MANAGEMENT_EMAIL,
    )


def workload_plan(sandbox):
    """A member whose root still has credentials, with keys, a pipeline and a foreign trust."""
    return AccountPlan(
        users=[
            User("deployer", attached=("Deploy",), keys=(Key(age=400, used=2), Key(age=20, used=0.5))),
            User("analyst", groups=("Readers",), keys=(Key(age=10, used=1),)),
        ],
        groups=[Group("Readers", attached=("aws:ReadOnlyAccess",)), Group("Former")],
        roles=[
            access_role("OrganizationAccountAccessRole"),
            Role(
                "AWSControlTowerExecution",
                trust=f"account:{MANAGEMENT}",
                attached=("aws:AdministratorAccess",),
                aws_owned=True,
            ),
            Role("from-sandbox", trust=f"account:{sandbox}"),
            Role("from-vendor", trust="foreign_root", attached=("aws:SecurityAudit",)),
            Role("pipeline", trust="github_any_repository", inline={"deploy": "pass_any"}),
        ],
        policies=[Policy("Deploy", ("pass_by_iam_star",))],
        password_policy=STRICT,
        contact=True,
        oidc_providers=("token.actions.githubusercontent.com",),
        root=RootPlan(mfa="none", keys_used=(10,), password_present=False),
        root_email=WORKLOAD_EMAIL,
    )


def sandbox_plan():
    """A member without root credentials, and with console users but no federation."""
    return AccountPlan(
        users=[
            User("tester", password=Password(used=100, changed=150)),
            User("tester2", groups=("Testers",), password=Password(), mfa="virtual"),
        ],
        groups=[Group("Testers", inline={"play": "allow_not_action"})],
        roles=[
            access_role(SECOND_ROLE),
            Role("open", trust="anyone"),
            Role("support", attached=("aws:AWSSupportAccess",)),
        ],
        security_contact=True,
        root=RootPlan(mfa="none", password_present=False),
        root_email="aws-sandbox@example.com",
    )
