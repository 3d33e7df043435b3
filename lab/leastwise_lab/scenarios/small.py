"""One account with about every defect once, and a decoy beside nearly each of them."""

from ..plan import (
    AccountPlan,
    Certificate,
    Config,
    Group,
    Key,
    Password,
    Policy,
    Role,
    RootPlan,
    User,
)
from ..plant import Planter
from ..policy_kinds import KINDS
from ..trust_kinds import EKS, GITHUB, OUR_ORGANIZATION, TRUSTED, TRUSTS

ACCOUNT = "123456789012"
ODD_NAME = "odd+name=ok,really@example.com_-"


def plant(access, now, seed):
    plan = build()
    Planter(access, ACCOUNT, now).plant(plan)
    config = Config(
        trusted_accounts=[TRUSTED],
        trusted_organizations=[OUR_ORGANIZATION],
        break_glass_users=["break-glass"],
        people=["jane.doe@example.com"],
        group_mailboxes=["aws-root@example.com"],
    )
    return [(ACCOUNT, "small", plan)], config


def build():
    return AccountPlan(
        users=console_users() + key_users() + policy_users(),
        groups=groups(),
        roles=trust_roles() + policy_roles() + aws_roles(),
        policies=policies(),
        certificates=[Certificate("expired-cert", -2), Certificate("valid-cert", 200)],
        password_policy={
            "MinimumPasswordLength": 12,
            "RequireUppercaseCharacters": True,
            "RequireNumbers": True,
            "PasswordReusePrevention": 5,
            "MaxPasswordAge": 180,
        },
        contact=True,
        oidc_providers=(GITHUB, EKS),
        root=RootPlan(mfa="virtual", keys_used=(20, None), password_used=200),
    )


def groups():
    return [
        Group("Developers", attached=("aws:ReadOnlyAccess",), inline={"dev-extra": "pass_any"}),
        Group("Admins", attached=("aws:AdministratorAccess",)),
        Group("Operators", path="/ops/", attached=("AdminColon",)),
        Group("Auditors", attached=("aws:SecurityAudit", "DenyWithoutMfa")),
        Group("Leavers", attached=("aws:ViewOnlyAccess",)),
        Group("Nobody_0,=@-."),
    ]


def console_users():
    """Passwords: with and without MFA, used, unused, and never used."""
    developers = ("Developers",)
    return [
        User("alice", groups=developers, password=Password(), mfa="virtual", tags={"team": "données"}),
        User("bob", groups=developers, password=Password(changed=300, used=44)),
        User("carol", groups=developers, password=Password(changed=200, used=None), mfa="hardware"),
        User("dave", groups=developers, password=Password(changed=10, used=None), mfa="fido"),
        User("erin", groups=developers, password=Password(changed=10, used=45.1), mfa="virtual"),
        User("break-glass", attached=("aws:AdministratorAccess",), password=Password(changed=300, used=None), mfa="hardware"),
        User(ODD_NAME, path="/division/unit-1/", groups=("Developers", "Auditors"), password=Password(), mfa="virtual"),
        User("admin-by-group", groups=("Admins",), password=Password(), mfa="virtual"),
        User("operator-by-group", groups=("Operators", "Auditors")),
    ]


def key_users():
    """Access keys: age, use, number, and keys made together with their user."""
    auditors = ("Auditors",)
    return [
        User("key-used-44", groups=auditors, keys=(Key(age=60, used=44),)),
        User("key-used-45", groups=auditors, keys=(Key(age=60, used=45.1),)),
        User("key-new-never-used", groups=auditors, keys=(Key(age=10),)),
        User("key-old-never-used", groups=auditors, keys=(Key(age=60),)),
        User("key-age-89", groups=auditors, keys=(Key(age=89, used=1),)),
        User("key-age-91", groups=auditors, keys=(Key(age=91, used=1),)),
        User("key-two-active", groups=auditors, keys=(Key(age=30, used=1), Key(age=95, used=2))),
        User("key-one-inactive", groups=auditors, keys=(Key(age=700, active=False), Key(age=30, used=1))),
        User("key-initial", created=30, groups=auditors, password=Password(), mfa="virtual", keys=(Key(after_user=10),)),
        User("key-initial-later", created=30, groups=auditors, password=Password(), mfa="virtual", keys=(Key(after_user=600),)),
        User("key-initial-used", created=30, groups=auditors, password=Password(), mfa="virtual", keys=(Key(after_user=5, used=3),)),
        User("key-initial-no-console", created=30, groups=auditors, keys=(Key(after_user=5),)),
    ]


