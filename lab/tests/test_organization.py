"""The organisation scenario: who may ask what, sessions into members, policies, root management."""

import unittest

from leastwise_lab.scenarios.organization import SECOND_ROLE
from tests.support import Caller
from tests.worlds import World


class Organization(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("organization")
        cls.addClassCleanup(cls.world.close)
        cls.call = cls.world.caller()
        cls.ids = {account["name"]: account["id"] for account in cls.world.truth["accounts"]}

    def session(self, account, role):
        arn = f"arn:aws:iam::{self.ids[account]}:role/{role}"
        made = self.call.ok("sts", "AssumeRole", RoleArn=arn, RoleSessionName="test")
        return self.world.caller(made["Credentials"]["AccessKeyId"])

    def test_reads_of_the_management_account(self):
        accounts = self.call.ok("organizations", "ListAccounts")["Accounts"]
        self.assertEqual(sorted(a["Status"] for a in accounts), ["ACTIVE", "ACTIVE", "ACTIVE", "SUSPENDED"])
        self.assertTrue(all("@" in a["Email"] for a in accounts))
        self.call.ok("organizations", "DescribeOrganization")
        root = self.call.ok("organizations", "ListRoots")["Roots"][0]["Id"]
        units = self.call.ok("organizations", "ListOrganizationalUnitsForParent", ParentId=root)
        self.assertEqual(len(units["OrganizationalUnits"]), 3)
        admins = self.call.ok("organizations", "ListDelegatedAdministrators")["DelegatedAdministrators"]
        self.assertEqual([a["Id"] for a in admins], [self.ids["workload"]])
        self.call.ok("organizations", "ListDelegatedServicesForAccount", AccountId=self.ids["workload"])

    def test_policies_of_both_kinds(self):
        for kind, own in (("SERVICE_CONTROL_POLICY", "DenyLeaving"), ("RESOURCE_CONTROL_POLICY", "OnlyTls")):
            found = self.call.ok("organizations", "ListPolicies", Filter=kind)["Policies"]
            policy = next(p for p in found if p["Name"] == own)
            self.call.ok("organizations", "DescribePolicy", PolicyId=policy["Id"])
            target = self.call.ok("organizations", "ListTargetsForPolicy", PolicyId=policy["Id"])["Targets"][0]
            there = self.call.ok("organizations", "ListPoliciesForTarget", TargetId=target["TargetId"], Filter=kind)
            self.assertIn(own, [p["Name"] for p in there["Policies"]])

    def test_pages_of_accounts(self):
        first = self.call.ok("organizations", "ListAccounts", MaxResults=3)
        rest = self.call.ok("organizations", "ListAccounts", MaxResults=3, NextToken=first["NextToken"])
        self.assertEqual(len({a["Id"] for a in first["Accounts"] + rest["Accounts"]}), 4)

    def test_members(self):
        sandbox = self.session("sandbox", SECOND_ROLE)
        self.assertEqual(sandbox.ok("sts", "GetCallerIdentity")["Account"], self.ids["sandbox"])
        organization = sandbox.ok("organizations", "DescribeOrganization")["Organization"]
        self.assertEqual(organization["MasterAccountId"], self.ids["management"])
        denied = (400, "AccessDeniedException")
        self.assertEqual(sandbox.refused("organizations", "ListAccounts"), denied)
        self.assertEqual(len(sandbox.ok("iam", "ListUsers")["Users"]), 2)
        summary = sandbox.ok("iam", "GetAccountSummary")["SummaryMap"]
        self.assertEqual((summary["AccountPasswordPresent"], summary["AccountMFAEnabled"]), (0, 0))

    def test_a_delegated_administrator_may_read(self):
        workload = self.session("workload", "OrganizationAccountAccessRole")
        self.assertEqual(len(workload.ok("organizations", "ListAccounts")["Accounts"]), 4)
        refused = workload.refused("organizations", "CreateOrganizationalUnit", ParentId="r-abcd", Name="x")
        self.assertEqual(refused[1], "AccessDeniedException")

    def test_the_closed_account_cannot_be_entered(self):
        accounts = self.call.ok("organizations", "ListAccounts")["Accounts"]
        closed = next(a["Id"] for a in accounts if a["Status"] == "SUSPENDED")
        arn = f"arn:aws:iam::{closed}:role/OrganizationAccountAccessRole"
        refused = self.call.refused("sts", "AssumeRole", RoleArn=arn, RoleSessionName="test")
        self.assertEqual(refused, (403, "AccessDenied"))

    def test_central_root_management(self):
        features = self.call.ok("iam", "ListOrganizationsFeatures")
        self.assertEqual(features["EnabledFeatures"], ["RootCredentialsManagement"])
        member = self.session("sandbox", SECOND_ROLE)
        self.assertEqual(member.refused("iam", "ListOrganizationsFeatures")[0], 400)

    def test_contacts_and_mail_of_members(self):
        workload = {"AccountId": self.ids["workload"]}
        self.call.ok("account", "GetContactInformation", **workload)
        email = self.call.ok("account", "GetPrimaryEmail", **workload)["PrimaryEmail"]
        self.assertEqual(email, "jane.doe@example.com")


class Standalone(unittest.TestCase):
    def test_no_organization(self):
        call = Caller()
        call.control("POST", "reset")
        missing = (400, "AWSOrganizationsNotInUseException")
        self.assertEqual(call.refused("organizations", "DescribeOrganization"), missing)
        self.assertEqual(call.refused("organizations", "ListAccounts"), missing)


if __name__ == "__main__":
    unittest.main()
