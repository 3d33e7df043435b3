"""CloudTrail in the lab: event history, public keys, and log files in a bucket."""

import unittest

import boto3

from leastwise_lab.plant import FAST
from tests.worlds import World

KEYS = {"aws_access_key_id": "lab", "aws_secret_access_key": "lab"}


class Trail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("small")
        cls.addClassCleanup(cls.world.close)

    def client(self, service, region="us-east-1"):
        return boto3.client(service, region_name=region, endpoint_url=self.world.endpoint, config=FAST, **KEYS)

    def test_events_come_newest_first_in_pages(self):
        records = [{"eventID": str(n), "eventName": "x", "eventTime": f"2026-01-01T00:00:{n:02}Z"} for n in range(60)]
        self.world.caller().control("POST", "trail", region="eu-west-1", events=records)
        client = self.client("cloudtrail", "eu-west-1")
        pages = list(client.get_paginator("lookup_events").paginate(EndTime="2026-01-01T00:00:54Z"))
        self.assertEqual([len(page["Events"]) for page in pages], [50, 5])
        self.assertEqual(pages[0]["Events"][0]["EventId"], "54")
        self.assertEqual(self.client("cloudtrail").lookup_events()["Events"], [])

    def test_keys_of_a_span(self):
        key = {"Fingerprint": "aa", "Value": "AAAA", "ValidityStartTime": 100, "ValidityEndTime": 200}
        self.world.caller().control("POST", "trail", keys=[key])
        client = self.client("cloudtrail")
        self.assertEqual(len(client.list_public_keys(StartTime=150, EndTime=160)["PublicKeyList"]), 1)
        self.assertEqual(client.list_public_keys(StartTime=250, EndTime=260)["PublicKeyList"], [])

    def test_objects_have_pages_and_a_region(self):
        there = self.client("s3", "eu-west-1")
        there.create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for key in "abc":
            there.put_object(Bucket="trail", Key=key, Body=key.encode(), Metadata={"signature": "00"})
        self.assertEqual(self.client("s3").head_bucket(Bucket="trail")["BucketRegion"], "eu-west-1")
        caller = self.world.caller()
        caller.control("POST", "page", max_items=2)
        self.addCleanup(caller.control, "POST", "page", max_items=None)
        pages = list(there.get_paginator("list_objects_v2").paginate(Bucket="trail"))
        self.assertEqual([[o["Key"] for o in page["Contents"]] for page in pages], [["a", "b"], ["c"]])
        self.assertEqual(there.get_object(Bucket="trail", Key="a")["Metadata"], {"signature": "00"})


if __name__ == "__main__":
    unittest.main()
