"""S3: the regions of buckets, which moto neither lists nor minds."""

from urllib.parse import parse_qsl, urlencode

from moto.s3.models import s3_backends

from . import wire
from .registry import operation


def buckets_of(account):
    return s3_backends[account]["aws"].buckets


@operation("s3", "ListBuckets")
def list_buckets(call, lab):
    """With `max-buckets`, pages and regions, as AWS has it; without, moto's answer."""
    size = int(call.params.get("max-buckets") or 0)
    if not size:
        return None
    size = min(size, lab.state.page_cap or size)
    buckets = sorted(buckets_of(call.account).values(), key=lambda bucket: bucket.name)
    after = call.params.get("continuation-token", "")
    rest = [bucket for bucket in buckets if bucket.name > after]
    shown = rest[:size]
    entries = "".join(
        wire.to_xml("Bucket", {"Name": b.name, "CreationDate": b.creation_date, "BucketRegion": b.region_name})
        for b in shown
    )
    token = wire.to_xml("ContinuationToken", shown[-1].name) if len(rest) > size else ""
    owner = wire.to_xml("Owner", {"ID": "0" * 64})
    return wire.rest_xml_answer("ListAllMyBucketsResult", f"{owner}<Buckets>{entries}</Buckets>{token}")


@operation("s3", "ListObjectsV2")
def list_objects(call, lab):
    """moto's answer, with fewer objects on a page if the lab was told so."""
    elsewhere = in_its_region(call, lab)
    if elsewhere is None and lab.state.page_cap:
        query = dict(parse_qsl(call.environ["QUERY_STRING"], keep_blank_values=True))
        size = min(int(query.get("max-keys") or lab.state.page_cap), lab.state.page_cap)
        call.environ["QUERY_STRING"] = urlencode(query | {"max-keys": size})
    return elsewhere


@operation("s3", "HeadBucket")
def head_bucket(call, lab):
    """Elsewhere than in its region, a bucket only says where that is."""
    bucket = buckets_of(call.account).get(call.params["Bucket"])
    if bucket is None or bucket.region_name == call.region:
        return None
    return wire.Reply(301, b"", "application/xml", [("x-amz-bucket-region", bucket.region_name)])


@operation("s3", "GetBucketPolicy", "GetObject", "GetPublicAccessBlock")
def in_its_region(call, lab):
    """AWS answers about a bucket in the bucket's own region only."""
    bucket = buckets_of(call.account).get(call.params["Bucket"])
    if bucket is None or bucket.region_name == call.region:
        return None
    message = f"The authorization header is malformed; the region '{call.region}' is wrong; expecting '{bucket.region_name}'"
    return wire.error(call, "AuthorizationHeaderMalformed", message, 400)
