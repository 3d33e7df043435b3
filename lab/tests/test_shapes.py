"""Every answer an auditor reads fits botocore's service models: nothing unknown, missing or mistyped."""

import unittest

from leastwise_lab.scenarios import small
from leastwise_lab.truth import failures
from tests.support import Caller
from tests.worlds import World


class Iam(unittest.TestCase):
    """IAM against the small scenario, in a process of its own."""

    @classmethod
    def setUpClass(cls):
        cls.world = World("small")
        cls.addClassCleanup(cls.world.close)
        cls.call = cls.world.caller()

    def test_operations_without_parameters(self):
        for operation in (
            "GetAccountSummary",
            "GetAccountPasswordPolicy",
            "ListUsers",
            "ListGroups",
            "ListRoles",
            "ListPolicies",
            "ListSAMLProviders",
            "ListOpenIDConnectProviders",
            "ListServerCertificates",
            "ListAccountAliases",
            "ListMFADevices",
            "ListVirtualMFADevices",
            "GetAccountAuthorizationDetails",
        ):
            with self.subTest(operation):
                self.call.ok("iam", operation)
        self.call.ok("sts", "GetCallerIdentity")

    def test_operations_on_one_thing(self):
        user = {"UserName": "key-two-active"}
        keys = self.call.ok("iam", "ListAccessKeys", **user)["AccessKeyMetadata"]
        self.assertEqual(len(keys), 2)
        self.call.ok("iam", "GetAccessKeyLastUsed", AccessKeyId=keys[0]["AccessKeyId"])
        self.call.ok("iam", "ListGroupsForUser", **user)
        self.call.ok("iam", "GetLoginProfile", UserName="alice")
        self.call.ok("iam", "GetServerCertificate", ServerCertificateName="expired-cert")
        device = self.call.ok("iam", "ListMFADevices", UserName="carol")["MFADevices"][0]
        self.assertEqual(device["SerialNumber"], "GAHT00000005")
        fido = self.call.ok("iam", "ListMFADevices", UserName="dave")["MFADevices"][0]
        self.assertIn(":u2f/", fido["SerialNumber"])

    def test_root_in_the_device_lists(self):
        root = self.call.ok("iam", "ListMFADevices")["MFADevices"][0]
        self.assertTrue(root["SerialNumber"].endswith(":mfa/root-account-mfa-device"))
        assigned = self.call.ok("iam", "ListVirtualMFADevices", AssignmentStatus="Assigned")
        arns = [d["User"]["Arn"] for d in assigned["VirtualMFADevices"]]
        self.assertIn("arn:aws:iam::123456789012:root", arns)
        self.call.ok("iam", "CreateVirtualMFADevice", VirtualMFADeviceName="spare")
        loose = self.call.ok("iam", "ListVirtualMFADevices", AssignmentStatus="Unassigned")
        self.assertEqual(len(loose["VirtualMFADevices"]), 1)
        page = self.call.ok("iam", "ListVirtualMFADevices", MaxItems=1)
        self.assertTrue(page["IsTruncated"])

    def test_summary_follows_the_state(self):
        summary = self.call.ok("iam", "GetAccountSummary")["SummaryMap"]
        plan = small.build()
        self.assertEqual(summary["Users"], len(plan.users))
        self.assertEqual(summary["Roles"], len(plan.roles))
        self.assertEqual(summary["Groups"], len(plan.groups))
        self.assertEqual(summary["Policies"], len(plan.policies))
        self.assertEqual(summary["AccountMFAEnabled"], 1)
        self.assertEqual(summary["AccountAccessKeysPresent"], 1)
        self.assertEqual(summary["AccountPasswordPresent"], 1)
        self.assertEqual(summary["MFADevicesInUse"], sum(bool(u.mfa) for u in plan.users) + 1)

    def test_permissions_boundary_of_a_user(self):
        arn = "arn:aws:iam::123456789012:policy/OnlyABoundary"
        self.call.ok("iam", "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=arn)
        details = self.call.ok("iam", "GetAccountAuthorizationDetails", MaxItems=1000)
        bob = next(u for u in details["UserDetailList"] if u["UserName"] == "bob")
        self.assertEqual(bob["PermissionsBoundary"]["PermissionsBoundaryArn"], arn)
        self.call.ok("iam", "DeleteUserPermissionsBoundary", UserName="bob")
        again = self.call.refused("iam", "DeleteUserPermissionsBoundary", UserName="bob")
        self.assertEqual(again, (404, "NoSuchEntity"))

    def test_last_accessed(self):
        arn = "arn:aws:iam::123456789012:user/same-inline-a"
        job = self.call.ok("iam", "GenerateServiceLastAccessedDetails", Arn=arn)["JobId"]
        first = self.call.ok("iam", "GetServiceLastAccessedDetails", JobId=job)
        self.assertEqual(first["JobStatus"], "IN_PROGRESS")
        second = self.call.ok("iam", "GetServiceLastAccessedDetails", JobId=job)
        self.assertEqual(second["JobStatus"], "COMPLETED")
        self.assertEqual([s["ServiceNamespace"] for s in second["ServicesLastAccessed"]], ["sqs"])
        self.assertIn("LastAuthenticated", second["ServicesLastAccessed"][0])

    def test_server_certificates_tell_their_expiry(self):
        found = self.call.ok("iam", "ListServerCertificates")["ServerCertificateMetadataList"]
        years = {c["ServerCertificateName"]: c["Expiration"] for c in found}
        self.assertLess(years["expired-cert"], years["valid-cert"])


class Account(unittest.TestCase):
    def test_contacts(self):
        call = Caller()
        call.control("POST", "reset")
        kind = {"AlternateContactType": "SECURITY"}
        missing = (404, "ResourceNotFoundException")
        self.assertEqual(call.refused("account", "GetContactInformation"), missing)
        self.assertEqual(call.refused("account", "GetAlternateContact", **kind), missing)
        contact = {"FullName": "A", "AddressLine1": "B", "City": "C", "CountryCode": "GB", "PostalCode": "D", "PhoneNumber": "+44"}
        self.assertEqual(call.send("account", "PutContactInformation", ContactInformation=contact).status_code, 200)
        self.assertEqual(call.ok("account", "GetContactInformation")["ContactInformation"], contact)
        security = kind | {"EmailAddress": "s@example.com", "Name": "S", "PhoneNumber": "+44", "Title": "T"}
        self.assertEqual(call.send("account", "PutAlternateContact", **security).status_code, 200)
        self.assertEqual(call.ok("account", "GetAlternateContact", **kind)["AlternateContact"], security)

    def test_other_accounts_are_closed_to_strangers(self):
        call = Caller()
        call.control("POST", "reset")
        refused = call.refused("account", "GetContactInformation", AccountId="111122223333")
        self.assertEqual(refused, (403, "AccessDeniedException"))


class PlanIsComplete(unittest.TestCase):
    def test_every_check_that_can_fail_fails_somewhere(self):
        from leastwise_lab.plan import Config
        from leastwise_lab.scenarios import large, organization

        config = Config(break_glass_users=["break-glass"], people=[organization.WORKLOAD_EMAIL])
        plans = [small.build(), large.build(1), organization.workload_plan("1" * 12), organization.sandbox_plan()]
        seen = {check for plan in plans for check, _ in failures(plan, config)}
        self.assertEqual(len(seen), 38, sorted(seen))


if __name__ == "__main__":
    unittest.main()
