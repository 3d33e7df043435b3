"""A believable organisation: Acme, with three small accounts and a closed one.

Its snapshot is shipped as the project's example. Ids are laid down, so that planting it again
gives the same world but for dates.
"""

import random

from .. import example_kinds
from ..plan import AccountPlan, Certificate, Config, Group, Key, Password, Policy, Role, RootPlan, User
from ..plant import Planter
from ..trust_kinds import GITHUB
from .organization import STRICT, create_account, create_policy, create_unit, member_access

MANAGEMENT, PRODUCTION, SANDBOX, CLOSED = "274918360527", "405916827342", "638207419556", "519340862771"
MANAGEMENT_EMAIL = "aws-root@acme.example"
PRODUCTION_EMAIL = "aws-production@acme.example"
SANDBOX_EMAIL = "ivan@acme.example"
ACCESS_ROLE = "OrganizationAccountAccessRole"
ADMINISTRATORS = "AWSReservedSSO_AdministratorAccess_4be21c0f7a95d368"

KEEP_MEMBERS = {"Sid": "KeepMembers", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
KEEP_TRAILS = {
    "Sid": "KeepTrails",
    "Effect": "Deny",
    "Action": ["cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "guardduty:DeleteDetector"],
    "Resource": "*",
}
ONLY_OUR_REGION = {
    "Sid": "OnlyOurRegion",
    "Effect": "Deny",
    "NotAction": ["cloudfront:*", "iam:*", "organizations:*", "route53:*", "sts:*", "support:*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}},
}
OF_ACME = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": example_kinds.ORGANIZATION}}
OUR_BUCKETS = {
    "Sid": "OnlyOurPrincipals",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": OF_ACME | {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
}
CONTACT = {
    "FullName": "Acme Cloud Operations",
    "CompanyName": "Acme",
    "AddressLine1": "12 Harbour Street",
    "City": "Exampletown",
    "CountryCode": "GB",
    "PostalCode": "EX1 1EX",
    "PhoneNumber": "+44 1632 960120",
}
SECURITY = {
    "AlternateContactType": "SECURITY",
    "EmailAddress": "security@acme.example",
    "Name": "Acme Security",
    "PhoneNumber": "+44 1632 960121",
    "Title": "Security on call",
}


def plant(access, now, seed):
    access.control("identity", identity() | {"seed": seed})
    create_organization(access)
    planted = [(account, name, spread(plan)) for account, name, plan in build()]
    for account, _, plan in planted:
        own = access if account == MANAGEMENT else member_access(access, account, ACCESS_ROLE)
        Planter(own, account, now).plant(plan)
    config = Config(
        trusted_accounts=[example_kinds.BACKUP],
        break_glass_users=["break-glass"],
        people=[SANDBOX_EMAIL],
        group_mailboxes=[MANAGEMENT_EMAIL, PRODUCTION_EMAIL],
    )
    return planted, config


def identity():
    """The management account, who asks, and the ids of the organisation and its members."""
    return {
        "account": MANAGEMENT,
        "caller": f"arn:aws:sts::{MANAGEMENT}:assumed-role/{ADMINISTRATORS}/alice@acme.example",
        "name": "acme-management",
        "email": MANAGEMENT_EMAIL,
        "organization": example_kinds.ORGANIZATION,
        "members": [PRODUCTION, SANDBOX, CLOSED],
    }


def build():
    return [
        (MANAGEMENT, "acme-management", management()),
        (PRODUCTION, "acme-production", production()),
        (SANDBOX, "acme-sandbox", sandbox()),
    ]


def create_organization(access):
    """Units, members, policies; root credentials of members are managed centrally."""
    client = access.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    for kind in ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"):
        client.enable_policy_type(RootId=root, PolicyType=kind)
    members = (("acme-production", PRODUCTION_EMAIL, "Workloads"), ("acme-sandbox", SANDBOX_EMAIL, "Sandbox"))
    for name, email, unit in (*members, ("acme-old-website", "aws-website@acme.example", "Suspended")):
        account, parent = create_account(client, name, email), create_unit(client, root, unit)
        client.move_account(AccountId=account, SourceParentId=root, DestinationParentId=parent)
        if unit == "Workloads":
            create_policy(client, "KeepTrails", "SERVICE_CONTROL_POLICY", KEEP_TRAILS, parent)
            create_policy(client, "OnlyOurPrincipals", "RESOURCE_CONTROL_POLICY", OUR_BUCKETS, parent)
    client.close_account(AccountId=CLOSED)
    create_policy(client, "KeepMembers", "SERVICE_CONTROL_POLICY", KEEP_MEMBERS, root)
    create_policy(client, "OnlyOurRegion", "SERVICE_CONTROL_POLICY", ONLY_OUR_REGION, root)
    for service in ("iam.amazonaws.com", "sso.amazonaws.com"):
        client.enable_aws_service_access(ServicePrincipal=service)
    client.register_delegated_administrator(AccountId=PRODUCTION, ServicePrincipal="access-analyzer.amazonaws.com")
    access.client("iam").enable_organizations_root_credentials_management()


def spread(plan):
    """Moves every date by part of a day, always the same, as nobody works at one time of day.

    The parts grow from a last use to what was there before it, so that nothing changes its order.
    """
    for thing in [*plan.users, *plan.groups, *plan.roles, *plan.policies]:
        part = random.Random(thing.name).uniform(0.05, 0.2)
        thing.created += 4 * part
        if getattr(thing, "last_used", None) is not None:
            thing.last_used += part
        if getattr(thing, "password", None):
            thing.password.changed += 3 * part
            thing.password.used = None if thing.password.used is None else thing.password.used + part
        for key in getattr(thing, "keys", ()):
            key.age += 2 * part
            key.used = None if key.used is None else key.used + part / 2
    return plan


def access_role(created):
    """The role that Organizations made, with the rights it has in AWS."""
    administrator = ("aws:AdministratorAccess",)
    return Role(ACCESS_ROLE, trust=f"account:{MANAGEMENT}", made_by="organizations", attached=administrator, created=created)


def identity_center_role(name, **rest):
    options = {"trust": "acme_identity_center", "path": "/aws-reserved/sso.amazonaws.com/", "aws_owned": True}
    return Role(name, created=610, **options, **rest)


def linked_role(name, service, policy, **rest):
    """A service-linked role; `name` is what the lab makes of the service's name."""
    path, own = f"/aws-service-role/{service}/", f"aws:{policy}"
    return Role(f"AWSServiceRoleFor{name}", path=path, made_by=service, attached=(own,), aws_owned=True, **rest)


def support_role(**rest):
    return Role("support-cases", trust="own_account", attached=("aws:AWSSupportAccess",), **rest)


def management():
    """Nearly in order: root's MFA is virtual, and two people still sign in as IAM users."""
    return AccountPlan(
        users=[
            User(
                "alice",
                created=1320,
                groups=("OrganizationAdmins",),
                password=Password(changed=61, used=2),
                mfa="fido",
                tags={"team": "platform"},
            ),
            User("break-glass", created=1310, groups=("OrganizationAdmins",), password=Password(changed=240, used=None), mfa="hardware"),
            User("erin", created=820, groups=("Finance",), password=Password(changed=33, used=9), mfa="virtual", tags={"team": "finance"}),
            User(
                "cost-report-reader",
                created=760,
                groups=("CostReports",),
                keys=(Key(age=57, used=0.2),),
                services_used={"s3": 0.2, "ce": 0.2, "cur": 3},
            ),
        ],
        groups=[
            Group("OrganizationAdmins", created=1330, attached=("aws:AdministratorAccess",)),
            Group("Finance", created=830, attached=("aws:Billing",)),
            Group("CostReports", created=780, attached=("CostReportsRead",), services_used={"s3": 0.2, "ce": 0.2, "cur": 3}),
        ],
        roles=[
            support_role(created=900, last_used=140),
            Role(
                "security-audit",
                trust="own_account",
                attached=("aws:SecurityAudit", "aws:ViewOnlyAccess"),
                created=590,
                last_used=6,
                tags={"team": "security"},
            ),
            Role(
                "cost-digest",
                trust="acme_lambda",
                attached=("CostDigest",),
                created=410,
                last_used=0.3,
                services_used={"s3": 0.3, "ce": 0.3},
                tags={"team": "finance"},
            ),
            linked_role("Organizations", "organizations.amazonaws.com", "AWSOrganizationsServiceTrustPolicy", created=1195),
            linked_role("SSO", "sso.amazonaws.com", "AWSSSOServiceRolePolicy", created=612, last_used=0.1),
            identity_center_role(ADMINISTRATORS, attached=("aws:AdministratorAccess",), last_used=0.4),
            identity_center_role("AWSReservedSSO_Billing_91d7c3a05e6f24b8", attached=("aws:Billing",), last_used=4),
        ],
        policies=[
            Policy("CostReportsRead", ("acme_cost_reports",), created=779),
            Policy("CostDigest", ("acme_cost_export",), created=411),
        ],
        password_policy=STRICT,
        contact=CONTACT,
        security_contact=SECURITY,
        alias="acme-management",
        saml_providers=(example_kinds.IDENTITY_CENTER,),
        root=RootPlan(mfa="virtual", password_used=212.4, created=1331.6),
        root_email=MANAGEMENT_EMAIL,
    )


def production():
    """Mostly in order; what is wrong is old (a key, a user, a vendor) or was made in a hurry."""
    return AccountPlan(
        users=production_people() + production_machines(),
        groups=[
            Group("platform", created=1150, attached=("aws:ReadOnlyAccess", "PlatformOperator")),
            Group("payments", created=1150, attached=("PaymentsDeveloper",)),
            Group("data", created=940, attached=("DataAnalyst", "LakeOutsidePayments")),
            Group(
                "host-agents",
                created=700,
                attached=("HostMetrics", "BackupWrite"),
                services_used={"cloudwatch": 0.1, "logs": 0.1, "s3": 1},
            ),
            Group("load-testing", created=515, attached=("LoadTest",)),
        ],
        roles=production_roles(),
        policies=[
            Policy("PlatformOperator", ("acme_platform_operator",), created=1100),
            Policy("InfrastructureDeploy", ("acme_infrastructure_deploy",), created=620),
            Policy("PaymentsDeveloper", ("acme_payments_service", "acme_payments_developer"), created=1080),
            Policy("PaymentsApiDeploy", ("acme_payments_deploy",), created=380),
            Policy("InvoiceUpload", ("acme_invoice_upload",), created=1127),
            Policy("DataAnalyst", ("acme_data_analyst",), created=935),
            Policy("LakeOutsidePayments", ("acme_outside_payments",), created=640),
            Policy("LakeEtl", ("acme_lake_etl",), created=930),
            Policy("HostMetrics", ("acme_host_metrics",), created=700),
            Policy("BackupWrite", ("acme_backup_write",), created=690),
            Policy("LoadTest", ("acme_load_test",), created=514),
            Policy("DatabaseMigration", ("acme_database_migration",), created=860),
            Policy("DeveloperBoundary", ("acme_developer_boundary",), created=590),
        ],
        certificates=[Certificate("shop.acme.example", -137.3), Certificate("api.acme.example", 211.8)],
        password_policy={k: v for k, v in STRICT.items() if k != "MaxPasswordAge"},
        contact=CONTACT,
        security_contact=SECURITY,
        alias="acme-production",
        saml_providers=(example_kinds.IDENTITY_CENTER,),
        oidc_providers=(GITHUB,),
        root=RootPlan(mfa="none", password_present=False, created=1191.2),
        root_email=PRODUCTION_EMAIL,
    )


def production_people():
    platform, payments, data = {"team": "platform"}, {"team": "payments"}, {"team": "data"}
    return [
        User("carla", created=1140, groups=("platform",), password=Password(changed=75, used=1), mfa="fido", tags=platform),
        User("dan", created=980, groups=("platform",), keys=(Key(age=76, used=31), Key(age=11, used=0.4)), tags=platform),
        User(
            "bob",
            created=1065,
            groups=("payments",),
            password=Password(changed=40, used=3),
            mfa="virtual",
            keys=(Key(age=132, used=3),),
            tags=payments,
        ),
        User(
            "henry",
            created=17,
            groups=("payments",),
            password=Password(changed=16, used=5),
            mfa="virtual",
            keys=(Key(after_user=21),),
            tags=payments,
        ),
        User("fatima", created=905, groups=("data",), password=Password(changed=118, used=70), mfa="virtual", tags=data),
        User(
            "grace",
            created=430,
            groups=("data",),
            boundary="DeveloperBoundary",
            keys=(Key(age=43, used=2),),
            tags=data,
            services_used={"athena": 2, "glue": 2, "s3": 2},
        ),
    ]


def production_machines():
    everything = {"cloudwatch": 0.1, "logs": 0.1, "s3": 1}
    return [
        User("invoice-uploader", created=1125, attached=("InvoiceUpload",), keys=(Key(age=1124, used=0.6),), services_used={"s3": 0.6}),
        User("load-test-runner", created=512, groups=("load-testing",), keys=(Key(age=511),)),
        User("host-metrics", created=698, groups=("host-agents",), keys=(Key(age=36, used=0.1),), services_used=everything),
        User(
            "onprem-backup",
            created=688,
            groups=("host-agents",),
            keys=(Key(age=688, used=66, active=False), Key(age=64, used=1)),
            services_used=everything,
        ),
    ]


def production_roles():
    team = {name: {"team": name} for name in ("platform", "payments", "data")}
    return [
        access_role(1190),
        support_role(created=1100, last_used=38),
        Role(
            "github-payments-api-deploy",
            trust="acme_github_payments",
            attached=("PaymentsApiDeploy",),
            created=380,
            last_used=0.8,
            services_used={"ecr": 0.8, "ecs": 0.8, "iam": 0.8},
            tags=team["payments"],
        ),
        Role(
            "github-infrastructure-deploy",
            trust="acme_github_without_sub",
            attached=("InfrastructureDeploy",),
            created=615,
            last_used=4,
            tags=team["platform"],
        ),
        Role("northwatch-monitoring", trust="acme_monitoring", attached=("aws:ReadOnlyAccess",), created=830, last_used=0.05),
        Role("tallybird-cost-adviser", trust="acme_cost_adviser", attached=("aws:ViewOnlyAccess",), created=290, last_used=0.7),
        Role("backup-vault-copy", trust="acme_backup", attached=("BackupWrite",), created=470, last_used=1, services_used={"s3": 1}),
        Role(
            "payments-api-task",
            trust="acme_ecs_tasks",
            inline={"payments-tables": "acme_payments_service"},
            created=1020,
            last_used=0.05,
            services_used={"dynamodb": 0.05, "sqs": 0.05},
            tags=team["payments"],
        ),
        Role(
            "data-lake-etl",
            trust="acme_glue",
            attached=("LakeEtl",),
            boundary="DeveloperBoundary",
            created=925,
            last_used=0.3,
            services_used={"s3": 0.3, "glue": 0.3},
            tags=team["data"],
        ),
        Role(
            "bastion-host",
            trust="acme_ec2",
            attached=("aws:AmazonSSMManagedInstanceCore",),
            instance_profile=True,
            created=1090,
            last_used=0.1,
            tags=team["platform"],
        ),
        linked_role("ECS", "ecs.amazonaws.com", "AmazonECSServiceRolePolicy", created=1030, last_used=0.1),
        identity_center_role("AWSReservedSSO_DataScientist_c05b8e12f7d3496a", inline={"AwsSSOInlinePolicy": "acme_notebooks"}, last_used=1),
    ]


def sandbox():
    """Where people try things: nothing was ever tightened, and root is still somebody's own."""
    queues = ("aws:AmazonS3ReadOnlyAccess", "DemoQueues")
    return AccountPlan(
        users=[
            User(
                "ivan",
                created=870,
                groups=("developers",),
                attached=("aws:AdministratorAccess",),
                password=Password(changed=300, used=0.4),
                mfa="virtual",
            ),
            User("julia", created=640, groups=("sandbox-admins",), password=Password(changed=52, used=6), mfa="fido"),
            User(
                "leo-contractor",
                created=160,
                groups=("contractors",),
                password=Password(changed=159, used=8),
                tags={"company": "web agency"},
            ),
            User("nina", created=350, attached=queues, keys=(Key(age=62, used=12),), services_used={"s3": 12, "sqs": 19}),
            User("oscar", created=347, attached=queues, keys=(Key(age=38, used=13),), services_used={"s3": 13, "sqs": 13}),
            User(
                "paul",
                created=415,
                groups=("developers",),
                inline={"temporary-access": "acme_temporary_access"},
                keys=(Key(age=20, used=1),),
            ),
            User("rita", created=190, groups=("developers",), password=Password(changed=190, used=None)),
            User("terraform", created=505, groups=("automation",), keys=(Key(age=211, used=2),)),
        ],
        groups=[
            Group("sandbox-admins", created=868, attached=("aws:AdministratorAccess",)),
            Group("developers", created=866, attached=("SandboxDeveloper",)),
            Group("contractors", created=162, inline={"website-staging": "acme_contractor"}),
            Group("automation", created=506, attached=("TerraformSandbox",)),
            Group("hackathon", created=240, attached=("aws:AmazonS3ReadOnlyAccess",)),
        ],
        roles=sandbox_roles(),
        policies=[
            Policy("SandboxDeveloper", ("acme_sandbox_developer",), created=865),
            Policy("TerraformSandbox", ("acme_terraform",), created=504),
            Policy("PlaygroundLaunch", ("acme_playground_launch",), created=420),
            Policy("JenkinsBuild", ("acme_jenkins_build",), created=722),
            Policy("DemoQueues", ("acme_queue_access",), created=352),
        ],
        alias="acme-sandbox",
        oidc_providers=(GITHUB,),
        root=RootPlan(mfa="none", keys_used=(23.6,), password_used=5.3, created=872.7),
        root_email=SANDBOX_EMAIL,
    )


def sandbox_roles():
    return [
        access_role(871.4),
        Role(
            "partner-demo-upload",
            trust="acme_anyone",
            inline={"upload": "acme_partner_upload"},
            created=330,
            last_used=57,
            services_used={"s3": 57},
        ),
        Role(
            "shared-artifacts-read",
            trust="acme_organization",
            inline={"artifacts": "acme_artifacts"},
            created=395,
            last_used=0.9,
            services_used={"s3": 0.9},
        ),
        Role(
            "demo-orders-function",
            trust="acme_lambda",
            attached=("aws:AWSLambdaBasicExecutionRole",),
            inline={"demo-orders": "acme_demo_table"},
            created=345,
            last_used=2,
        ),
        Role("playground-instances", trust="acme_ec2", attached=("PlaygroundLaunch",), instance_profile=True, created=418, last_used=96),
        Role("jenkins-build", trust="acme_ec2", attached=("JenkinsBuild",), instance_profile=True, created=720, last_used=0.2),
        Role(
            "github-website-deploy",
            trust="acme_github_website",
            inline={"website-staging": "acme_website_deploy"},
            created=155,
            last_used=7,
            services_used={"s3": 7},
        ),
    ]
