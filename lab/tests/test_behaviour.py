"""Paging, the credential report's stages, denials, faults, recording: what tests of the tool rely on."""

import csv
import io
import threading
import time
import unittest

from tests.support import Caller

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
READ = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}'
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}'


class Fresh(unittest.TestCase):
    """A lab with a few users, groups, roles and policies."""

    def setUp(self):
        self.call = Caller()
        self.call.control("POST", "reset")
        for i in range(7):
            self.call.ok("iam", "CreateUser", UserName=f"user-{i}")
            self.call.ok("iam", "CreateRole", RoleName=f"role-{i}", AssumeRolePolicyDocument=TRUST)
        for i in range(3):
            self.call.ok("iam", "CreateGroup", GroupName=f"group-{i}")
            self.call.ok("iam", "CreatePolicy", PolicyName=f"policy-{i}", PolicyDocument=READ)
        self.call.ok("iam", "AddUserToGroup", GroupName="group-0", UserName="user-0")
        self.call.ok("iam", "PutUserPolicy", UserName="user-1", PolicyName="own", PolicyDocument=READ)
        arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
        self.call.ok("iam", "AttachRolePolicy", RoleName="role-1", PolicyArn=arn)

    def pages(self, **params):
        found, marker = [], None
        while True:
            more = {"Marker": marker} if marker else {}
            page = self.call.ok("iam", "GetAccountAuthorizationDetails", **params, **more)
            found.append(page)
            marker = page.get("Marker")
            self.assertEqual(page["IsTruncated"], marker is not None)
            if not marker:
                return found

    def joined(self, pages):
        return {name: [item for page in pages for item in page[name]] for name in LISTS}


class Paging(Fresh):
    def test_pages_together_are_the_whole(self):
        whole = self.joined(self.pages(MaxItems=1000))
        self.assertEqual([len(whole[name]) for name in LISTS], [7, 3, 7, 4])
        for size in (1, 2, 3, 10):
            pages = self.pages(MaxItems=size)
            self.assertEqual(self.joined(pages), whole)
            self.assertTrue(all(sum(len(p[n]) for n in LISTS) == size for p in pages[:-1]))

    def test_the_lab_may_cap_a_page(self):
        whole = self.joined(self.pages())
        self.call.control("POST", "page", max_items=4)
        capped = self.pages(MaxItems=1000)
        self.assertEqual(len(capped), 6)
        self.assertEqual(self.joined(capped), whole)

    def test_filters_and_bad_parameters(self):
        only = self.joined(self.pages(**{"Filter.member.1": "AWSManagedPolicy", "Filter.member.2": "Group"}))
        self.assertEqual([len(only[name]) for name in LISTS], [0, 3, 0, 1])
        for bad in ({"MaxItems": 0}, {"MaxItems": 1001}, {"Marker": "x"}, {"Filter.member.1": "Thing"}):
            refused = self.call.refused("iam", "GetAccountAuthorizationDetails", **bad)
            self.assertEqual(refused, (400, "ValidationError"), bad)

    def test_contents(self):
        whole = self.joined(self.pages())
        users = {user["UserName"]: user for user in whole["UserDetailList"]}
        self.assertEqual(users["user-0"]["GroupList"], ["group-0"])
        document = users["user-1"]["UserPolicyList"][0]["PolicyDocument"]
        self.assertIn("%22s3%3AGet%2A%22", document)
        managed = {policy["PolicyName"]: policy for policy in whole["Policies"]}
        self.assertEqual(managed["ReadOnlyAccess"]["AttachmentCount"], 1)
        self.assertEqual(managed["policy-0"]["AttachmentCount"], 0)


