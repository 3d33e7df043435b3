"""One big account: enough of everything that pages and speed matter; defects drawn by a seed."""

import random

from ..plan import AccountPlan, Certificate, Config, Group, Key, Password, Policy, Role, RootPlan, User
from ..plant import Planter
from ..policy_kinds import KINDS
from ..trust_kinds import GITHUB, OUR_ORGANIZATION, TRUSTED, TRUSTS

ACCOUNT = "123456789012"
USERS, ROLES, POLICIES, GROUPS = 500, 500, 200, 40
GOOD_KINDS = [name for name, kind in KINDS.items() if not kind.fails]
BAD_KINDS = [name for name, kind in KINDS.items() if kind.fails]
GOOD_TRUSTS = [name for name, kind in TRUSTS.items() if not kind.fails]
BAD_TRUSTS = [name for name, kind in TRUSTS.items() if kind.fails]


def plant(access, now, seed):
    plan = build(seed)
    Planter(access, ACCOUNT, now).plant(plan)
    config = Config(
        trusted_accounts=[TRUSTED],
        trusted_organizations=[OUR_ORGANIZATION],
        break_glass_users=["user-000", "user-001"],
    )
    return [(ACCOUNT, "large", plan)], config


def build(seed):
    """Most things are in order; about one in ten is not."""
    dice = random.Random(seed)
    policies = [Policy(f"policy-{i:03}", (kind(dice),)) for i in range(POLICIES)]
    groups = [group(dice, i) for i in range(GROUPS)]
    return AccountPlan(
        users=[user(dice, i) for i in range(USERS)],
        groups=groups,
        roles=[role(dice, i) for i in range(ROLES)],
        policies=policies,
        certificates=[Certificate(f"cert-{i}", days) for i, days in enumerate((-400, -1, 1, 300))],
        oidc_providers=(GITHUB,),
        root=RootPlan(mfa="none", password_used=3),
    )


def kind(dice):
    return dice.choice(BAD_KINDS if dice.random() < 0.1 else GOOD_KINDS)


def policy_name(dice):
    return f"policy-{dice.randrange(POLICIES):03}"


def group(dice, number):
    inline = {"own": kind(dice)} if dice.random() < 0.1 else {}
    return Group(f"group-{number:02}", attached=(policy_name(dice),), inline=inline)


def user(dice, number):
    """The last two groups stay empty; one user in ten is in no group."""
    groups = () if dice.random() < 0.1 else (f"group-{dice.randrange(GROUPS - 2):02}",)
    console = dice.random() < 0.3
    return User(
        f"user-{number:03}",
        created=dice.randrange(200, 900),
        groups=groups,
        attached=(policy_name(dice),) if dice.random() < 0.08 else (),
        inline={"own": kind(dice)} if dice.random() < 0.04 else {},
        password=password(dice) if console else None,
        mfa="fido" if console and dice.random() < 0.8 else None,
        keys=keys(dice),
    )


def password(dice):
    used = None if dice.random() < 0.1 else dice.choice((0.5, 3, 20, 44, 45.5, 100))
    return Password(changed=dice.choice((5, 44, 46, 180)), used=used)


def keys(dice):
    count = dice.choice((0, 0, 1, 1, 1, 2))
    return tuple(key(dice) for _ in range(count))


def key(dice):
    age = dice.choice((5, 44, 60, 89, 91, 180))
    used = None if dice.random() < 0.1 else min(age, dice.choice((0.5, 3, 44, 46, 88)))
    return Key(age=age, used=used, active=dice.random() < 0.9)


def role(dice, number):
    """Every role has a policy; a few are administrators, a few trust too many."""
    trust = dice.choice(BAD_TRUSTS) if dice.random() < 0.06 else dice.choice(GOOD_TRUSTS)
    attached = ("aws:AdministratorAccess",) if dice.random() < 0.02 else (policy_name(dice),)
    inline = {"own": kind(dice)} if dice.random() < 0.1 else {}
    last_used = dice.choice((None, 1, 30, 200))
    return Role(f"role-{number:03}", trust=trust, attached=attached, inline=inline, last_used=last_used)
