"""Kinds by name, from the tables of all scenarios."""

from . import example_kinds, policy_kinds, trust_kinds

POLICIES = policy_kinds.KINDS | example_kinds.POLICIES
TRUSTS = trust_kinds.TRUSTS | example_kinds.TRUSTS
SERVICES = policy_kinds.SERVICES_OF_KIND | example_kinds.SERVICES


def policy_kind(name):
    return POLICIES[name]


def policy_document(name, account):
    """The permission policy's text."""
    return POLICIES[name].document(account)


def services_of(name):
    """The services a policy of this kind allows anything in; None: more than any plan uses."""
    return SERVICES.get(name)


def trust_kind(name):
    """A kind of the tables, or one made up for `account:ID`."""
    if name.startswith("account:"):
        return trust_kinds.trusting(name.removeprefix("account:"))
    return TRUSTS[name]


def trust_document(name, account):
    """The trust policy's text."""
    return trust_kind(name).document(account)
