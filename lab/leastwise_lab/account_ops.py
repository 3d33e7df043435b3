"""Account Management: contacts, of the caller's own account or of a member's."""

from moto.account.models import account_backends
from moto.organizations.models import organizations_backends

from . import wire
from .registry import operation


@operation("account", "*")
def account_operation(call, lab):
    """Only the management account may name another account; then the operation itself."""
    target = call.params.get("AccountId") or call.account
    if target != call.account and not manages(call.account, target):
        return wire.access_denied(call)
    answers = {
        "GetContactInformation": get_contact,
        "PutContactInformation": put_contact,
        "GetAlternateContact": get_alternate_contact,
        "GetPrimaryEmail": get_primary_email,
    }
    handler = answers.get(call.operation)
    return handler(call, lab, target) if handler else None


def member(manager, account):
    """The organisation's entry of an account; None outside of an organisation."""
    backend = organizations_backends[manager]["aws"]
    return next((a for a in backend.accounts if a.id == account), None)


def manages(manager, account):
    return member(manager, account) is not None


def not_found(call, message):
    return wire.error(call, "ResourceNotFoundException", message, 404)


def get_contact(call, lab, target):
    contact = lab.state.accounts[target].contact
    if contact is None:
        return not_found(call, "No contact information found.")
    return wire.answer(call, {"ContactInformation": contact})


def put_contact(call, lab, target):
    lab.state.accounts[target].contact = call.params["ContactInformation"]
    return wire.answer(call)


def get_alternate_contact(call, lab, target):
    """moto finds the contact; the answer where there is none must be a 404."""
    contacts = account_backends[target]["aws"]._alternate_contacts
    if call.params.get("AlternateContactType") in contacts:
        return None
    return not_found(call, "No contact of the inputted alternate contact type found.")


def get_primary_email(call, lab, target):
    """Answered to the management account about members only, as in AWS."""
    if target == call.account:
        return wire.access_denied(call)
    return wire.answer(call, {"PrimaryEmail": member(call.account, target).email})
