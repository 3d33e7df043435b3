"""The truth: every (check, subject) that must fail, derived from the plan and nothing else.

One function per family of checks, written from the checks' definitions and the tables of
kinds. No auditor's code or output is used here.
"""

from itertools import combinations

from .kinds import policy_kind, services_of, trust_kind
from .policy_kinds import FULL_ADMIN, NOT_ACTION, NOT_RESOURCE, PASS_ROLE

UNUSED_DAYS = 45
KEY_MAX_AGE_DAYS = 90
ROOT_USE_DAYS = 90
SERVICE_USE_DAYS = 90
ROLE_USE_DAYS = 90
INITIAL_KEY_SECONDS = 60
ADMINISTRATOR = "aws:AdministratorAccess"
SUPPORT = "aws:AWSSupportAccess"
CONTENT_CHECKS = (NOT_ACTION, NOT_RESOURCE, PASS_ROLE)


def failures(plan, config):
    """All failing (check, subject) pairs of one account, sorted."""
    found = set()
    for family in FAMILIES:
        found |= set(family(plan, config))
    return sorted(found)


def root(plan, config):
    state = plan.root
    central = not state.password_present and not state.keys_used
    if state.keys_used:
        yield "root-access-key", "root"
    if state.mfa == "none" and not central:
        yield "root-mfa", "root"
    if state.mfa != "hardware" and not central:
        yield "root-hardware-mfa", "root"
    uses = [used for used in (*state.keys_used, state.password_used) if used is not None]
    if uses and min(uses) < ROOT_USE_DAYS:
        yield "root-recent-use", "root"
    if plan.root_email in config.people:
        yield "root-email-group", "root"


def contacts(plan, config):
    if not plan.contact:
        yield "account-contact-details", "account"
    if not plan.security_contact:
        yield "account-security-contact", "account"


def password_policy(plan, config):
    policy = plan.password_policy or {}
    if policy.get("MinimumPasswordLength", 8) < 14:
        yield "password-policy-length", "password-policy"
    required = {
        "uppercase": "RequireUppercaseCharacters",
        "lowercase": "RequireLowercaseCharacters",
        "number": "RequireNumbers",
        "symbol": "RequireSymbols",
    }
    for name, option in required.items():
        if not policy.get(option):
            yield f"password-policy-{name}", "password-policy"
    if policy.get("PasswordReusePrevention", 0) < 24:
        yield "password-policy-reuse", "password-policy"
    if not 0 < policy.get("MaxPasswordAge", 0) <= 90:
        yield "password-policy-max-age", "password-policy"


def passwords(plan, config):
    for user in plan.users:
        if not user.password:
            continue
        subject, password = f"user/{user.name}", user.password
        if not user.mfa:
            yield "iam-user-console-mfa", subject
        if user.name in config.break_glass_users:
            continue
        yield "iam-user-console-password", subject
        idle = password.changed if password.used is None else password.used
        if idle >= UNUSED_DAYS:
            yield "iam-user-console-unused", subject


def access_keys(plan, config):
    for user in plan.users:
        for slot, key in enumerate(user.keys, start=1):
            if key.active:
                yield from access_key(user, key, f"access-key/{user.name}/{slot}")
        if sum(key.active for key in user.keys) == 2:
            yield "iam-user-two-access-keys", f"user/{user.name}"


def access_key(user, key, subject):
    age = user.key_age(key)
    if age > KEY_MAX_AGE_DAYS:
        yield "iam-access-key-age", subject
    if (age if key.used is None else key.used) >= UNUSED_DAYS:
        yield "iam-access-key-unused", subject
    with_user = key.after_user is not None and key.after_user <= INITIAL_KEY_SECONDS
    if user.password and with_user and key.used is None:
        yield "iam-user-initial-access-key", subject


def memberships(plan, config):
    for user in plan.users:
        if user.inline or user.attached:
            yield "iam-user-direct-policy", f"user/{user.name}"
        if not user.groups and user.name not in config.break_glass_users:
            yield "iam-user-without-group", f"user/{user.name}"
    filled = {name for user in plan.users for name in user.groups}
    for group in plan.groups:
        if group.name not in filled:
            yield "iam-group-empty", f"group/{group.name}"


def users_alike(plan, config):
    direct = {user.name: direct_policies(user) for user in plan.users}
    for one, other in combinations([u for u in plan.users if direct[u.name]], 2):
        if set(one.groups) & set(other.groups):
            continue
        if alike(direct[one.name], direct[other.name]):
            yield "iam-users-alike", f"user/{one.name}"
            yield "iam-users-alike", f"user/{other.name}"


