"""The control interface under `/_lab/`: what a test does to the fake AWS besides calling it."""

import dataclasses
import json

from moto.moto_api._internal import mock_random
from moto.organizations.models import organizations_backends

from . import cloudtrail_ops, wire
from .backdate import backdate
from .faults import PLAYERS
from .state import Fault, Identity, parse_instant


class BadRequest(Exception):
    """A control request that makes no sense; its text goes back to the caller."""


def handle(lab, environ):
    """Answer one control request; unknown ones are errors, never silently accepted."""
    route = (environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/_lab/").strip("/"))
    action = ROUTES.get(route)
    if not action:
        return reply(404, {"error": f"no such control endpoint: {' '.join(route)}"})
    try:
        with lab.state.lock:
            return reply(200, action(lab, wire.parse_json(wire.read_body(environ))) or {})
    except (BadRequest, KeyError, TypeError, ValueError) as problem:
        return reply(400, {"error": f"{type(problem).__name__}: {problem}"})


def reply(status, value):
    return wire.Reply(status, json.dumps(value).encode(), "application/json")


def health(lab, body):
    return {"ready": True, "accounts": sorted(lab.state.accounts)}


def add_denial(lab, body):
    lab.state.denials.append({"actions": body["actions"], "account": body.get("account")})


def clear_denials(lab, body):
    lab.state.denials.clear()


def calls(lab, body):
    return lab.state.calls


def clear_calls(lab, body):
    lab.state.calls.clear()


def apply_backdate(lab, body):
    backdate(lab, body)


def report(lab, body):
    """Staleness on or off; `generated` re-dates a finished report, `forget` drops all reports."""
    if "stale" in body:
        lab.state.stale_report = bool(body["stale"])
    for account in lab.state.accounts.values():
        if body.get("forget"):
            account.report = type(account.report)()
        if "generated" in body and account.report.content:
            account.report.generated = parse_instant(body["generated"])


def page(lab, body):
    lab.state.page_cap = body["max_items"]


def add_fault(lab, body):
    if body["kind"] not in PLAYERS:
        raise BadRequest(f"kind must be one of {sorted(PLAYERS)}")
    fault = Fault(body["kind"], body.get("operations", []), body.get("times"))
    fault.seconds = body.get("seconds", fault.seconds)
    fault.status = body.get("status")
    lab.state.faults.append(fault)


def clear_faults(lab, body):
    lab.state.faults.clear()
    lab.state.end_hangs()


def identity(lab, body):
    """Lays ids down: an account for unknown keys, the organisation's, and those of new members."""
    known = {field.name for field in dataclasses.fields(Identity)} | {"seed"}
    if not set(body) <= known:
        raise BadRequest(f"identity takes {sorted(known)}")
    if "seed" in body:
        mock_random.seed(body.pop("seed"))
    lab.state.identity = Identity(**body)


def trail(lab, body):
    cloudtrail_ops.put(lab.state, body)


def reset(lab, body):
    """A fresh, empty AWS."""
    lab.reset_moto()
    organizations_backends.master_accounts.clear()
    lab.state.clear()


ROUTES = {
    ("GET", "health"): health,
    ("POST", "deny"): add_denial,
    ("DELETE", "deny"): clear_denials,
    ("GET", "calls"): calls,
    ("DELETE", "calls"): clear_calls,
    ("POST", "backdate"): apply_backdate,
    ("POST", "report"): report,
    ("POST", "page"): page,
    ("POST", "fault"): add_fault,
    ("DELETE", "fault"): clear_faults,
    ("POST", "identity"): identity,
    ("POST", "trail"): trail,
    ("POST", "reset"): reset,
}
