"""Resources in the lab: S3 minds regions, and refusals look as each protocol has them."""

import unittest

import boto3
from botocore.exceptions import ClientError

from leastwise_lab.plant import FAST
from tests.worlds import World

KEYS = {"aws_access_key_id": "lab", "aws_secret_access_key": "lab"}
REFUSED = {
    "s3": ("list_buckets", "s3:ListAllMyBuckets", "AccessDenied"),
    "kms": ("list_keys", "kms:ListKeys", "AccessDeniedException"),
    "sqs": ("list_queues", "sqs:ListQueues", "AccessDeniedException"),
    "sns": ("list_topics", "sns:ListTopics", "AuthorizationError"),
    "lambda": ("list_functions", "lambda:ListFunctions", "AccessDeniedException"),
    "secretsmanager": ("list_secrets", "secretsmanager:ListSecrets", "AccessDeniedException"),
    "ecr": ("describe_repositories", "ecr:DescribeRepositories", "AccessDeniedException"),
}


class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("resources")
        cls.addClassCleanup(cls.world.close)

    def client(self, service, region="us-east-1"):
        return boto3.client(service, region_name=region, endpoint_url=self.world.endpoint, config=FAST, **KEYS)

    def test_buckets_have_regions_and_pages(self):
        s3 = self.client("s3")
        first = s3.list_buckets(MaxBuckets=3)
        rest = s3.list_buckets(MaxBuckets=3, ContinuationToken=first["ContinuationToken"])
        self.assertNotIn("ContinuationToken", rest)
        found = {b["Name"]: b["BucketRegion"] for b in first["Buckets"] + rest["Buckets"]}
        home = dict.fromkeys(("logs.example.com", "plain", "public-reports"), "us-east-1")
        self.assertEqual(found, home | {"eu-archive": "eu-west-1"})

    def test_a_bucket_answers_in_its_own_region(self):
        self.assertIn("Policy", self.client("s3", "eu-west-1").get_bucket_policy(Bucket="eu-archive"))
        with self.assertRaises(ClientError) as refused:
            self.client("s3").get_bucket_policy(Bucket="eu-archive")
        self.assertEqual(refused.exception.response["Error"]["Code"], "AuthorizationHeaderMalformed")

    def test_refusals_in_every_protocol(self):
        caller = self.world.caller()
        for service, (operation, action, code) in REFUSED.items():
            with self.subTest(service):
                call = getattr(self.client(service), operation)
                call()
                caller.control("POST", "deny", actions=[action])
                self.addCleanup(caller.control, "DELETE", "deny")
                with self.assertRaises(ClientError) as refused:
                    call()
                self.assertEqual(refused.exception.response["Error"]["Code"], code)
                caller.control("DELETE", "deny")


if __name__ == "__main__":
    unittest.main()