def direct_policies(user):
    """Attached policies by name, inline ones by document (which their kind stands for)."""
    return {("attached", name) for name in user.attached} | {("inline", k) for k in user.inline.values()}


def alike(one, other):
    common, different = len(one & other), len(one ^ other)
    if common >= 2 and different == 2 and len(one) == len(other):
        raise ValueError("a plan must not hold pairs that the check's definition leaves open")
    return different == 0 or (different == 1 and common >= 2)


def customer_policies(plan, config):
    attached = {name for holder in holders(plan) for name in holder.attached}
    for policy in plan.policies:
        fails = policy_kind(policy.kind).fails
        for check in CONTENT_CHECKS:
            if check in fails:
                yield check, f"policy/{policy.name}"
        if FULL_ADMIN in fails and policy.name in attached:
            yield FULL_ADMIN, f"policy/{policy.name}"


def holders(plan):
    return [*plan.users, *plan.groups, *plan.roles]


def customers_holders(plan):
    """(subject kind, holder) for all principals whose policies customers can change."""
    for user in plan.users:
        yield "user", user
    for group in plan.groups:
        yield "group", group
    for role in plan.roles:
        if not role.aws_owned:
            yield "role", role


def inline_policies(plan, config):
    for kind, holder in customers_holders(plan):
        for name, inline_kind in holder.inline.items():
            subject = f"inline-policy/{kind}/{holder.name}/{name}"
            yield "iam-inline-policy", subject
            for check in policy_kind(inline_kind).fails:
                yield check, subject


def administrators(plan, config):
    admin_policies = {p.name for p in plan.policies if policy_kind(p.kind).administrator} | {ADMINISTRATOR}
    groups = {group.name for group in plan.groups if is_admin(group, admin_policies)}
    for kind, holder in customers_holders(plan):
        if kind == "user" and holder.name in config.break_glass_users:
            continue
        through_group = kind == "user" and groups & set(holder.groups)
        if through_group or is_admin(holder, admin_policies):
            yield "iam-principal-administrator", f"{kind}/{holder.name}"


def is_admin(holder, admin_policies):
    inline = any(policy_kind(kind).administrator for kind in holder.inline.values())
    return inline or bool(admin_policies & set(holder.attached))


def roles(plan, config):
    for role in plan.roles:
        if not role.aws_owned:
            for check in trust_kind(role.trust).fails:
                yield check, f"role/{role.name}"
            idle = role.created if role.last_used is None else role.last_used
            if idle >= ROLE_USE_DAYS:
                yield "iam-role-unused", f"role/{role.name}"
    if not any(SUPPORT in role.attached for role in plan.roles):
        yield "iam-support-role", "account"


def certificates(plan, config):
    for certificate in plan.certificates:
        if certificate.expires_in < 0:
            yield "iam-server-certificate-expired", f"server-certificate/{certificate.name}"


def federation(plan, config):
    people = [u for u in plan.users if u.password and u.name not in config.break_glass_users]
    identity_center = any(role.path.startswith("/aws-reserved/sso") for role in plan.roles)
    if people and not plan.saml_providers and not identity_center:
        yield "iam-federation", "account"


def unused_services(plan):
    """What `iam-unused-services` must fail in addition where the audit is told to ask for it."""
    kinds = {policy.name: policy.kind for policy in plan.policies}
    groups = {group.name: group for group in plan.groups}
    for kind, holder in customers_holders(plan):
        sources = [holder]
        if kind == "user":
            sources += [groups[name] for name in holder.groups]
        recent = {name for name, days in holder.services_used.items() if days <= SERVICE_USE_DAYS}
        if any(exceeds(source, kinds, recent) for source in sources):
            yield "iam-unused-services", f"{kind}/{holder.name}"


def exceeds(holder, kinds, recent):
    """Whether a holder's policies allow a service outside of `recent`; AWS's policies always do."""
    held = [*holder.inline.values(), *(kinds.get(name) for name in holder.attached)]
    allowed = [services_of(kind) for kind in held]
    return any(services is None or services - recent for services in allowed)


FAMILIES = (
    root,
    contacts,
    password_policy,
    passwords,
    access_keys,
    memberships,
    users_alike,
    customer_policies,
    inline_policies,
    administrators,
    roles,
    certificates,
    federation,
)