class CredentialReport(Fresh):
    def generate(self):
        return self.call.ok("iam", "GenerateCredentialReport")["State"]

    def read(self):
        report = self.call.ok("iam", "GetCredentialReport")
        rows = csv.DictReader(io.StringIO(report["Content"].decode()))
        return report["GeneratedTime"], {row["user"]: row for row in rows}

    def finish(self):
        while self.generate() != "COMPLETE":
            pass

    def test_stages(self):
        self.assertEqual(self.call.refused("iam", "GetCredentialReport"), (410, "ReportNotPresent"))
        self.assertEqual(self.generate(), "STARTED")
        self.assertEqual(self.call.refused("iam", "GetCredentialReport"), (404, "ReportInProgress"))
        self.assertEqual(self.generate(), "INPROGRESS")
        self.assertEqual(self.generate(), "COMPLETE")
        self.assertEqual(len(self.read()[1]), 8)

    def test_stale_until_told_otherwise(self):
        self.call.control("POST", "report", stale=True)
        self.finish()
        generated = self.read()[0]
        self.call.ok("iam", "CreateUser", UserName="late")
        self.finish()
        self.assertNotIn("late", self.read()[1])
        self.assertEqual(self.read()[0], generated)
        self.call.control("POST", "report", stale=False)
        self.finish()
        self.assertIn("late", self.read()[1])

    def test_a_report_expires_after_four_hours(self):
        self.call.control("POST", "report", stale=True)
        self.finish()
        self.call.control("POST", "report", generated="2026-01-01T00:00:00Z")
        self.assertEqual(self.call.refused("iam", "GetCredentialReport"), (410, "ReportExpired"))
        self.assertEqual(self.generate(), "STARTED")

    def test_root_and_a_user(self):
        root = {"mfa": "hardware", "access_keys": [{"created": "2020-01-01T00:00:00Z", "last_used": "2021-01-01T00:00:00Z"}]}
        user = {"created": "2022-01-01T00:00:00Z", "password_changed": "2022-02-01T00:00:00Z"}
        self.call.ok("iam", "CreateLoginProfile", UserName="user-2", Password="x" * 20)
        key = self.call.ok("iam", "CreateAccessKey", UserName="user-2")["AccessKey"]["AccessKeyId"]
        self.call.control("POST", "backdate", root=root, users={"user-2": user}, keys={key: {"created": "2023-01-01T00:00:00Z"}})
        self.finish()
        rows = self.read()[1]
        self.assertEqual(rows["<root_account>"]["mfa_active"], "true")
        self.assertEqual(rows["<root_account>"]["password_enabled"], "not_supported")
        self.assertEqual(rows["<root_account>"]["password_last_used"], "no_information")
        self.assertEqual(rows["<root_account>"]["access_key_1_last_used_date"], "2021-01-01T00:00:00+00:00")
        self.assertEqual(rows["user-2"]["password_last_changed"], "2022-02-01T00:00:00+00:00")
        self.assertEqual(rows["user-2"]["password_last_used"], "no_information")
        self.assertEqual(rows["user-2"]["access_key_1_last_rotated"], "2023-01-01T00:00:00+00:00")
        self.assertEqual(rows["user-2"]["access_key_1_last_used_date"], "N/A")
        self.assertEqual(rows["user-3"]["password_last_changed"], "N/A")


