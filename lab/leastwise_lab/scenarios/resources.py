"""The small account, and resources of each kind in two regions: with and without policies, open and closed."""

import io
import json
import urllib.request
import zipfile

from . import small

ACCOUNT = small.ACCOUNT
HOME, AWAY = "us-east-1", "eu-west-1"
FOREIGN = "arn:aws:iam::210987654321:root"
OWN = f"arn:aws:iam::{ACCOUNT}:root"
BLOCK_ALL = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
BLOCK_LISTS = BLOCK_ALL | {"BlockPublicPolicy": False, "RestrictPublicBuckets": False}


def plant(access, now, seed):
    planted, config = small.plant(access, now, seed)
    found = {}
    for kind in (buckets, keys, queues, topics, functions, secrets, repositories):
        kind(access, found)
    block_account(access, BLOCK_LISTS)
    truth = {"account_public_access_block": BLOCK_LISTS, "resources": found}
    return planted, config, truth


def policy(principal, action, resource="*", **condition):
    """A policy of one statement."""
    statement = {"Sid": "Planted", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


def block_account(access, block):
    """boto3 calls this at `ACCOUNT.HOST`, which an address has not: so by hand."""
    switches = "".join(f"<{name}>{str(on).lower()}</{name}>" for name, on in block.items())
    name = "PublicAccessBlockConfiguration"
    body = f'<{name} xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">{switches}</{name}>'
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=lab/20260101/us-east-1/s3/aws4_request",
        "x-amz-account-id": ACCOUNT,
        "Content-Type": "application/xml",
    }
    url = f"{access.endpoint}/v20180820/configuration/publicAccessBlock"
    request = urllib.request.Request(url, body.encode(), headers, method="PUT")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60).close()


def buckets(access, found):
    """(name, region, policy, block public access)"""
    anyone = policy("*", "s3:GetObject", "arn:aws:s3:::public-reports/*")
    partner = policy({"AWS": FOREIGN}, "s3:PutObject", "arn:aws:s3:::eu-archive/*")
    for name, region, document, block in (
        ("public-reports", HOME, anyone, None),
        ("logs.example.com", HOME, None, BLOCK_ALL),
        ("plain", HOME, None, None),
        ("eu-archive", AWAY, partner, BLOCK_LISTS),
    ):
        s3 = access.client("s3", region)
        place = {} if region == HOME else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **place)
        if document:
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps(document))
        if block:
            s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
        entry = {"kind": "bucket", "region": region, "policy": document, "public_access_block": block}
        found[f"arn:aws:s3:::{name}"] = entry


def keys(access, found):
    """A shared key with grants, a disabled one, one on its way out, and one abroad."""
    shared = policy({"AWS": [OWN, FOREIGN]}, "kms:*")
    shared_arn, kms = key(access, found, HOME, shared, "enabled")
    pairs = {"department": "finance"}
    granted = [
        (FOREIGN, ["Decrypt", "GenerateDataKey"], {"EncryptionContextSubset": pairs}, "partner"),
        (f"arn:aws:iam::{ACCOUNT}:role/app-server", ["Encrypt"], {"EncryptionContextEquals": pairs}, None),
        (f"arn:aws:iam::{ACCOUNT}:user/alice", ["DescribeKey"], {}, None),
    ]
    grants = []
    for grantee, operations, constraints, name in granted:
        options = {"Constraints": constraints} if constraints else {}
        options |= {"Name": name, "RetiringPrincipal": OWN} if name else {}
        made = kms.create_grant(KeyId=shared_arn, GranteePrincipal=grantee, Operations=operations, **options)
        grants.append(
            {
                "id": made["GrantId"],
                "grantee": grantee,
                "operations": operations,
                "constraints": constraints,
                "name": name,
                "retiring": OWN if name else None,
            }
        )
    found[shared_arn]["grants"] = grants
    disabled, _ = key(access, found, HOME, policy({"AWS": OWN}, "kms:*"), "disabled")
    kms.disable_key(KeyId=id_of(disabled))
    dying, _ = key(access, found, HOME, policy({"AWS": OWN}, "kms:*"), "pending_deletion")
    kms.schedule_key_deletion(KeyId=id_of(dying), PendingWindowInDays=7)
    key(access, found, AWAY, policy({"AWS": OWN}, "kms:*"), "enabled")


