"""Service last-accessed data: which services a principal may use, and when it last did.

The services come from the namespaces its policies allow; a policy that allows every action
stands for the services of the table below. Last uses are set by the control interface.
"""

import json
import uuid

from moto.iam.models import iam_backends

from . import wire
from .registry import operation
from .state import now

SERVICES = {
    "athena": "Amazon Athena",
    "autoscaling": "Amazon EC2 Auto Scaling",
    "cloudformation": "AWS CloudFormation",
    "cloudfront": "Amazon CloudFront",
    "cloudtrail": "AWS CloudTrail",
    "cloudwatch": "Amazon CloudWatch",
    "dynamodb": "Amazon DynamoDB",
    "ec2": "Amazon EC2",
    "ecs": "Amazon Elastic Container Service",
    "eks": "Amazon Elastic Kubernetes Service",
    "iam": "AWS Identity and Access Management",
    "kms": "AWS Key Management Service",
    "lambda": "AWS Lambda",
    "logs": "Amazon CloudWatch Logs",
    "rds": "Amazon RDS",
    "route53": "Amazon Route 53",
    "s3": "Amazon S3",
    "secretsmanager": "AWS Secrets Manager",
    "sns": "Amazon SNS",
    "sqs": "Amazon SQS",
    "ssm": "AWS Systems Manager",
    "sts": "AWS Security Token Service",
}


@operation("iam", "GenerateServiceLastAccessedDetails")
def generate(call, lab):
    arn = call.params.get("Arn", "")
    documents = documents_of(iam_backends[call.account]["aws"], arn)
    if documents is None:
        return wire.error(call, "NoSuchEntity", f"ARN {arn} is not valid.", 404)
    job = {"arn": arn, "namespaces": granted(documents), "created": now(), "polls": 0}
    job["type"] = call.params.get("Granularity", "SERVICE_LEVEL")
    identifier = str(uuid.uuid4())
    lab.state.accounts[call.account].jobs[identifier] = job
    return wire.answer(call, {"JobId": identifier})


@operation("iam", "GetServiceLastAccessedDetails")
def get(call, lab):
    """IN_PROGRESS at the first question, COMPLETED from then on."""
    extra = lab.state.accounts[call.account]
    job = extra.jobs.get(call.params.get("JobId"))
    if not job:
        return wire.error(call, "NoSuchEntity", "Job not found.", 404)
    job["polls"] += 1
    result = {"JobType": job["type"], "JobCreationDate": job["created"], "IsTruncated": False}
    if job["polls"] == 1:
        return wire.answer(call, result | {"JobStatus": "IN_PROGRESS", "ServicesLastAccessed": []})
    start = int(call.params.get("Marker", 0))
    end = start + int(call.params.get("MaxItems", 100))
    used = extra.last_accessed[job["arn"]]
    services = [service(name, used.get(name), job["arn"]) for name in job["namespaces"]]
    result |= {
        "JobStatus": "COMPLETED",
        "JobCompletionDate": job["created"],
        "ServicesLastAccessed": services[start:end],
        "IsTruncated": end < len(services),
    }
    if end < len(services):
        result["Marker"] = str(end)
    return wire.answer(call, result)


def service(namespace, last_used, arn):
    found = {
        "ServiceName": SERVICES.get(namespace, namespace),
        "ServiceNamespace": namespace,
        "TotalAuthenticatedEntities": int(bool(last_used)),
    }
    if last_used:
        found |= {
            "LastAuthenticated": last_used,
            "LastAuthenticatedEntity": arn,
            "LastAuthenticatedRegion": "us-east-1",
        }
    return found


def documents_of(backend, arn):
    """The policy documents behind a user, group, role or policy; None for anything else."""
    policy = backend.managed_policies.get(arn)
    if policy:
        return [default_document(policy)]
    for group in backend.groups.values():
        if group.arn == arn:
            return own_documents(group)
    for role in backend.roles.values():
        if role.arn == arn:
            return own_documents(role)
    for user in backend.users.values():
        if user.arn == arn:
            groups = [group for group in backend.groups.values() if user in group.users]
            return [d for holder in [user, *groups] for d in own_documents(holder)]
    return None


def own_documents(holder):
    managed = [default_document(policy) for policy in holder.managed_policies.values()]
    return managed + list(holder.policies.values())


def default_document(policy):
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return version.document
    return policy.versions[0].document


def granted(documents):
    """The service namespaces that the documents allow anything in, sorted."""
    found = set()
    for text in documents:
        for statement in as_list(json.loads(text)["Statement"]):
            if statement["Effect"] == "Allow":
                found |= allowed_namespaces(statement)
    return sorted(found)


def allowed_namespaces(statement):
    if "NotAction" in statement:
        whole = {a.split(":")[0].lower() for a in as_list(statement["NotAction"]) if a.endswith(":*")}
        return set(SERVICES) - whole
    names = {action.split(":")[0].lower() for action in as_list(statement["Action"])}
    return (names - {"*"}) | (set(SERVICES) if "*" in names else set())


def as_list(value):
    return value if isinstance(value, list) else [value]