class Control(Fresh):
    def test_denials_in_every_protocol(self):
        actions = ["iam:GetAccountSummary", "organizations:*", "account:GetContactInformation"]
        self.call.control("POST", "deny", actions=actions)
        self.assertEqual(self.call.refused("iam", "GetAccountSummary"), (403, "AccessDenied"))
        self.assertEqual(self.call.refused("organizations", "ListAccounts"), (400, "AccessDeniedException"))
        self.assertEqual(self.call.refused("account", "GetContactInformation"), (403, "AccessDeniedException"))
        self.call.ok("iam", "ListUsers")
        self.call.control("DELETE", "deny")
        self.call.ok("iam", "GetAccountSummary")

    def test_denial_for_one_account(self):
        self.call.control("POST", "deny", actions=["iam:*"], account="111122223333")
        self.call.ok("iam", "ListUsers")

    def test_calls_are_recorded_in_order(self):
        self.call.control("DELETE", "calls")
        self.call.ok("iam", "ListUsers")
        self.call.ok("sts", "GetCallerIdentity")
        self.assertEqual(
            self.call.control("GET", "calls"),
            [
                {"account": "123456789012", "service": "iam", "operation": "ListUsers", "action": "iam:ListUsers"},
                {"account": "123456789012", "service": "sts", "operation": "GetCallerIdentity", "action": "sts:GetCallerIdentity"},
            ],
        )

    def test_faults(self):
        cases = {"throttle": (400, "Throttling"), "expired_token": (403, "ExpiredToken")}
        for kind, expected in cases.items():
            self.call.control("POST", "fault", kind=kind, times=1)
            self.assertEqual(self.call.refused("iam", "ListUsers"), expected)
            self.call.ok("iam", "ListUsers")
        for kind, status in (("html", 502), ("unsupported", 500), ("malformed_xml", 200)):
            self.call.control("POST", "fault", kind=kind, operations=["iam:ListUsers"])
            self.assertEqual(self.call.send("iam", "ListUsers").status_code, status)
            self.call.ok("iam", "ListGroups")
            self.call.control("DELETE", "fault")
        self.call.ok("iam", "ListUsers")

    def test_a_hanging_call_goes_on_when_released(self):
        self.call.control("POST", "fault", kind="hang", operations=["ListUsers"])
        thread = threading.Thread(target=self.call.ok, args=("iam", "ListUsers"))
        thread.start()
        time.sleep(0.2)
        self.assertTrue(thread.is_alive())
        self.call.ok("iam", "ListGroups")
        self.call.control("DELETE", "fault")
        thread.join(5)
        self.assertFalse(thread.is_alive())

    def test_unknown_operations(self):
        self.assertEqual(self.call.refused("iam", "MakeCoffee"), (400, "InvalidAction"))
        self.assertEqual(self.call.refused("iam", "SimulatePrincipalPolicy"), (400, "InvalidAction"))
        self.call.ok("organizations", "CreateOrganization")
        self.assertEqual(self.call.refused("organizations", "MakeCoffee")[1], "UnknownOperationException")

    def test_mistakes_in_control_requests_are_told(self):
        for path, body in (("fault", {"kind": "nonsense"}), ("backdate", {"users": {"ghost": {}}}), ("nothing", {})):
            with self.assertRaises(AssertionError):
                self.call.control("POST", path, **body)

    def test_reset_empties_everything(self):
        self.call.control("POST", "reset")
        self.assertEqual(self.call.ok("iam", "ListUsers")["Users"], [])


class AssumingRoles(Fresh):
    def assume(self, name, **more):
        arn = f"arn:aws:iam::123456789012:role/{name}"
        return {"RoleArn": arn, "RoleSessionName": "test"} | more

    def test_only_roles_that_exist_and_trust_the_caller(self):
        self.call.ok("sts", "AssumeRole", **self.assume("role-0"))
        denied = (403, "AccessDenied")
        self.assertEqual(self.call.refused("sts", "AssumeRole", **self.assume("ghost")), denied)
        other = TRUST.replace("123456789012", "111122223333")
        self.call.ok("iam", "CreateRole", RoleName="other", AssumeRolePolicyDocument=other)
        self.assertEqual(self.call.refused("sts", "AssumeRole", **self.assume("other")), denied)

    def test_external_id(self):
        condition = '"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"42"}}'
        document = TRUST.replace('"Action":"sts:AssumeRole"', condition)
        self.call.ok("iam", "CreateRole", RoleName="outside", AssumeRolePolicyDocument=document)
        self.assertEqual(self.call.refused("sts", "AssumeRole", **self.assume("outside"))[0], 403)
        self.call.ok("sts", "AssumeRole", **self.assume("outside", ExternalId="42"))


if __name__ == "__main__":
    unittest.main()