def policy_users():
    """Policies directly on users, users without groups, and users that are alike."""
    reader = ("aws:AmazonS3ReadOnlyAccess", "ReadOrders")
    near = ("aws:CloudWatchReadOnlyAccess", "SendJobs")
    team = ("aws:AmazonSQSReadOnlyAccess",)
    return [
        User("without-group"),
        User("inline-reader", groups=("Auditors",), inline={"read": "benign_read"}),
        User("inline-admin", groups=("Auditors",), inline={"all": "full_admin"}, boundary="OnlyABoundary"),
        User("twin-a", attached=reader),
        User("twin-b", attached=reader),
        User("near-a", attached=near),
        User("near-b", attached=near + ("WriteLogs",)),
        User("same-inline-a", inline={"one": "benign_queue"}, services_used={"sqs": 89}),
        User("same-inline-b", inline={"two": "benign_queue"}, services_used={"sqs": 91}),
        User("team-a", groups=("Auditors",), attached=team),
        User("team-b", groups=("Auditors",), attached=team),
        User("one-common-a", attached=("ReadUnicode",)),
        User("one-common-b", attached=("ReadUnicode", "WriteLogs")),
    ]


def policies():
    """A customer-managed policy for every kind, and some whose attachment or version matters."""
    named = [
        Policy("AdminColon", ("full_admin_colon",)),
        Policy("DenyWithoutMfa", ("deny_not_action",)),
        Policy("ReadOrders", ("benign_single",), path="/team/data/"),
        Policy("SendJobs", ("benign_queue",)),
        Policy("WriteLogs", ("benign_logs",)),
        Policy("ReadUnicode", ("benign_unicode",)),
        Policy("OnlyABoundary", ("full_admin",)),
        Policy("UnattachedAdmin", ("full_admin_mixed",)),
        Policy("OnceAdmin", ("full_admin", "benign_read")),
        Policy("NowAdmin", ("benign_read", "full_admin")),
    ]
    taken = {policy.kind for policy in named if policy.name not in ("OnlyABoundary", "UnattachedAdmin", "OnceAdmin", "NowAdmin")}
    return named + [Policy(name_of(kind), (kind,)) for kind in KINDS if kind not in taken]


def name_of(kind):
    return "Kind" + "".join(part.capitalize() for part in kind.split("_"))


def trust_roles():
    """A role for every kind of trust policy."""
    roles = [Role(f"trust-{kind.replace('_', '-')}", trust=kind) for kind in TRUSTS]
    roles[0].instance_profile = True
    return roles


def policy_roles():
    """Roles that hold the policies, ten at most each, and the administrators among roles."""
    attachable = [name_of(kind) for kind in KINDS if not KINDS[kind].administrator]
    known = {policy.name for policy in policies()}
    names = [name for name in attachable if name in known]
    holders = [Role(f"holder-{i}", attached=tuple(names[i * 10:i * 10 + 10])) for i in range((len(names) + 9) // 10)]
    return holders + [
        Role("admin-aws", attached=("aws:AdministratorAccess",), last_used=3),
        Role("admin-star", attached=(name_of("full_admin"),)),
        Role("admin-mixed", attached=(name_of("full_admin_mixed"),), path="/apps/"),
        Role("admin-now", attached=("NowAdmin",)),
        Role("admin-once", attached=("OnceAdmin",), boundary="OnlyABoundary", services_used={"s3": 5}),
        Role("admin-inline", trust="own_account", inline={"everything": "full_admin_colon"}),
        Role("power-user", attached=("aws:PowerUserAccess",)),
        Role("app-server", inline={"pass": "pass_to_service", "read": "benign_read"}, instance_profile=True),
        # Where there is no organisation there is no Control Tower, and its names are free to take.
        Role("AWSControlTowerExecution", trust="own_account", attached=("aws:AdministratorAccess",)),
        Role("AWSControlTowerExecution-copy", trust="own_account", attached=("aws:AdministratorAccess",)),
    ]


def aws_roles():
    """Roles that AWS owns: whatever is in them, no customer can change it."""
    support = "support.amazonaws.com"
    sso = {"trust": "saml", "path": "/aws-reserved/sso.amazonaws.com/", "aws_owned": True}
    everything, administrator = {"AwsSSOInlinePolicy": "full_admin"}, ("aws:AdministratorAccess",)
    return [
        Role(
            "AWSServiceRoleForsupport",
            path=f"/aws-service-role/{support}/",
            made_by=support,
            inline={"own": "allow_not_action"},
            aws_owned=True,
        ),
        Role("AWSReservedSSO_AdministratorAccess_0123456789abcdef", attached=administrator, **sso),
        Role("AWSReservedSSO_Custom_fedcba9876543210", inline=everything, **sso),
    ]
