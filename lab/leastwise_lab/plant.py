"""Turns a plan into AWS API calls, and into one control request for what no API can set."""

import json
import random
import urllib.request
from datetime import datetime, timedelta, timezone

import boto3
from botocore.config import Config as ClientConfig
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .plan import AWS_POLICIES
from .kinds import policy_document, trust_document

FAST = ClientConfig(parameter_validation=False, retries={"total_max_attempts": 1}, proxies={})
CONTACT = {
    "FullName": "Example Ltd",
    "AddressLine1": "1 Example Street",
    "City": "Exampletown",
    "CountryCode": "GB",
    "PostalCode": "EX1 1EX",
    "PhoneNumber": "+44 1632 960000",
}
SECURITY = {
    "AlternateContactType": "SECURITY",
    "EmailAddress": "security@example.com",
    "Name": "Security team",
    "PhoneNumber": "+44 1632 960001",
    "Title": "On call",
}
SAML_METADATA = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'>" + "x" * 1000 + "</EntityDescriptor>"


class Access:
    """Clients of one account, and the control interface of the lab."""

    def __init__(self, endpoint, credentials=None):
        self.endpoint = endpoint
        self.keys = credentials or {"aws_access_key_id": "lab", "aws_secret_access_key": "lab"}
        self.clients = {}

    def client(self, service, region="us-east-1"):
        if (service, region) not in self.clients:
            self.clients[service, region] = boto3.client(
                service, region_name=region, endpoint_url=self.endpoint, config=FAST, **self.keys
            )
        return self.clients[service, region]

    def control(self, path, body):
        request = urllib.request.Request(f"{self.endpoint}/_lab/{path}", json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)


