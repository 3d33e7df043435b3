"""Misbehaviour on demand: what proxies, throttling and expired sessions do to a client."""

from . import wire

GATEWAY_PAGE = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Bad gateway</h1></body></html>"
UNSUPPORTED_PAGE = b"<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n"


def html(call, fault, state):
    """A proxy in between answers with a page of its own."""
    return wire.Reply(fault.status or 502, GATEWAY_PAGE, "text/html")


def unsupported(call, fault, state):
    """A fake AWS that does not know the operation."""
    return wire.Reply(fault.status or 500, UNSUPPORTED_PAGE, "text/html; charset=utf-8")


def hang(call, fault, state):
    """No answer for a while; then the call goes on as if nothing had been."""
    state.release_hangs.wait(fault.seconds)
    return None


def throttle(call, fault, state):
    """Too many requests, in the words of each protocol."""
    if call.protocol == "query":
        return wire.error(call, "Throttling", "Rate exceeded", 400)
    if call.service == "s3":
        return wire.error(call, "SlowDown", "Please reduce your request rate.", 503)
    return wire.error(call, "TooManyRequestsException", "Rate exceeded", 429)


def expired_token(call, fault, state):
    """The session of the caller has ended."""
    code = "ExpiredToken" if call.protocol == "query" else "ExpiredTokenException"
    return wire.error(call, code, "The security token included in the request is expired", 403)


def malformed_xml(call, fault, state):
    """An answer cut off in the middle (JSON where the protocol is JSON)."""
    if call.protocol in ("query", "rest-xml"):
        return wire.Reply(200, b"<" + call.operation.encode() + b"Response><Resul", "text/xml")
    return wire.Reply(200, b'{"Organization": {"Id": "o-', "application/json")


PLAYERS = {
    "html": html,
    "unsupported": unsupported,
    "hang": hang,
    "throttle": throttle,
    "expired_token": expired_token,
    "malformed_xml": malformed_xml,
}


def play(call, fault, state):
    """The reply of a fault, or None where the call shall go on."""
    return PLAYERS[fault.kind](call, fault, state)
