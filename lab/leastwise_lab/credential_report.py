"""The credential report: all 22 columns, the row of root, and AWS's way of making it wait."""

import csv
import io
from datetime import timedelta

from moto.iam.models import iam_backends

from . import wire
from .registry import operation
from .state import now

COLUMNS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
).split(",")
LIFETIME = timedelta(hours=4)
NO_KEY = ["false", "N/A", "N/A", "N/A", "N/A"]


@operation("iam", "GenerateCredentialReport")
def generate_credential_report(call, lab):
    """STARTED, INPROGRESS, COMPLETE; afterwards COMPLETE, with a fresh report unless staleness is on."""
    report = lab.state.accounts[call.account].report
    if report.generated and now() - report.generated >= LIFETIME:
        report.step, report.content, report.generated = 0, None, None
    report.step = min(report.step + 1, 3)
    if report.step == 1:
        text = "No report exists. Starting a new report generation task"
        return wire.answer(call, {"State": "STARTED", "Description": text})
    if report.step == 2:
        return wire.answer(call, {"State": "INPROGRESS"})
    if report.content is None or not lab.state.stale_report:
        report.content = render(call.account, lab.state.accounts[call.account])
        report.generated = now()
    return wire.answer(call, {"State": "COMPLETE"})


@operation("iam", "GetCredentialReport")
def get_credential_report(call, lab):
    report = lab.state.accounts[call.account].report
    if report.step == 0:
        return wire.error(call, "ReportNotPresent", "Credential report is not present.", 410)
    if report.content is None:
        return wire.error(call, "ReportInProgress", "Credential report is still being generated.", 404)
    if now() - report.generated >= LIFETIME:
        return wire.error(call, "ReportExpired", "Credential report has expired.", 410)
    result = {
        "Content": report.content,
        "ReportFormat": "text/csv",
        "GeneratedTime": report.generated,
    }
    return wire.answer(call, result)


def render(account, extra):
    """The report's CSV: root first, then the users by name."""
    backend = iam_backends[account]["aws"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(root_row(account, extra.root))
    for user in sorted(backend.users.values(), key=lambda user: user.name):
        writer.writerow(user_row(user, extra, backend.account_password_policy))
    return out.getvalue().encode()


def instant(value):
    return value.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def truth_value(value):
    return "true" if value else "false"


def root_row(account, root):
    """Root's password cannot be described, so AWS says `not_supported`; without one, `false`."""
    used = instant(root.password_last_used) if root.password_last_used else "no_information"
    password = ["not_supported", used, "not_supported", "not_supported"]
    if not root.password_present:
        password = ["false", "N/A", "N/A", "N/A"]
    row = ["<root_account>", f"arn:aws:iam::{account}:root", instant(root.created)]
    row += password + [truth_value(root.mfa != "none")]
    for slot in range(2):
        row += root_key(root.access_keys[slot]) if slot < len(root.access_keys) else NO_KEY
    for slot in range(2):
        row += [truth_value(slot < root.signing_certificates), "N/A"]
    return row


def root_key(key):
    return key_columns(key.active, key.created, key.last_used, key.region, key.service)


def key_columns(active, created, used, region, service):
    where = [instant(used), region, service] if used else ["N/A", "N/A", "N/A"]
    return [truth_value(active), instant(created)] + where


def user_row(user, extra, policy):
    row = [user.name, user.arn, instant(user.create_date)]
    row += password_columns(user, extra, policy)
    row.append(truth_value(user.mfa_devices))
    for slot in range(2):
        row += user_key(user.access_keys[slot]) if slot < len(user.access_keys) else NO_KEY
    return row + certificate_columns(user)


def password_columns(user, extra, policy):
    """Enabled, last used, last changed, next rotation; the last only under an expiry policy."""
    if not user.password:
        return ["false", "N/A", "N/A", "N/A"]
    used = instant(user.password_last_used) if user.password_last_used else "no_information"
    changed = extra.password_changed.get(user.name, user.create_date)
    days = policy.max_password_age if policy else None
    rotation = instant(changed + timedelta(days=days)) if days else "N/A"
    return ["true", used, instant(changed), rotation]


def user_key(key):
    used = key.last_used
    stamp = used.timestamp if used else None
    region, service = (used.region, used.service) if used else (None, None)
    return key_columns(key.status == "Active", key.create_date, stamp, region, service)


def certificate_columns(user):
    columns = []
    for certificate in list(user.signing_certificates.values())[:2]:
        columns += [truth_value(certificate.status == "Active"), instant(certificate.upload_date)]
    return columns + ["false", "N/A"] * (2 - len(columns) // 2)
