"""GetAccountAuthorizationDetails as AWS answers it: complete, paged, URL-encoded.

Users, groups, roles and policies form one sequence; a page takes the next items of it and
sorts them back into the four lists. Policy documents are percent-encoded per RFC 3986.
"""

import base64
from collections import defaultdict
from urllib.parse import quote

from moto.iam.models import AWSManagedPolicy, iam_backends

from . import wire
from .registry import operation

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
FILTERS = {
    "User": "UserDetailList",
    "Group": "GroupDetailList",
    "Role": "RoleDetailList",
    "LocalManagedPolicy": "Policies",
    "AWSManagedPolicy": "Policies",
}


@operation("iam", "GetAccountAuthorizationDetails")
def get_account_authorization_details(call, lab):
    wanted = call.members("Filter")
    if not set(wanted) <= set(FILTERS):
        return wire.error(call, "ValidationError", "Value at 'filter' failed to satisfy constraint")
    try:
        start, size = page_bounds(call, lab.state.page_cap)
    except ValueError as problem:
        return wire.error(call, "ValidationError", str(problem))
    backend = iam_backends[call.account]["aws"]
    items = sequence(backend, lab.state.accounts[call.account], wanted)
    page = items[start:start + size]
    result = {name: [] for name in LISTS}
    for name, build in page:
        result[name].append(build())
    result["IsTruncated"] = start + size < len(items)
    if result["IsTruncated"]:
        result["Marker"] = marker_at(start + size)
    return wire.answer(call, result)


def page_bounds(call, cap):
    """Where the page starts and how many items it may hold."""
    size = int(call.params.get("MaxItems", 100))
    if not 1 <= size <= 1000:
        raise ValueError("Value at 'maxItems' failed to satisfy constraint: between 1 and 1000")
    marker = call.params.get("Marker")
    return offset_of(marker) if marker else 0, min(size, cap or size)


def marker_at(offset):
    """An opaque marker, with characters that need encoding in a form, as AWS's have."""
    return base64.b64encode(f"lab/marker/{offset}??".encode()).decode()


def offset_of(marker):
    try:
        return int(base64.b64decode(marker).decode().rstrip("?").rsplit("/", 1)[-1])
    except Exception:
        raise ValueError("Invalid Marker.") from None


def sequence(backend, extra, wanted):
    """All items in order, as (list name, function that builds the item)."""
    groups_of, profiles_of = memberships(backend), instance_profiles(backend)
    boundaries = boundary_usage(backend, extra)
    items = []
    if not wanted or "User" in wanted:
        for user in by_name(backend.users.values()):
            items.append((LISTS[0], lambda u=user: user_detail(u, groups_of[u.name], extra)))
    if not wanted or "Group" in wanted:
        for group in by_name(backend.groups.values()):
            items.append((LISTS[1], lambda g=group: group_detail(g)))
    if not wanted or "Role" in wanted:
        for role in by_name(backend.roles.values()):
            items.append((LISTS[2], lambda r=role: role_detail(r, profiles_of[r.name])))
    for policy in policies(backend, boundaries, wanted):
        items.append((LISTS[3], lambda p=policy: policy_detail(p, boundaries[p.arn])))
    return items


def by_name(things):
    return sorted(things, key=lambda thing: thing.name)


def memberships(backend):
    """Group names by user name, in one pass over the groups."""
    found = defaultdict(list)
    for group in by_name(backend.groups.values()):
        for user in group.users:
            found[user.name].append(group.name)
    return found


def instance_profiles(backend):
    found = defaultdict(list)
    for profile in backend.instance_profiles.values():
        for role in profile.roles:
            found[role.name].append(profile)
    return found


def boundary_usage(backend, extra):
    """How many users and roles have each policy as their permissions boundary."""
    usage = defaultdict(int)
    for arn in extra.user_boundaries.values():
        usage[arn] += 1
    for role in backend.roles.values():
        if role.permissions_boundary_arn:
            usage[role.permissions_boundary_arn] += 1
    return usage


def policies(backend, boundaries, wanted):
    """Every policy of the customer, and those of AWS that are in use."""
    for policy in by_name(backend.managed_policies.values()):
        owned_by_aws = isinstance(policy, AWSManagedPolicy)
        if wanted and ("AWSManagedPolicy" if owned_by_aws else "LocalManagedPolicy") not in wanted:
            continue
        if not owned_by_aws or policy.attachment_count or boundaries[policy.arn]:
            yield policy


def encoded(document):
    return quote(document, safe="-_.~")


def inline(policies_by_name):
    return [
        {"PolicyName": name, "PolicyDocument": encoded(text)}
        for name, text in policies_by_name.items()
    ]


def attached(policies_by_arn):
    return [{"PolicyName": p.name, "PolicyArn": p.arn} for p in policies_by_arn.values()]


def boundary(arn):
    if not arn:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def user_detail(user, group_names, extra):
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.create_date,
        "UserPolicyList": inline(user.policies),
        "GroupList": group_names,
        "AttachedManagedPolicies": attached(user.managed_policies),
        "PermissionsBoundary": boundary(extra.user_boundaries.get(user.name)),
        "Tags": user.tags or [],
    }


def group_detail(group):
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": group.create_date,
        "GroupPolicyList": inline(group.policies),
        "AttachedManagedPolicies": attached(group.managed_policies),
    }


def role_summary(role):
    """The fields that a role has on its own and inside an instance profile."""
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": role.create_date,
        "AssumeRolePolicyDocument": encoded(role.assume_role_policy_document),
    }


def role_detail(role, profiles):
    last_used = {"LastUsedDate": role.last_used, "Region": role.last_used_region or "us-east-1"}
    return role_summary(role) | {
        "InstanceProfileList": [profile_detail(profile) for profile in profiles],
        "RolePolicyList": inline(role.policies),
        "AttachedManagedPolicies": attached(role.managed_policies),
        "PermissionsBoundary": boundary(role.permissions_boundary_arn),
        "Tags": role.tags,
        "RoleLastUsed": last_used if role.last_used else {},
    }


def profile_detail(profile):
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.id,
        "Arn": profile.arn,
        "CreateDate": profile.create_date,
        "Roles": [role_summary(role) for role in profile.roles],
    }


def policy_detail(policy, boundary_count):
    versions = [
        {
            "Document": encoded(version.document),
            "VersionId": version.version_id,
            "IsDefaultVersion": version.version_id == policy.default_version_id,
            "CreateDate": version.create_date,
        }
        for version in policy.versions
    ]
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": policy.attachment_count,
        "PermissionsBoundaryUsageCount": boundary_count,
        "IsAttachable": True,
        "Description": policy.description or None,
        "CreateDate": policy.create_date,
        "UpdateDate": policy.update_date,
        "PolicyVersionList": versions,
    }
