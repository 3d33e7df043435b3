"""A lab in a process of its own, populated with a scenario."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from tests.support import Caller

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def lab_process(*arguments, **options):
    command = [sys.executable, "-m", "leastwise_lab", *arguments]
    return subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)


class World:
    """Serves and populates; `close` ends the process."""

    def __init__(self, scenario=None):
        self.process = lab_process("serve", "--exit-with-stdin")
        self.endpoint = self.process.stdout.readline().strip()
        self.truth = self.populate(scenario) if scenario else None

    def populate(self, scenario, seed=1):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "truth.json")
            done = lab_process("populate", scenario, "--endpoint", self.endpoint, "--truth", path, "--seed", str(seed))
            done.communicate()
            if done.returncode:
                self.close()
                raise AssertionError(f"populate {scenario} failed")
            with open(path, encoding="utf-8") as truth:
                return json.load(truth)

    def caller(self, access_key="lab"):
        return RemoteCaller(self.endpoint, access_key)

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class RemoteCaller(Caller):
    """The same calls over HTTP."""

    def __init__(self, endpoint, access_key):
        self.access_key = access_key
        self.client = HttpClient(endpoint)


class HttpClient:
    """As much of werkzeug's test client as a Caller uses."""

    def __init__(self, endpoint):
        self.endpoint = endpoint

    def post(self, path, data, content_type, headers):
        return self.open(path, "POST", data.encode(), headers | {"Content-Type": content_type})

    def open(self, path, method, data=None, headers=None, json=None):
        if json is not None:
            data = dumps(json)
        request = urllib.request.Request(self.endpoint + path, data, headers or {}, method=method)
        try:
            return Answer(OPEN(request, timeout=60))
        except urllib.error.HTTPError as refused:
            return Answer(refused)


def dumps(value):
    return json.dumps(value).encode()


class Answer:
    def __init__(self, response):
        with response:
            self.status_code, self.headers = response.status, response.headers
            self.text = response.read().decode()

    @property
    def json(self):
        return json.loads(self.text)
