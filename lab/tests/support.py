"""Calling the lab without a network, and judging its answers by botocore's service models."""

import base64
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from urllib.parse import urlencode

import botocore.session
from werkzeug.test import Client

from leastwise_lab.server import Lab

# Where AWS itself answers outside of its published model: a boundary's type, and root's user id.
AWS_DEVIATES = (re.compile(r"\.PermissionsBoundaryType: Policy$"), re.compile(r"\.User\.UserId: \d{12}$"))

LOADER = botocore.session.get_session()
MODELS = {}


def model(service):
    if service not in MODELS:
        MODELS[service] = LOADER.get_service_model(service)
    return MODELS[service]


class Caller:
    """Sends raw AWS calls into a lab, in process, as one access key."""

    def __init__(self, lab=None, access_key="lab"):
        self.lab = lab or Lab()
        self.client = Client(self.lab)
        self.access_key = access_key

    def send(self, service, operation, **params):
        """The raw HTTP answer of a call."""
        scope = f"AWS4-HMAC-SHA256 Credential={self.access_key}/20260101/us-east-1/{service}/aws4_request"
        headers, path = {"Authorization": scope}, "/"
        if service in ("iam", "sts"):
            form = {"Action": operation, "Version": model(service).api_version} | params
            data, kind = urlencode(form), "application/x-www-form-urlencoded"
        else:
            data, kind = json.dumps(params), "application/json"
            if service == "organizations":
                headers["X-Amz-Target"] = f"AWSOrganizationsV20161128.{operation}"
            else:
                path = model(service).operation_model(operation).http["requestUri"]
        return self.client.post(path, data=data, content_type=kind, headers=headers)

    def ok(self, service, operation, **params):
        """The parsed answer of a call that must succeed and fit its model without deviation."""
        answer = self.send(service, operation, **params)
        if answer.status_code != 200:
            raise AssertionError(f"{operation}: {answer.status_code} {answer.text[:300]}")
        shape = model(service).operation_model(operation).output_shape
        if service in ("iam", "sts"):
            return read_xml(answer.text, operation, shape)
        return read_json(json.loads(answer.text), shape, operation) if shape else None

    def refused(self, service, operation, **params):
        """The (status, error code) of a call that must fail, read as an SDK reads it."""
        answer = self.send(service, operation, **params)
        if service in ("iam", "sts"):
            root = ElementTree.fromstring(answer.text)
            return answer.status_code, root.find("{*}Error/{*}Code").text
        code = answer.headers.get("x-amzn-ErrorType") or json.loads(answer.text)["__type"]
        return answer.status_code, code

    def control(self, method, path, **body):
        answer = self.client.open(f"/_lab/{path}", method=method, json=body)
        if answer.status_code != 200:
            raise AssertionError(answer.text)
        return answer.json


def read_xml(text, operation, shape):
    """Parse a query-protocol answer, refusing everything the shape does not have."""
    root = ElementTree.fromstring(text)
    assert local(root) == f"{operation}Response", root.tag
    parts = {local(child): child for child in root}
    assert "ResponseMetadata" in parts, "no ResponseMetadata"
    if shape is None:
        return None
    return from_element(parts[f"{operation}Result"], shape, operation)


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def from_element(element, shape, where):
    if shape.type_name == "structure":
        names = {m.serialization.get("name", n): n for n, m in shape.members.items()}
        found = {}
        for child in element:
            name = names.get(local(child))
            assert name and name not in found, f"{where}: unexpected {local(child)}"
            found[name] = from_element(child, shape.members[name], f"{where}.{name}")
        return checked_members(found, shape, where)
    if shape.type_name == "list":
        assert all(local(c) == "member" for c in element), f"{where}: not a list of members"
        return [from_element(c, shape.member, f"{where}[]") for c in element]
    if shape.type_name == "map":
        return {e.find("{*}key").text: int(e.find("{*}value").text) for e in element}
    assert len(element) == 0, f"{where}: children in a scalar"
    return from_text(element.text or "", shape, where)


def from_text(text, shape, where):
    kind = shape.type_name
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind in ("integer", "long"):
        return int(text)
    if kind == "timestamp":
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    if kind == "blob":
        return base64.b64decode(text, validate=True)
    return checked_string(text, shape, where)


def checked_string(text, shape, where):
    if any(known.search(f"{where}: {text}") for known in AWS_DEVIATES):
        return text
    limits = shape.metadata
    assert not shape.enum or text in shape.enum, f"{where}: {text!r} not in {shape.enum}"
    assert limits.get("min", 0) <= len(text) <= limits.get("max", 10**9), f"{where}: length of {text!r}"
    pattern = limits.get("pattern", "")
    if pattern and "\\p" not in pattern and "\\u" not in pattern:
        assert re.search(pattern, text), f"{where}: {text!r} does not match {pattern}"
    return text


def checked_members(found, shape, where):
    missing = set(shape.required_members) - set(found)
    if found.get("JobStatus") == "IN_PROGRESS":
        missing.discard("JobCompletionDate")  # required by the model, absent by the documentation
    assert not missing, f"{where}: missing {missing}"
    return found


def read_json(value, shape, where):
    """Check a JSON answer against its shape, refusing unknown members, nulls and wrong types."""
    kind = shape.type_name
    if kind == "structure":
        assert isinstance(value, dict), f"{where}: not an object"
        unknown = set(value) - set(shape.members)
        assert not unknown, f"{where}: unknown {unknown}"
        found = {k: read_json(v, shape.members[k], f"{where}.{k}") for k, v in value.items()}
        return checked_members(found, shape, where)
    if kind == "list":
        return [read_json(item, shape.member, f"{where}[]") for item in value]
    expected = {"boolean": bool, "integer": int, "timestamp": (int, float), "string": str}[kind]
    assert isinstance(value, expected), f"{where}: {value!r} is no {kind}"
    return checked_string(value, shape, where) if kind == "string" else value
