"""CloudTrail: its event history and its public keys, which moto lacks. `POST trail` puts them there."""

import json
from datetime import datetime, timezone

from . import wire
from .registry import operation

PAGE = 50


def put(state, body):
    """Records and public keys of one region: `{"region", "events": [record], "keys": [key]}`."""
    region = state.trails[body.get("region", "us-east-1")]
    region["events"].extend(body.get("events", []))
    region["keys"].extend(body.get("keys", []))


def epoch(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc).timestamp()


def page(call, lab, name, items):
    """One page of a list, with the token of the next one."""
    size = min(call.params.get("MaxResults") or PAGE, lab.state.page_cap or PAGE)
    start = int(call.params.get("NextToken") or 0)
    answer = {name: items[start:start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return wire.answer(call, answer)


def span(call):
    return call.params.get("StartTime", 0), call.params.get("EndTime", float("inf"))


@operation("cloudtrail", "LookupEvents")
def lookup_events(call, lab):
    """Newest first; each event holds its record as a text."""
    start, end = span(call)
    records = [r for r in lab.state.trails[call.region]["events"] if start <= epoch(r["eventTime"]) <= end]
    records.sort(key=lambda record: record["eventTime"], reverse=True)
    return page(call, lab, "Events", [event(record) for record in records])


def event(record):
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "EventTime": epoch(record["eventTime"]),
        "CloudTrailEvent": json.dumps(record),
    }


@operation("cloudtrail", "ListPublicKeys")
def list_public_keys(call, lab):
    """The keys that were valid at some time of the span."""
    start, end = span(call)
    keys = lab.state.trails[call.region]["keys"]
    valid = [k for k in keys if k["ValidityStartTime"] <= end and start <= k["ValidityEndTime"]]
    return page(call, lab, "PublicKeyList", valid)
