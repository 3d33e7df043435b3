"""The example scenario: the truth against the API in every account, and the same ids every time."""

import unittest

from leastwise_lab.scenarios.example import ACCESS_ROLE, MANAGEMENT, PRODUCTION, SANDBOX
from tests.test_truth import compare_with_report, has_unused_service, planted_at, principals
from tests.worlds import World

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
OF_AWS = ("role/AWSReservedSSO", "role/AWSServiceRole")


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("example")
        cls.addClassCleanup(cls.world.close)

    def test_accounts_of_the_organisation(self):
        accounts = self.world.caller().ok("organizations", "ListAccounts")["Accounts"]
        self.assertEqual([a["Id"] for a in accounts[:3]], [MANAGEMENT, PRODUCTION, SANDBOX])
        self.assertEqual([a["Name"] for a in accounts[:3]], [a["name"] for a in self.world.truth["accounts"]])
        self.assertEqual([a["Status"] for a in accounts], ["ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED"])
        self.assertTrue(all(a["Email"].endswith("@acme.example") for a in accounts))
        caller = self.world.caller().ok("sts", "GetCallerIdentity")
        self.assertEqual(caller["Account"], MANAGEMENT)
        self.assertTrue(caller["Arn"].endswith("/alice@acme.example"))

    def test_keys_and_passwords_against_the_reports(self):
        for account, call in sessions(self.world):
            with self.subTest(account):
                compare_with_report(self, self.world, call, account)

    def test_unused_services_against_the_api(self):
        now = planted_at(self.world)
        for account, call in sessions(self.world):
            with self.subTest(account):
                found = {subject for subject, arn in principals(call) if has_unused_service(call, arn, now)}
                rows = self.world.truth["fail_with_last_accessed"]
                expected = {row["subject"] for row in rows if row["account"] == account}
                self.assertEqual({s for s in found if not s.startswith(OF_AWS)}, expected)

    def test_about_every_check_fails_once(self):
        self.assertEqual(len({row["check"] for row in self.world.truth["fail"]}), 38)

    def test_planted_again_only_dates_differ(self):
        again = World("example")
        self.addCleanup(again.close)
        self.assertEqual(identifiers(again), identifiers(self.world))
        self.assertEqual(again.truth | {"now": 0}, self.world.truth | {"now": 0})


def sessions(world):
    """(account, caller) for the three accounts in use."""
    call = world.caller()
    yield MANAGEMENT, call
    for account in (PRODUCTION, SANDBOX):
        arn = f"arn:aws:iam::{account}:role/{ACCESS_ROLE}"
        made = call.ok("sts", "AssumeRole", RoleArn=arn, RoleSessionName="audit")
        yield account, world.caller(made["Credentials"]["AccessKeyId"])


def identifiers(world):
    """ARNs and unique ids of everything in IAM, and ids in the organisation."""
    found = [world.caller().ok("organizations", "ListPolicies", Filter="SERVICE_CONTROL_POLICY")]
    found.append(world.caller().ok("organizations", "ListRoots"))
    for _, call in sessions(world):
        details = call.ok("iam", "GetAccountAuthorizationDetails", MaxItems=1000)
        for item in [item for name in LISTS for item in details[name]]:
            found.append({key: value for key, value in item.items() if key.endswith(("Arn", "Id"))})
    return found


if __name__ == "__main__":
    unittest.main()
