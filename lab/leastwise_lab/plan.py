"""A declarative plan of an account: what will be planted, in days before now.

Both the API calls (plant.py) and the truth (truth.py) are derived from a plan. Policies and
trust policies are named by *kind*; what each kind means is stated by hand in policy_kinds.py
and trust_kinds.py (those of the scenario `example`: in example_kinds.py).

An attached policy is named by its customer-managed name, or `aws:NAME` for one of AWS.
"""

from dataclasses import dataclass, field

# The AWS-managed policies that plans may attach, with the path part of their ARN.
AWS_POLICIES = {
    "AdministratorAccess": "AdministratorAccess",
    "AmazonS3ReadOnlyAccess": "AmazonS3ReadOnlyAccess",
    "AmazonSQSReadOnlyAccess": "AmazonSQSReadOnlyAccess",
    "AWSLambdaBasicExecutionRole": "service-role/AWSLambdaBasicExecutionRole",
    "AWSOrganizationsServiceTrustPolicy": "aws-service-role/AWSOrganizationsServiceTrustPolicy",
    "AWSSSOServiceRolePolicy": "aws-service-role/AWSSSOServiceRolePolicy",
    "AWSSupportAccess": "AWSSupportAccess",
    "AmazonECSServiceRolePolicy": "aws-service-role/AmazonECSServiceRolePolicy",
    "AmazonRDSServiceRolePolicy": "aws-service-role/AmazonRDSServiceRolePolicy",
    "AmazonSSMManagedInstanceCore": "AmazonSSMManagedInstanceCore",
    "Billing": "job-function/Billing",
    "CloudWatchReadOnlyAccess": "CloudWatchReadOnlyAccess",
    "PowerUserAccess": "PowerUserAccess",
    "ReadOnlyAccess": "ReadOnlyAccess",
    "SecurityAudit": "SecurityAudit",
    "ViewOnlyAccess": "job-function/ViewOnlyAccess",
}


@dataclass
class Key:
    """An access key. `after_user` puts its creation that many seconds after the user's."""

    age: float = 30
    used: float | None = None
    active: bool = True
    after_user: int | None = None


@dataclass
class Password:
    """A console password: when it was changed and last used (None: never)."""

    changed: float = 30
    used: float | None = 1


@dataclass
class User:
    name: str
    created: float = 400
    path: str = "/"
    groups: tuple = ()
    inline: dict = field(default_factory=dict)
    attached: tuple = ()
    password: Password | None = None
    mfa: str | None = None  # virtual, hardware or fido
    keys: tuple = ()
    boundary: str | None = None
    tags: dict = field(default_factory=dict)
    services_used: dict = field(default_factory=dict)  # namespace -> days ago

    def key_age(self, key):
        """Age in days; a key made together with its user is as old as the user."""
        return self.created if key.after_user is not None else key.age


@dataclass
class Group:
    name: str
    path: str = "/"
    inline: dict = field(default_factory=dict)
    attached: tuple = ()
    created: float = 360
    services_used: dict = field(default_factory=dict)


@dataclass
class Role:
    """`aws_owned` marks roles that customers cannot change; `made_by` names who creates it."""

    name: str
    trust: str = "service"
    path: str = "/"
    inline: dict = field(default_factory=dict)
    attached: tuple = ()
    boundary: str | None = None
    created: float = 300
    last_used: float | None = None
    aws_owned: bool = False
    made_by: str = "us"  # us, organizations, or the service of a service-linked role
    instance_profile: bool = False
    tags: dict = field(default_factory=dict)
    services_used: dict = field(default_factory=dict)


@dataclass
class Policy:
    """A customer-managed policy; the last of `versions` (kinds) is the default one."""

    name: str
    versions: tuple
    path: str = "/"
    created: float = 350

    @property
    def kind(self):
        return self.versions[-1]


@dataclass
class Certificate:
    name: str
    expires_in: float


@dataclass
class RootPlan:
    """State of root: MFA kind, key uses (one entry per key, None: never used), password, age."""

    mfa: str = "hardware"
    keys_used: tuple = ()
    password_present: bool = True
    password_used: float | None = None
    created: float = 1500


@dataclass
class AccountPlan:
    users: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    roles: list = field(default_factory=list)
    policies: list = field(default_factory=list)
    certificates: list = field(default_factory=list)
    password_policy: dict | None = None
    contact: bool | dict = False  # True: the lab's usual one
    security_contact: bool | dict = False
    alias: str | None = None
    saml_providers: tuple = ()
    oidc_providers: tuple = ()
    root: RootPlan = field(default_factory=RootPlan)
    root_email: str | None = None


@dataclass
class Config:
    """What the audit must be told."""

    trusted_accounts: list = field(default_factory=list)
    trusted_organizations: list = field(default_factory=list)
    break_glass_users: list = field(default_factory=list)
    people: list = field(default_factory=list)
    group_mailboxes: list = field(default_factory=list)
