"""The truth against a second, cruder reading: the credential report, and lists written by hand."""

import csv
import io
import unittest
from datetime import datetime, timedelta

from leastwise_lab.kinds import POLICIES
from leastwise_lab.scenarios import large
from tests.worlds import World


class Small(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("small")
        cls.addClassCleanup(cls.world.close)
        cls.pairs = {(f["check"], f["subject"]) for f in cls.world.truth["fail"]}

    def subjects(self, check):
        return {subject for found, subject in self.pairs if found == check}

    def test_by_hand(self):
        """The families where a decoy is easily confused with a defect, spelled out."""
        expected = {
            "iam-access-key-unused": ["access-key/key-used-45/1", "access-key/key-old-never-used/1"],
            "iam-access-key-age": ["access-key/key-age-91/1", "access-key/key-two-active/2"],
            "iam-user-two-access-keys": ["user/key-two-active"],
            "iam-user-initial-access-key": ["access-key/key-initial/1"],
            "iam-user-console-unused": ["user/carol", "user/erin"],
            "iam-user-console-mfa": ["user/bob"],
            "iam-group-empty": ["group/Leavers", "group/Nobody_0,=@-."],
            "iam-users-alike": ["user/twin-a", "user/twin-b", "user/near-a", "user/near-b", "user/same-inline-a", "user/same-inline-b"],
            "iam-policy-not-action": ["policy/KindAllowNotAction", "policy/KindAllowNotActionPassing"],
            "iam-policy-full-admin": [
                "policy/AdminColon",
                "policy/KindFullAdmin",
                "policy/KindFullAdminMixed",
                "policy/NowAdmin",
                "inline-policy/user/inline-admin/all",
                "inline-policy/role/admin-inline/everything",
            ],
            "iam-principal-administrator": [
                "user/inline-admin",
                "user/admin-by-group",
                "user/operator-by-group",
                "group/Admins",
                "group/Operators",
                "role/admin-aws",
                "role/admin-star",
                "role/admin-mixed",
                "role/admin-now",
                "role/admin-inline",
                "role/AWSControlTowerExecution",
                "role/AWSControlTowerExecution-copy",
            ],
            "role-trust-foreign-account": [
                "role/trust-anyone-of-other-org",
                *(f"role/trust-foreign-{n}" for n in ("root", "id", "role", "office")),
            ],
            "role-trust-oidc": [
                "role/trust-github-without-sub",
                "role/trust-github-without-aud",
                "role/trust-github-any-repository",
                "role/trust-github-any-owner",
                "role/trust-github-anything",
                "role/trust-eks-anything",
            ],
            "role-trust-anyone": [
                "role/trust-anyone",
                "role/trust-anyone-aws",
                "role/trust-anyone-external-id",
                "role/trust-anyone-from-office",
                "role/trust-anyone-of-any-org",
                "role/trust-anyone-but-one",
            ],
            "root-mfa": [],
            "root-hardware-mfa": ["root"],
            "root-recent-use": ["root"],
            "password-policy-uppercase": [],
            "password-policy-lowercase": ["password-policy"],
            "iam-server-certificate-expired": ["server-certificate/expired-cert"],
        }
        for check, subjects in expected.items():
            with self.subTest(check):
                self.assertEqual(self.subjects(check), set(subjects))

    def test_nothing_owned_by_aws_fails(self):
        reserved = ("AWSReservedSSO", "AWSServiceRoleFor")
        for check, subject in self.pairs:
            self.assertFalse(any(name in subject for name in reserved), (check, subject))

    def test_keys_and_passwords_against_the_report(self):
        compare_with_report(self, self.world)

    def test_unused_services_against_the_api(self):
        call, now = self.world.caller(), planted_at(self.world)
        found = {subject for subject, arn in principals(call) if has_unused_service(call, arn, now)}
        expected = {row["subject"] for row in self.world.truth["fail_with_last_accessed"]}
        owned_by_aws = {s for s in found if s.startswith(("role/AWSReserved", "role/AWSServiceRole"))}
        self.assertEqual(found - owned_by_aws, expected)

    def test_the_truth_is_sorted_and_without_repetition(self):
        rows = [tuple(row.values()) for row in self.world.truth["fail"]]
        self.assertEqual(rows, sorted(set(rows)))


class Large(unittest.TestCase):
    def test_the_report_of_a_big_account(self):
        world = World("large")
        self.addCleanup(world.close)
        compare_with_report(self, world)
        pages = [world.caller().ok("iam", "GetAccountAuthorizationDetails", MaxItems=1000)]
        pages.append(world.caller().ok("iam", "GetAccountAuthorizationDetails", MaxItems=1000, Marker=pages[0]["Marker"]))
        for name, number in (("UserDetailList", 500), ("RoleDetailList", 500), ("GroupDetailList", 40)):
            self.assertEqual(sum(len(page[name]) for page in pages), number)


def planted_at(world):
    """A moment after planting, as an audit would run then."""
    return datetime.fromisoformat(world.truth["now"].replace("Z", "+00:00")) + timedelta(seconds=60)


def compare_with_report(case, world, call=None, account=None):
    """Of the plain caller's account, or of another one through a session in it."""
    now = planted_at(world)
    found = {pair for row in read_report(call or world.caller()) for pair in judge(row, now)}
    checks = {
        "iam-access-key-age",
        "iam-access-key-unused",
        "iam-user-two-access-keys",
        "iam-user-console-mfa",
        "iam-user-initial-access-key",
    }
    rows = [f for f in world.truth["fail"] if account in (None, f["account"])]
    case.assertEqual(found, {(f["check"], f["subject"]) for f in rows if f["check"] in checks})


def principals(call):
    details = call.ok("iam", "GetAccountAuthorizationDetails", MaxItems=1000)
    for kind in ("User", "Group", "Role"):
        for item in details[f"{kind}DetailList"]:
            yield f"{kind.lower()}/{item[f'{kind}Name']}", item["Arn"]


def has_unused_service(call, arn, now):
    job = call.ok("iam", "GenerateServiceLastAccessedDetails", Arn=arn)["JobId"]
    while (details := call.ok("iam", "GetServiceLastAccessedDetails", JobId=job))["JobStatus"] != "COMPLETED":
        pass
    oldest = now.replace(tzinfo=None) - timedelta(days=90)
    return any(s.get("LastAuthenticated", datetime.min) < oldest for s in details["ServicesLastAccessed"])


def read_report(call):
    while call.ok("iam", "GenerateCredentialReport")["State"] != "COMPLETE":
        pass
    content = call.ok("iam", "GetCredentialReport")["Content"].decode()
    return [row for row in csv.DictReader(io.StringIO(content)) if row["user"] != "<root_account>"]


def judge(row, now):
    """Key and MFA checks straight from a row of the report."""
    user, active = row["user"], [slot for slot in "12" if row[f"access_key_{slot}_active"] == "true"]
    if len(active) == 2:
        yield "iam-user-two-access-keys", f"user/{user}"
    if row["password_enabled"] == "true" and row["mfa_active"] == "false":
        yield "iam-user-console-mfa", f"user/{user}"
    for slot in active:
        made = datetime.fromisoformat(row[f"access_key_{slot}_last_rotated"])
        used = row[f"access_key_{slot}_last_used_date"]
        last = made if used == "N/A" else datetime.fromisoformat(used)
        subject = f"access-key/{user}/{slot}"
        if now - made > timedelta(days=90):
            yield "iam-access-key-age", subject
        if now - last >= timedelta(days=45):
            yield "iam-access-key-unused", subject
        with_user = made - datetime.fromisoformat(row["user_creation_time"]) <= timedelta(seconds=60)
        if used == "N/A" and with_user and row["password_enabled"] == "true":
            yield "iam-user-initial-access-key", subject


class Plans(unittest.TestCase):
    def test_a_seed_decides_everything(self):
        self.assertEqual(large.build(3), large.build(3))
        self.assertNotEqual(large.build(3), large.build(4))

    def test_every_document_has_its_own_kind(self):
        """Inline policies are compared by document, and the truth compares them by kind."""
        documents = [kind.document("1" * 12) for kind in POLICIES.values()]
        self.assertEqual(len(documents), len(set(documents)))


if __name__ == "__main__":
    unittest.main()
