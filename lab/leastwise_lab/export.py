"""Writes what the AWS CLI would print for an account: one file per command.

An audit without access to AWS works on such a folder. The files have the CLI's shape (AWS CLI v2:
ISO 8601 times, pages merged, blobs in base64), because both come from botocore's models.
"""

import base64
import json
import os
import time

import boto3
from botocore.exceptions import ClientError

COMMANDS = (
    # file, service, operation, arguments, paged
    ("caller-identity", "sts", "get_caller_identity", {}, False),
    ("account-authorization-details", "iam", "get_account_authorization_details", {}, True),
    ("account-summary", "iam", "get_account_summary", {}, False),
    ("account-password-policy", "iam", "get_account_password_policy", {}, False),
    ("virtual-mfa-devices", "iam", "list_virtual_mfa_devices", {"AssignmentStatus": "Assigned"}, True),
    ("server-certificates", "iam", "list_server_certificates", {}, True),
    ("saml-providers", "iam", "list_saml_providers", {}, False),
    ("open-id-connect-providers", "iam", "list_open_id_connect_providers", {}, False),
    ("account-aliases", "iam", "list_account_aliases", {}, True),
    ("contact-information", "account", "get_contact_information", {}, False),
    ("alternate-contact-security", "account", "get_alternate_contact", {"AlternateContactType": "SECURITY"}, False),
    ("organization", "organizations", "describe_organization", {}, False),
)


def export(endpoint, folder):
    """Runs every command against `endpoint` and writes the answers, or the CLI's error messages."""
    os.makedirs(folder, exist_ok=True)

    def client(service):
        keys = {"aws_access_key_id": "lab", "aws_secret_access_key": "lab"}
        return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", **keys)

    for name, service, operation, arguments, paged in COMMANDS:
        write(folder, f"{name}.json", answer(client(service), operation, arguments, paged))
    write(folder, "credential-report.json", credential_report(client("iam")))


def answer(client, operation, arguments, paged):
    try:
        if paged:
            reply = client.get_paginator(operation).paginate(**arguments).build_full_result()
        else:
            reply = getattr(client, operation)(**arguments)
    except ClientError as error:
        return f"\n{error}\n"
    reply.pop("ResponseMetadata", None)
    return json.dumps(reply, indent=4, default=encode, ensure_ascii=False) + "\n"


def encode(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat()


def credential_report(iam):
    while iam.generate_credential_report()["State"] != "COMPLETE":
        time.sleep(0.1)
    return answer(iam, "get_credential_report", {}, False)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
        file.write(text)
