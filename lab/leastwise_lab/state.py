"""What the lab remembers besides moto: root users, reports, contacts, faults, recorded calls."""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

DEFAULT_ACCOUNT = "123456789012"


def now():
    """The present instant as moto keeps it: UTC without a time zone, whole seconds."""
    return datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)


def parse_instant(text):
    """A date of a control request (`2026-01-31T12:00:00Z`) in moto's form; None stays None."""
    if text is None:
        return None
    value = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value


@dataclass
class RootKey:
    """An access key of root, which no API can create."""

    active: bool = True
    created: datetime = field(default_factory=now)
    last_used: datetime | None = None
    service: str = "iam"
    region: str = "us-east-1"


@dataclass
class RootUser:
    """The root user of an account; `mfa` is none, virtual or hardware."""

    password_present: bool = True
    password_last_used: datetime | None = None
    mfa: str = "none"
    mfa_enabled: datetime = field(default_factory=now)
    access_keys: list[RootKey] = field(default_factory=list)
    signing_certificates: int = 0
    created: datetime = field(default_factory=lambda: now() - timedelta(days=1500))


@dataclass
class Report:
    """The credential report: how far its generation is, and the last one finished."""

    step: int = 0
    content: bytes | None = None
    generated: datetime | None = None


@dataclass
class AccountState:
    """Everything kept for one account."""

    root: RootUser = field(default_factory=RootUser)
    report: Report = field(default_factory=Report)
    contact: dict | None = None
    user_boundaries: dict = field(default_factory=dict)
    password_changed: dict = field(default_factory=dict)
    certificate_uploaded: dict = field(default_factory=dict)
    last_accessed: dict = field(default_factory=lambda: defaultdict(dict))
    jobs: dict = field(default_factory=dict)


@dataclass
class Fault:
    """A planned misbehaviour, for some operations or all, for some calls or until removed."""

    kind: str
    operations: list[str]
    times: int | None
    seconds: float = 120.0
    status: int | None = None


@dataclass
class Identity:
    """Who an unknown access key belongs to, and ids laid down for the organisation it makes."""

    account: str = DEFAULT_ACCOUNT
    caller: str | None = None
    name: str | None = None
    email: str | None = None
    organization: str | None = None
    members: list[str] = field(default_factory=list)


class LabState:
    """The lab's own memory, and the lock that keeps moto's writes apart."""

    def __init__(self):
        self.lock = threading.RLock()
        self.release_hangs = threading.Event()
        self.clear()

    def clear(self):
        """Forget everything, as after a fresh start."""
        self.accounts = defaultdict(AccountState)
        self.root_features = []
        self.identity = Identity()
        self.denials = []
        self.calls = []
        self.faults = []
        self.page_cap = None
        self.stale_report = False
        self.trails = defaultdict(lambda: {"events": [], "keys": []})
        self.end_hangs()

    def end_hangs(self):
        """Let every call that hangs now go on; later ones hang on a fresh event."""
        self.release_hangs.set()
        self.release_hangs = threading.Event()

    def take_fault(self, call):
        """The fault to play on this call, counted down; None for a healthy call."""
        with self.lock:
            for fault in self.faults:
                if fault.operations and not {call.operation, call.action} & set(fault.operations):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                return fault
        return None
