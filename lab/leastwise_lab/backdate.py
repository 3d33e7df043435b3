"""Dates and root's state, which no API can set. See the README for the request's form."""

from moto.iam.models import AccessKeyLastUsed, iam_backends

from .state import RootKey, now, parse_instant


def backdate(lab, body):
    """Apply one request: any of users, groups, roles, policies, keys, root, last_accessed."""
    account = body.get("account", lab.state.identity.account)
    backend, extra = iam_backends[account]["aws"], lab.state.accounts[account]
    for name, change in body.get("users", {}).items():
        change_user(backend, backend.users[name], extra, change)
    for name, change in body.get("groups", {}).items():
        change_created(backend.groups[name], change)
    for name, change in body.get("roles", {}).items():
        change_role(backend.get_role(name), change)
    for arn, change in body.get("policies", {}).items():
        change_policy(backend.managed_policies[arn], change)
    for identifier, change in body.get("keys", {}).items():
        change_key(backend.access_keys[identifier], change)
    if "root" in body:
        change_root(extra.root, body["root"])
    for arn, services in body.get("last_accessed", {}).items():
        extra.last_accessed[arn].update({k: parse_instant(v) for k, v in services.items()})


def change_created(thing, change):
    if "created" in change:
        thing.create_date = parse_instant(change["created"])


def change_user(backend, user, extra, change):
    """Creation, password dates, an MFA device by serial (hardware or FIDO), and when it was enabled."""
    change_created(user, change)
    if "password_changed" in change:
        extra.password_changed[user.name] = parse_instant(change["password_changed"])
    if "password_last_used" in change:
        user.password_last_used = parse_instant(change["password_last_used"])
    if "mfa_serial" in change:
        user.mfa_devices.clear()
        user.enable_mfa_device(change["mfa_serial"], "000000", "000000")
    if "mfa_enabled" in change:
        virtual = [device for device in backend.virtual_mfa_devices.values() if device.user is user]
        for device in [*user.mfa_devices.values(), *virtual]:
            device.enable_date = parse_instant(change["mfa_enabled"])


def change_role(role, change):
    change_created(role, change)
    if "last_used" in change:
        role.last_used = parse_instant(change["last_used"])
        role.last_used_region = change.get("region", "us-east-1")


def change_policy(policy, change):
    change_created(policy, change)
    policy.update_date = policy.create_date
    for version in policy.versions:
        version.create_date = policy.create_date


def change_key(key, change):
    change_created(key, change)
    if "last_used" in change:
        key.last_used = last_use(change)


def last_use(change):
    if change["last_used"] is None:
        return None
    service, region = change.get("service", "s3"), change.get("region", "us-east-1")
    return AccessKeyLastUsed(parse_instant(change["last_used"]), service, region)


def change_root(root, change):
    for name in ("mfa", "password_present", "signing_certificates"):
        if name in change:
            setattr(root, name, change[name])
    if root.mfa not in ("none", "virtual", "hardware"):
        raise ValueError("root.mfa must be none, virtual or hardware")
    for name in ("password_last_used", "created", "mfa_enabled"):
        if name in change:
            setattr(root, name, parse_instant(change[name]))
    if "access_keys" in change:
        root.access_keys = [root_key(key) for key in change["access_keys"]]


def root_key(change):
    return RootKey(
        active=change.get("active", True),
        created=parse_instant(change.get("created")) or now(),
        last_used=parse_instant(change.get("last_used")),
        service=change.get("service", "iam"),
        region=change.get("region", "us-east-1"),
    )