class Planter:
    """Plants one account, strictly one call after another."""

    def __init__(self, access, account, now):
        self.access, self.account, self.now = access, account, now
        self.iam = access.client("iam")
        self.dates = {"account": account, "users": {}, "groups": {}, "roles": {}, "policies": {}}
        self.dates |= {"keys": {}, "last_accessed": {}}
        self.policy_arns = {}

    def plant(self, plan):
        for policy in plan.policies:
            self.policy(policy)
        for group in plan.groups:
            self.group(group)
        for user in plan.users:
            self.user(user)
        for role in plan.roles:
            self.role(role)
        for certificate in plan.certificates:
            self.certificate(certificate)
        self.account_wide(plan)
        self.dates["root"] = self.root(plan.root)
        self.access.control("backdate", self.dates)

    def ago(self, days, seconds=0):
        return format_instant(self.now - timedelta(days=days) + timedelta(seconds=seconds))

    def ago_or_none(self, days):
        return None if days is None else self.ago(days)

    def arn_of(self, name):
        if name.startswith("aws:"):
            return f"arn:aws:iam::aws:policy/{AWS_POLICIES[name[4:]]}"
        return self.policy_arns[name]

    def policy(self, policy):
        document = policy_document(policy.versions[0], self.account)
        made = self.iam.create_policy(PolicyName=policy.name, Path=policy.path, PolicyDocument=document)
        arn = made["Policy"]["Arn"]
        self.policy_arns[policy.name] = arn
        for kind in policy.versions[1:]:
            text = policy_document(kind, self.account)
            self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)
        self.dates["policies"][arn] = {"created": self.ago(policy.created)}

    def group(self, group):
        self.iam.create_group(GroupName=group.name, Path=group.path)
        self.grant("group", group)
        self.dates["groups"][group.name] = {"created": self.ago(group.created)}

    def grant(self, kind, holder):
        """Inline and attached policies of a user, group or role."""
        owner = {f"{kind.capitalize()}Name": holder.name}
        for name, policy_kind in holder.inline.items():
            text = policy_document(policy_kind, self.account)
            put = getattr(self.iam, f"put_{kind}_policy")
            put(PolicyName=name, PolicyDocument=text, **owner)
        for name in holder.attached:
            getattr(self.iam, f"attach_{kind}_policy")(PolicyArn=self.arn_of(name), **owner)
        used = {service: self.ago(days) for service, days in holder.services_used.items()}
        if used:
            arn = f"arn:aws:iam::{self.account}:{kind}{holder.path}{holder.name}"
            self.dates["last_accessed"][arn] = used

    def user(self, user):
        tags = [{"Key": key, "Value": value} for key, value in user.tags.items()]
        self.iam.create_user(UserName=user.name, Path=user.path, Tags=tags)
        self.grant("user", user)
        for name in user.groups:
            self.iam.add_user_to_group(GroupName=name, UserName=user.name)
        if user.boundary:
            arn = self.arn_of(user.boundary)
            self.iam.put_user_permissions_boundary(UserName=user.name, PermissionsBoundary=arn)
        # An hour of distance keeps keys of a round age away from the user's creation.
        created_with_key = any(key.after_user is not None for key in user.keys)
        offset = 0 if created_with_key else -3600
        dates = self.dates["users"][user.name] = {"created": self.ago(user.created, offset)}
        if user.password:
            self.iam.create_login_profile(UserName=user.name, Password="Correct-Horse-1-Battery")
            dates["password_changed"] = self.ago(user.password.changed)
            dates["password_last_used"] = self.ago_or_none(user.password.used)
        if user.mfa:
            self.mfa(user)
            dates["mfa_enabled"] = self.ago(user.created, 3600)
        for key in user.keys:
            self.key(user, key)

    def mfa(self, user):
        """Virtual devices exist before they are enabled; the others are known by serial alone."""
        serials = {"hardware": f"GAHT{len(user.name):08d}", "fido": f"arn:aws:iam::{self.account}:u2f/user/{user.name}/key-1"}
        serial = serials.get(user.mfa)
        if serial is None:
            made = self.iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)
            serial = made["VirtualMFADevice"]["SerialNumber"]
        codes = {"AuthenticationCode1": "123456", "AuthenticationCode2": "654321"}
        self.iam.enable_mfa_device(UserName=user.name, SerialNumber=serial, **codes)

    def key(self, user, key):
        made = self.iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"]
        if not key.active:
            self.iam.update_access_key(UserName=user.name, AccessKeyId=made, Status="Inactive")
        created = self.ago(user.key_age(key), key.after_user or 0)
        self.dates["keys"][made] = {"created": created, "last_used": self.ago_or_none(key.used)}

    def role(self, role):
        if role.made_by == "us":
            boundary = {"PermissionsBoundary": self.arn_of(role.boundary)} if role.boundary else {}
            document = trust_document(role.trust, self.account)
            self.iam.create_role(RoleName=role.name, Path=role.path, AssumeRolePolicyDocument=document, **boundary)
            if role.tags:
                tags = [{"Key": key, "Value": value} for key, value in role.tags.items()]
                self.iam.tag_role(RoleName=role.name, Tags=tags)
        elif role.made_by != "organizations":
            self.iam.create_service_linked_role(AWSServiceName=role.made_by)
        self.grant("role", role)
        if role.instance_profile:
            self.iam.create_instance_profile(InstanceProfileName=role.name)
            self.iam.add_role_to_instance_profile(InstanceProfileName=role.name, RoleName=role.name)
        dates = self.dates["roles"][role.name] = {"created": self.ago(role.created)}
        dates["last_used"] = self.ago_or_none(role.last_used)

    def certificate(self, certificate):
        body, key = self_signed(certificate.name, self.now + timedelta(days=certificate.expires_in))
        self.iam.upload_server_certificate(ServerCertificateName=certificate.name, CertificateBody=body, PrivateKey=key)

    def account_wide(self, plan):
        if plan.password_policy:
            self.iam.update_account_password_policy(**plan.password_policy)
        for name in plan.saml_providers:
            self.iam.create_saml_provider(Name=name, SAMLMetadataDocument=SAML_METADATA)
        for url in plan.oidc_providers:
            self.iam.create_open_id_connect_provider(
                Url=f"https://{url}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40]
            )
        if plan.contact:
            contact = CONTACT if plan.contact is True else plan.contact
            self.access.client("account").put_contact_information(ContactInformation=contact)
        if plan.security_contact:
            contact = SECURITY if plan.security_contact is True else plan.security_contact
            self.access.client("account").put_alternate_contact(**contact)
        if plan.alias:
            self.iam.create_account_alias(AccountAlias=plan.alias)

    def root(self, root):
        keys = [{"created": self.ago(500), "last_used": self.ago_or_none(used)} for used in root.keys_used]
        return {
            "mfa": root.mfa,
            "password_present": root.password_present,
            "password_last_used": self.ago_or_none(root.password_used),
            "access_keys": keys,
            "created": self.ago(root.created),
            "mfa_enabled": self.ago(root.created, 86400),
        }


def format_instant(value):
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def present():
    return datetime.now(timezone.utc).replace(microsecond=0)


def self_signed(name, expires):
    """A certificate and its key in PEM, valid for a year up to `expires`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name}.example.com")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(random.Random(name).getrandbits(120) + 1)
        .not_valid_before(expires - timedelta(days=365))
        .not_valid_after(expires)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem).decode(), private.decode()
