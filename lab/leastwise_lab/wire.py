"""The wire protocols the lab speaks: reading a request, writing a reply or an error.

IAM, STS and SNS use the query protocol (form in, XML out); Organizations, KMS, SQS, Secrets
Manager and ECR use JSON; Account Management and Lambda use REST-JSON; S3 uses REST-XML. Errors
look different in each, and an SDK recognises an error only when it looks exactly right.
"""

import base64
import io
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from .rest import read_route

NAMESPACES = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "sns": "http://sns.amazonaws.com/doc/2010-03-31/",
}
PROTOCOLS = {
    "iam": "query",
    "sts": "query",
    "sns": "query",
    "account": "rest-json",
    "lambda": "rest-json",
    "s3": "rest-xml",
    "s3control": "rest-xml",
}
# Operations whose IAM action has another name.
ACTIONS = {
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
    ("s3control", "GetPublicAccessBlock"): "s3:GetAccountPublicAccessBlock",
}
SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass
class Call:
    """One AWS API call as it arrived."""

    account: str
    service: str
    operation: str
    region: str
    params: dict
    environ: dict

    @property
    def protocol(self):
        return PROTOCOLS.get(self.service, "json")

    @property
    def action(self):
        """The IAM action that this call needs, e.g. `iam:ListUsers`."""
        return ACTIONS.get((self.service, self.operation), f"{self.service}:{self.operation}")

    def members(self, name):
        """A query-protocol list parameter (`Name.member.1`, `.2`, …) in order."""
        prefix = f"{name}.member."
        found = [(int(k[len(prefix):]), v) for k, v in self.params.items() if k.startswith(prefix)]
        return [value for _, value in sorted(found)]


@dataclass
class Reply:
    """What goes back over HTTP."""

    status: int
    body: bytes
    content_type: str
    headers: list = field(default_factory=list)


class Map(dict):
    """A dict that the query protocol writes as `<entry><key/><value/></entry>` items."""


def read_call(environ, account_of):
    """The AWS call in a request, or None if the request is not a signed AWS call."""
    scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    if not scope:
        return None
    access_key, region, service = scope.groups()
    body = read_body(environ)
    routed = read_route(service, environ)
    if routed:
        service, operation, params = routed
    else:
        operation, params = read_operation(environ, body)
    return Call(account_of(access_key), service, operation, region, params, environ)


def read_body(environ):
    """Read the request's body and put it back for the next reader."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def read_operation(environ, body):
    """The operation's name and its parameters, whichever protocol carries them."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.rsplit(".", 1)[-1], parse_json(body)
    if "form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return form.get("Action", ""), form
    name = environ.get("PATH_INFO", "/").strip("/").split("/")[0]
    return name[:1].upper() + name[1:], parse_json(body)


def parse_json(body):
    """A JSON object, or an empty one where the body holds none."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def timestamp(value):
    """A UTC date as AWS writes it, to the second."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def to_xml(tag, value):
    """One XML element; absent values (None) leave no element, lists become `<member>` items."""
    if value is None:
        return ""
    if isinstance(value, Map):
        inner = "".join(to_xml("entry", {"key": k, "value": v}) for k, v in value.items())
    elif isinstance(value, dict):
        inner = "".join(to_xml(k, v) for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        inner = "".join(to_xml("member", v) for v in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    elif isinstance(value, datetime):
        inner = timestamp(value)
    elif isinstance(value, bytes):
        inner = base64.b64encode(value).decode()
    else:
        inner = escape(str(value))
    return f"<{tag}>{inner}</{tag}>"


def answer(call, result=None):
    """A successful reply in the call's protocol."""
    if call.protocol == "query":
        return xml_answer(call, result)
    kind = "application/x-amz-json-1.1" if call.protocol == "json" else "application/json"
    return Reply(200, json.dumps(result or {}).encode(), kind)


def rest_xml_answer(name, inner):
    """A successful reply of S3."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    body = f'{head}<{name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inner}</{name}>'
    return Reply(200, body.encode(), "application/xml")


def xml_answer(call, result):
    name, namespace = call.operation, NAMESPACES[call.service]
    wrapped = "" if result is None else to_xml(f"{name}Result", result)
    metadata = to_xml("ResponseMetadata", {"RequestId": str(uuid.uuid4())})
    body = f'<{name}Response xmlns="{namespace}">{wrapped}{metadata}</{name}Response>'
    return Reply(200, body.encode(), "text/xml")


def error(call, code, message, status=400):
    """A failed reply in the call's protocol; JSON 1.1 services answer 400 to every client error."""
    if call.protocol == "query":
        content = {"Type": "Sender", "Code": code, "Message": message}
        inner = to_xml("Error", content) + to_xml("RequestId", str(uuid.uuid4()))
        body = f'<ErrorResponse xmlns="{NAMESPACES[call.service]}">{inner}</ErrorResponse>'
        return Reply(status, body.encode(), "text/xml")
    if call.protocol == "rest-xml":
        return rest_xml_error(call, code, message, status)
    if call.protocol == "json":
        body = json.dumps({"__type": code, "Message": message})
        return Reply(400, body.encode(), "application/x-amz-json-1.1")
    body = json.dumps({"message": message})
    return Reply(status, body.encode(), "application/json", [("x-amzn-ErrorType", code)])


def rest_xml_error(call, code, message, status):
    """S3's errors stand alone; those of its control plane have a wrapper."""
    inner = to_xml("Code", code) + to_xml("Message", message)
    if call.service == "s3control":
        body = f"<ErrorResponse><Error>{inner}</Error>{to_xml('RequestId', str(uuid.uuid4()))}</ErrorResponse>"
    else:
        body = f"<Error>{inner}{to_xml('RequestId', str(uuid.uuid4()))}</Error>"
    return Reply(status, f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode(), "application/xml")


def access_denied(call, message=None):
    """The refusal a caller without the permission gets."""
    text = message or (
        f"User: arn:aws:iam::{call.account}:user/lab is not authorized to perform: "
        f"{call.action} because no identity-based policy allows the {call.action} action"
    )
    code = "AccessDenied" if call.protocol in ("query", "rest-xml") else "AccessDeniedException"
    if call.service == "sns":
        code = "AuthorizationError"
    return error(call, code, text, 403)
