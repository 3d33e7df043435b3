"""Kinds of policies and trust policies of the scenario `example`, as a company would write them.

As in policy_kinds.py and trust_kinds.py: the document, and by hand which checks it fails.
"""

from .policy_kinds import FULL_ADMIN, NOT_ACTION, NOT_RESOURCE, PASS_ROLE, allow, bad, deny, good
from .trust_kinds import ANYONE, FOREIGN_CHECK, OIDC, equals, github, kind, root_of, trust

ORGANIZATION = "o-7k2mw9x4qd"
MONITORING = "816049275133"  # a vendor nobody has told the audit of
COST_ADVISER = "357182460931"
BACKUP = "731582640197"  # known to the audit
IDENTITY_CENTER = "AWSSSO_8a1f0c2b7d4e9365_DO_NOT_DELETE"


def bucket(name, path="*"):
    """The ARNs of a bucket and of what is in it."""
    return [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/{path}"]


def ours(service, name):
    """The ARN of a thing in the account."""
    return f"arn:aws:{service}:us-east-1:{{account}}:{name}"


def role(name):
    return f"arn:aws:iam::{{account}}:role/{name}"


def table(name):
    return [ours("dynamodb", f"table/{name}"), ours("dynamodb", f"table/{name}/index/*")]


def named(sid, statement):
    return {"Sid": sid} | statement


READ_OBJECTS = ["s3:GetObject", "s3:ListBucket"]
READ_ITEMS = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
WRITE_ITEMS = ["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
QUERY = ["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution"]
CATALOGUE = ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
METRICS_OF_HOSTS = {"StringEquals": {"cloudwatch:namespace": "Acme/Hosts"}}
UPDATE_ECS = ["ecs:DescribeServices", "ecs:RegisterTaskDefinition", "ecs:UpdateService"]
PUSH_IMAGE = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
]

POLICIES = {
    # Management.
    "acme_cost_reports": good([
        named("ReadReports", allow(READ_OBJECTS, bucket("acme-cost-and-usage"))),
        named("ReadCosts", allow(["ce:GetCostAndUsage", "ce:GetCostForecast", "cur:DescribeReportDefinitions"])),
    ]),
    "acme_cost_export": good([
        named("WriteDigest", allow("s3:PutObject", "arn:aws:s3:::acme-finance-digest/monthly/*")),
        named("ReadCosts", allow(["ce:GetCostAndUsage", "ce:GetDimensionValues"])),
    ]),
    # Production: platform.
    "acme_platform_operator": good([
        named("RunServices", allow(["ecs:*", "application-autoscaling:*", "elasticloadbalancing:Describe*"])),
        named("RestartInstances", allow(["ec2:RebootInstances", "ec2:StartInstances", "ec2:StopInstances"], ours("ec2", "instance/*"))),
        named("PassTaskRoles", allow("iam:PassRole", Condition=TO_ECS)),
    ]),
    "acme_infrastructure_deploy": bad([
        named("Stacks", allow(["cloudformation:*", "ec2:*", "ecs:*", "elasticloadbalancing:*", "logs:*"])),
        named("Roles", allow(["iam:CreateRole", "iam:GetRole", "iam:PassRole", "iam:PutRolePolicy", "iam:TagRole"])),
    ], PASS_ROLE),
    "acme_host_metrics": good([
        named("Metrics", allow("cloudwatch:PutMetricData", Condition=METRICS_OF_HOSTS)),
        named("Logs", allow(["logs:CreateLogStream", "logs:PutLogEvents"], ours("logs", "log-group:/acme/hosts:*"))),
    ]),
    "acme_backup_write": good([
        named("List", allow("s3:ListBucket", "arn:aws:s3:::acme-backups")),
        named("Write", allow(["s3:AbortMultipartUpload", "s3:PutObject"], "arn:aws:s3:::acme-backups/onprem/*")),
    ]),
    "acme_load_test": good([
        named("Invoke", allow("lambda:InvokeFunction", ours("lambda", "function:load-generator-*"))),
        named("Results", allow("s3:PutObject", "arn:aws:s3:::acme-load-results/*")),
    ]),
    "acme_database_migration": bad([named("Migration", allow("*"))], FULL_ADMIN, PASS_ROLE),
    "acme_outside_payments": bad([
        named(
            "AllButLedger",
            {"Effect": "Allow", "Action": ["s3:GetObject*", "s3:ListBucket", "s3:PutObject"], "NotResource": bucket("acme-payments-ledger")},
        ),
    ], NOT_RESOURCE),
    "acme_developer_boundary": good([
        named("Services", allow(["athena:*", "dynamodb:*", "glue:*", "logs:*", "s3:*", "sqs:*"])),
        named("NoAuditTrail", deny(["cloudtrail:DeleteTrail", "cloudtrail:StopLogging"])),
    ]),
    # Production: payments.
    "acme_payments_developer": good([
        named("ReadTables", allow(READ_ITEMS, table("payments") + table("refunds"))),
        named("ReadQueues", allow(["sqs:GetQueueAttributes", "sqs:ReceiveMessage"], ours("sqs", "payments-*"))),
        named("ReadLogs", allow(["logs:FilterLogEvents", "logs:GetLogEvents"], ours("logs", "log-group:/ecs/payments-*:*"))),
    ]),
    "acme_payments_service": good([
        named("Tables", allow(READ_ITEMS + WRITE_ITEMS, table("payments") + table("refunds"))),
        named("Events", allow("sqs:SendMessage", ours("sqs", "payments-settled"))),
    ]),
    "acme_payments_deploy": good([
        named("Login", allow("ecr:GetAuthorizationToken")),
        named("Push", allow(PUSH_IMAGE, ours("ecr", "repository/payments-api"))),
        named("Update", allow(UPDATE_ECS)),
        named("PassTaskRoles", allow("iam:PassRole", [role("payments-api-task"), role("payments-api-execution")], Condition=TO_ECS)),
    ]),
    "acme_invoice_upload": good([named("Upload", allow(["s3:PutObject", "s3:PutObjectAcl"], "arn:aws:s3:::acme-invoices/incoming/*"))]),
    # Production: data.
    "acme_data_analyst": good([
        named("Query", allow(QUERY, ours("athena", "workgroup/analysts"))),
        named("Catalogue", allow(CATALOGUE, [ours("glue", "catalog"), ours("glue", "database/lake"), ours("glue", "table/lake/*")])),
        named("Lake", allow(READ_OBJECTS, bucket("acme-data-lake", "curated/*"))),
        named("Results", allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::acme-athena-results/analysts/*")),
    ]),
    "acme_lake_etl": good([
        named("Lake", allow([*READ_OBJECTS, "s3:DeleteObject", "s3:PutObject"], bucket("acme-data-lake"))),
        named("Catalogue", allow([*CATALOGUE, "glue:BatchCreatePartition", "glue:UpdateTable"])),
    ]),
    "acme_notebooks": good([
        named("Lake", allow(READ_OBJECTS, bucket("acme-data-lake", "curated/*"))),
        named("Query", allow([*QUERY, *CATALOGUE])),
    ]),
    # Sandbox.
    "acme_sandbox_developer": bad([
        named("NearlyEverything", {"Effect": "Allow", "NotAction": ["account:*", "iam:*", "organizations:*"], "Resource": "*"}),
    ], NOT_ACTION),
    "acme_playground_launch": bad([
        named("Launch", allow(["ec2:CreateTags", "ec2:Describe*", "ec2:RunInstances", "ec2:TerminateInstances"])),
        named("PassRole", allow("iam:PassRole")),
    ], PASS_ROLE),
    "acme_jenkins_build": bad([allow("*")], FULL_ADMIN, PASS_ROLE),
    "acme_temporary_access": bad([named("TemporaryAccess", allow("*"))], FULL_ADMIN, PASS_ROLE),
    "acme_queue_access": good(
        [named("Queues", allow(["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"], ours("sqs", "demo-*")))],
    ),
    "acme_contractor": good([
        named("Website", allow([*READ_OBJECTS, "s3:PutObject"], bucket("acme-website-staging"))),
        named("Invalidate", allow("cloudfront:CreateInvalidation", "arn:aws:cloudfront::{account}:distribution/E2QWRUH4KZ71MB")),
    ]),
    "acme_partner_upload": good([named("Upload", allow("s3:PutObject", "arn:aws:s3:::acme-partner-demo/uploads/*"))]),
    "acme_demo_table": good([named("Table", allow(READ_ITEMS + WRITE_ITEMS, table("demo-orders")))]),
    "acme_website_deploy": good(
        [named("Website", allow([*READ_OBJECTS, "s3:DeleteObject", "s3:PutObject"], bucket("acme-website-staging")))],
    ),
    "acme_terraform": bad([
        named("State", allow(["s3:GetObject", "s3:ListBucket", "s3:PutObject"], bucket("acme-terraform-state", "sandbox/*"))),
        named("Lock", allow(["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"], ours("dynamodb", "table/terraform-locks"))),
        named("Resources", allow(["ec2:*", "iam:*", "lambda:*", "s3:*"])),
    ], PASS_ROLE),
    "acme_artifacts": good([named("Artifacts", allow(READ_OBJECTS, bucket("acme-build-artifacts")))]),
}

# Which services a kind allows anything in. Kinds not listed allow more than any plan uses.
SERVICES = {
    "acme_cost_reports": {"s3", "ce", "cur"},
    "acme_cost_export": {"s3", "ce"},
    "acme_host_metrics": {"cloudwatch", "logs"},
    "acme_backup_write": {"s3"},
    "acme_outside_payments": {"s3"},
    "acme_load_test": {"lambda", "s3"},
    "acme_payments_developer": {"dynamodb", "sqs", "logs"},
    "acme_payments_service": {"dynamodb", "sqs"},
    "acme_payments_deploy": {"ecr", "ecs", "iam"},
    "acme_invoice_upload": {"s3"},
    "acme_data_analyst": {"athena", "glue", "s3"},
    "acme_lake_etl": {"s3", "glue"},
    "acme_queue_access": {"sqs"},
    "acme_contractor": {"s3", "cloudfront"},
    "acme_partner_upload": {"s3"},
    "acme_demo_table": {"dynamodb"},
    "acme_website_deploy": {"s3"},
    "acme_artifacts": {"s3"},
}

SIGN_IN = equals(**{"SAML:aud": "https://signin.aws.amazon.com/saml"})
SAML_PROVIDER = f"arn:aws:iam::{{account}}:saml-provider/{IDENTITY_CENTER}"
AGREED = {"StringEquals": {"sts:ExternalId": "acme-5f0d7c31b8e2"}}
OF_OUR_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}

TRUSTS = {
    "acme_ec2": kind(trust({"Service": "ec2.amazonaws.com"})),
    "acme_ecs_tasks": kind(trust({"Service": "ecs-tasks.amazonaws.com"})),
    "acme_glue": kind(trust({"Service": "glue.amazonaws.com"})),
    "acme_lambda": kind(trust({"Service": "lambda.amazonaws.com"})),
    "acme_identity_center": kind(trust({"Federated": SAML_PROVIDER}, SIGN_IN, ["sts:AssumeRoleWithSAML", "sts:TagSession"])),
    "acme_monitoring": kind(trust({"AWS": root_of(MONITORING)}), FOREIGN_CHECK),
    "acme_cost_adviser": kind(trust({"AWS": root_of(COST_ADVISER)}, AGREED)),
    "acme_backup": kind(trust({"AWS": f"arn:aws:iam::{BACKUP}:role/vault-copy"})),
    "acme_anyone": kind(trust({"AWS": "*"}), ANYONE),
    "acme_organization": kind(trust({"AWS": "*"}, OF_OUR_ORGANIZATION)),
    "acme_github_payments": kind(github("repo:acme/payments-api:ref:refs/heads/main", operator="StringEquals")),
    "acme_github_website": kind(github("repo:acme/website:*")),
    "acme_github_without_sub": kind(github(), OIDC),
}
