"""IAM operations that moto lacks or answers with constants: summary, MFA, boundaries, certificates."""

from cryptography import x509
from moto.iam.models import iam_backends

from . import wire
from .registry import operation
from .state import now

ROOT_HARDWARE_SERIAL = "GAHT12345678"


def backend_of(call):
    return iam_backends[call.account]["aws"]


def root_virtual_serial(account):
    return f"arn:aws:iam::{account}:mfa/root-account-mfa-device"


@operation("iam", "GetAccountSummary")
def get_account_summary(call, lab):
    """moto's numbers, with those corrected that depend on root or count devices."""
    backend, root = backend_of(call), lab.state.accounts[call.account].root
    summary = wire.Map(backend.account_summary.summary_map)
    in_use = sum(len(user.mfa_devices) for user in backend.users.values())
    summary |= {
        "AccountMFAEnabled": int(root.mfa != "none"),
        "AccountAccessKeysPresent": int(bool(root.access_keys)),
        "AccountPasswordPresent": int(root.password_present),
        "AccountSigningCertificatesPresent": int(root.signing_certificates > 0),
        "MFADevices": len(backend.virtual_mfa_devices) + int(root.mfa == "virtual"),
        "MFADevicesInUse": in_use + int(root.mfa != "none"),
    }
    return wire.answer(call, {"SummaryMap": wire.Map(summary)})


@operation("iam", "ListMFADevices")
def list_mfa_devices(call, lab):
    """Without a user name, the devices of root; otherwise as moto answers."""
    if call.params.get("UserName"):
        return None
    root = lab.state.accounts[call.account].root
    serials = {"virtual": root_virtual_serial(call.account), "hardware": ROOT_HARDWARE_SERIAL}
    devices = []
    if root.mfa in serials:
        device = {"UserName": "root", "SerialNumber": serials[root.mfa]}
        devices.append(device | {"EnableDate": root.mfa_enabled})
    return wire.answer(call, {"MFADevices": devices, "IsTruncated": False})


@operation("iam", "ListVirtualMFADevices")
def list_virtual_mfa_devices(call, lab):
    """Virtual devices of users and of root, by assignment status, in pages."""
    status = call.params.get("AssignmentStatus", "Any")
    devices = virtual_devices(call, lab.state.accounts[call.account].root)
    if status != "Any":
        devices = [d for d in devices if ("User" in d) == (status == "Assigned")]
    start = int(call.params.get("Marker", 0))
    end = start + int(call.params.get("MaxItems", 100))
    result = {"VirtualMFADevices": devices[start:end], "IsTruncated": end < len(devices)}
    if result["IsTruncated"]:
        result["Marker"] = str(end)
    return wire.answer(call, result)


def virtual_devices(call, root):
    devices = []
    if root.mfa == "virtual":
        owner = {
            "Path": "/",
            "UserName": "root",
            "UserId": call.account,
            "Arn": f"arn:aws:iam::{call.account}:root",
            "CreateDate": root.created,
            "PasswordLastUsed": root.password_last_used,
        }
        serial = root_virtual_serial(call.account)
        devices.append({"SerialNumber": serial, "User": owner, "EnableDate": root.mfa_enabled})
    for device in backend_of(call).virtual_mfa_devices.values():
        devices.append(user_device(device))
    return devices


def user_device(device):
    if not device.user:
        return {"SerialNumber": device.serial_number}
    user = device.user
    owner = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.create_date,
        "PasswordLastUsed": user.password_last_used,
    }
    return {
        "SerialNumber": device.serial_number,
        "User": owner,
        "EnableDate": device.enable_date,
    }


@operation("iam", "CreateLoginProfile", "UpdateLoginProfile")
def remember_password_change(call, lab):
    """moto keeps no date of the last change, which the credential report shows."""
    if call.params.get("Password"):
        lab.state.accounts[call.account].password_changed[call.params["UserName"]] = now()
    return None


@operation("iam", "CreateUser", "DeleteUser")
def follow_user(call, lab):
    """moto drops the boundary of a new user; ours must go with a deleted one."""
    reply = lab.forward(call.environ)
    if reply.status == 200:
        name, extra = call.params["UserName"], lab.state.accounts[call.account]
        extra.password_changed.pop(name, None)
        extra.user_boundaries.pop(name, None)
        if call.params.get("PermissionsBoundary"):
            extra.user_boundaries[name] = call.params["PermissionsBoundary"]
    return reply


@operation("iam", "PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary")
def change_user_boundary(call, lab):
    name = call.params.get("UserName")
    backend, boundaries = backend_of(call), lab.state.accounts[call.account].user_boundaries
    if name not in backend.users:
        return no_such_entity(call, f"The user with name {name} cannot be found.")
    if call.operation.startswith("Delete"):
        if boundaries.pop(name, None) is None:
            return no_such_entity(call, f"No permissions boundary for {name}.")
        return wire.answer(call)
    arn = call.params.get("PermissionsBoundary")
    if arn not in backend.managed_policies:
        return no_such_entity(call, f"Policy {arn} does not exist or is not attachable.")
    boundaries[name] = arn
    return wire.answer(call)


def no_such_entity(call, message):
    return wire.error(call, "NoSuchEntity", message, 404)


@operation("iam", "UploadServerCertificate")
def remember_certificate_upload(call, lab):
    """moto keeps no upload date."""
    name = call.params.get("ServerCertificateName")
    lab.state.accounts[call.account].certificate_uploaded[name] = now()
    return None


@operation("iam", "ListServerCertificates")
def list_server_certificates(call, lab):
    """With the real expiry dates of the certificates, where moto has one date for all."""
    found = [certificate_metadata(call, lab, c) for c in backend_of(call).certificates.values()]
    return wire.answer(call, {"ServerCertificateMetadataList": found, "IsTruncated": False})


@operation("iam", "GetServerCertificate")
def get_server_certificate(call, lab):
    name = call.params.get("ServerCertificateName")
    for certificate in backend_of(call).certificates.values():
        if certificate.cert_name == name:
            metadata = certificate_metadata(call, lab, certificate)
            content = {"ServerCertificateMetadata": metadata, "CertificateBody": certificate.cert_body}
            return wire.answer(call, {"ServerCertificate": content})
    return no_such_entity(call, f"The Server Certificate with name {name} cannot be found.")


def certificate_metadata(call, lab, certificate):
    uploaded = lab.state.accounts[call.account].certificate_uploaded
    parsed = x509.load_pem_x509_certificate(certificate.cert_body.encode())
    return {
        "Path": certificate.path,
        "ServerCertificateName": certificate.cert_name,
        "ServerCertificateId": f"ASCA{parsed.serial_number % 10**16:016d}",
        "Arn": certificate.arn,
        "UploadDate": uploaded.get(certificate.cert_name, now()),
        "Expiration": parsed.not_valid_after_utc,
    }
