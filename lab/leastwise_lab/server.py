"""The WSGI application in front of moto, and the process that serves it on loopback."""

import fnmatch
import json
import logging
import os
import re
import signal
import sys
import threading
import time

from moto.core.base_backend import BackendDict
from moto.iam.models import AWSManagedPolicy, IAMBackend, aws_managed_policies_data, get_account_id_from
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from . import (  # noqa: F401  (importing registers the operations)
    account_ops,
    authorization_details,
    cloudtrail_ops,
    control,
    credential_report,
    iam_ops,
    last_accessed,
    moto_ids,
    organizations_ops,
    s3_ops,
    sts_ops,
    wire,
)
from .faults import play
from .files import write_atomically
from .registry import handler_of
from .state import DEFAULT_ACCOUNT, LabState


def load_policies_of_main_partition(backend):
    """AWS-managed policies for `aws` only: moto would load them for every partition of every account."""
    if backend.partition != "aws":
        return []
    data = json.loads(aws_managed_policies_data)
    return [AWSManagedPolicy.from_data(n, backend.account_id, backend.region_name, d) for n, d in data.items()]


IAMBackend._init_aws_policies = load_policies_of_main_partition


# moto writes dates of IAM with fractions of a second; AWS writes whole seconds.
FRACTION = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z")


class Lab:
    """Records each call, plays faults and denials, answers what moto cannot, and forwards the rest."""

    def __init__(self):
        self.state = LabState()
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/_lab/"):
            reply = control.handle(self, environ)
        else:
            reply = self.aws(environ)
        headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        start_response(f"{reply.status} {'OK' if reply.status < 400 else 'Error'}", headers + reply.headers)
        return [reply.body]

    def aws(self, environ):
        """Answer one AWS call."""
        call = wire.read_call(environ, self.account_of)
        if call is None:
            return self.forward(environ)
        if call.account == self.state.identity.account:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        self.record(call)
        fault = self.state.take_fault(call)
        reply = play(call, fault, self.state) if fault else None
        if reply:
            return reply
        with self.state.lock:
            if self.denied(call):
                return wire.access_denied(call)
            return self.dispatch(call)

    def account_of(self, access_key):
        """The account that a key was handed out in; any other key is the lab's own."""
        owner = get_account_id_from(access_key)
        return self.state.identity.account if owner == DEFAULT_ACCOUNT else owner

    def record(self, call):
        entry = {"account": call.account, "service": call.service, "operation": call.operation}
        entry["action"] = call.action
        self.state.calls.append(entry)

    def denied(self, call):
        for denial in self.state.denials:
            if denial["account"] in (None, call.account):
                if any(fnmatch.fnmatch(call.action.lower(), a.lower()) for a in denial["actions"]):
                    return True
        return False

    def dispatch(self, call):
        handler = handler_of(call)
        reply = handler(call, self) if handler else None
        if reply is None:
            reply = self.forward(call.environ)
        if reply.status >= 400 and reply.content_type.startswith("text/html"):
            return unknown_operation(call)
        if call.protocol == "query":
            reply.body = FRACTION.sub(rb"\1Z", reply.body)
        return reply

    def forward(self, environ):
        """moto's answer; its crashes (an operation it lacks) become an HTML page like any other."""
        got = {}

        def start_response(status, headers, _error=None):
            got.update(status=int(status.split()[0]), headers=headers)

        try:
            body = b"".join(self.moto(environ, start_response))
        except Exception as problem:  # moto's own bug or gap: the client must see a failure
            logging.getLogger(__name__).debug("moto failed: %r", problem)
            return wire.Reply(500, b"<html>Internal Server Error</html>", "text/html")
        dropped = ("content-type", "content-length")
        kept = [(k, v) for k, v in got["headers"] if k.lower() not in dropped]
        kind = dict((k.lower(), v) for k, v in got["headers"]).get("content-type", "text/xml")
        return wire.Reply(got["status"], body, kind, kept)

    def reset_moto(self):
        BackendDict.reset()


def unknown_operation(call):
    """What AWS says to an operation it does not know."""
    if call.protocol == "query":
        message = f"Could not find operation {call.operation} for version {call.params.get('Version')}"
        return wire.error(call, "InvalidAction", message)
    return wire.error(call, "UnknownOperationException", f"Unknown operation {call.operation}", 404)


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open between calls, and does not log each one."""

    def log_request(self, *_args):
        pass


def serve(port, port_file=None, exit_with_stdin=False, ready=None):
    """Serve until SIGTERM (or until the parent is gone); prints the endpoint once ready."""
    server = make_server("127.0.0.1", port, Lab(), threaded=True, request_handler=QuietHandler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if exit_with_stdin:
        threading.Thread(target=exit_at_end_of_stdin, daemon=True).start()
        threading.Thread(target=exit_with_parent, args=(os.getppid(),), daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    if port_file:
        write_atomically(port_file, str(server.server_port))
    if ready:
        threading.Thread(target=ready, args=(endpoint,), daemon=True).start()
    else:
        print(endpoint, flush=True)
    server.serve_forever()


def exit_at_end_of_stdin():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def exit_with_parent(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)