def id_of(arn):
    """moto takes the ARN of a key in some operations only."""
    return arn.rsplit("/", 1)[1]


def key(access, found, region, document, state):
    kms = access.client("kms", region)
    arn = kms.create_key(Policy=json.dumps(document))["KeyMetadata"]["Arn"]
    found[arn] = {"kind": "key", "region": region, "policy": document, "state": state, "grants": []}
    return arn, kms


def queues(access, found):
    for name, region, principal in (("orders", HOME, "*"), ("private", HOME, None), ("orders", AWAY, {"AWS": FOREIGN})):
        arn = f"arn:aws:sqs:{region}:{ACCOUNT}:{name}"
        document = policy(principal, "sqs:SendMessage", arn) if principal else None
        attributes = {"Policy": json.dumps(document)} if document else {}
        access.client("sqs", region).create_queue(QueueName=name, Attributes=attributes)
        found[arn] = {"kind": "queue", "region": region, "policy": document}


def topics(access, found):
    """AWS gives a topic a policy of its own where none is given."""
    for name, region, principal in (("alarms", HOME, {"Service": "cloudwatch.amazonaws.com"}), ("usual", HOME, None)):
        arn = f"arn:aws:sns:{region}:{ACCOUNT}:{name}"
        document = policy(principal, "sns:Publish", arn) if principal else None
        attributes = {"Policy": json.dumps(document)} if document else {}
        access.client("sns", region).create_topic(Name=name, Attributes=attributes)
        found[arn] = {"kind": "topic", "region": region} | (
            {"policy": document} if document else {"sids": ["__default_statement_ID"]}
        )


def functions(access, found):
    role = access.client("iam").get_role(RoleName="app-server")["Role"]["Arn"]
    for name, region, invoker in (("resize", HOME, "s3.amazonaws.com"), ("quiet", HOME, None), ("resize", AWAY, None)):
        awslambda = access.client("lambda", region)
        code = {"ZipFile": archive()}
        awslambda.create_function(FunctionName=name, Runtime="python3.12", Role=role, Handler="f.f", Code=code)
        arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}"
        found[arn] = {"kind": "function", "region": region, "policy": None}
        if invoker:
            allowed = {"Action": "lambda:InvokeFunction", "Principal": invoker, "SourceAccount": ACCOUNT}
            awslambda.add_permission(FunctionName=name, StatementId="from-s3", **allowed)
            found[arn] = {"kind": "function", "region": region, "sids": ["from-s3"]}


def archive():
    """A function that does nothing."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("f.py", "def f(event, context):\n    return None\n")
    return memory.getvalue()


def secrets(access, found):
    for name, region, principal in (("database", HOME, {"AWS": FOREIGN}), ("token", HOME, None), ("token", AWAY, None)):
        manager = access.client("secretsmanager", region)
        arn = manager.create_secret(Name=name, SecretString="not-to-be-read")["ARN"]
        document = policy(principal, "secretsmanager:GetSecretValue") if principal else None
        if document:
            manager.put_resource_policy(SecretId=arn, ResourcePolicy=json.dumps(document))
        found[arn] = {"kind": "secret", "region": region, "policy": document}


def repositories(access, found):
    for name, region, principal in (("team/app", HOME, {"AWS": FOREIGN}), ("base", HOME, None)):
        ecr = access.client("ecr", region)
        arn = ecr.create_repository(repositoryName=name)["repository"]["repositoryArn"]
        document = policy(principal, "ecr:BatchGetImage") if principal else None
        if document:
            del document["Statement"][0]["Resource"]
            ecr.set_repository_policy(repositoryName=name, policyText=json.dumps(document))
        found[arn] = {"kind": "repository", "region": region, "policy": document}
