//! Which error codes mean that a call was denied.

/// Codes that are not covered by [`is_denial`]'s patterns: the service refused the caller, or did not accept the
/// credentials at all. A call that ended with one of them is no use of a permission.
///
/// Sources: [common errors](https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html),
/// [EC2 error codes](https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html),
/// [S3 error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html),
/// [SNS errors](https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html).
const CODES: [&str; 26] = [
    "AccountProblem",
    "AllAccessDisabled",
    "AuthFailure",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Client.AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "Forbidden",
    "ForbiddenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
    "Unauthorized",
    "UnauthorizedException",
    "UnrecognizedClientException",
    "VpceAccessDenied",
];

/// True if the call was denied, rather than failed for another reason.
pub(super) fn is_denial(code: &str) -> bool {
    code.starts_with("AccessDenied")
        || code.ends_with("UnauthorizedOperation")
        || code.ends_with("UnauthorizedAccess")
        || code.ends_with("AccessDeniedException")
        || CODES.binary_search(&code).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials() {
        assert!(CODES.is_sorted());
        for code in [
            "AccessDenied",
            "AccessDeniedException",
            "Client.UnauthorizedOperation",
            "UnauthorizedOperation",
            "KmsUnauthorizedAccess",
            "AuthorizationError",
            "VpceAccessDenied",
        ] {
            assert!(is_denial(code), "{code}");
        }
        for code in
            ["", "NoSuchBucket", "ThrottlingException", "Client.InvalidVpcID.NotFound", "DryRunOperation"]
        {
            assert!(!is_denial(code), "{code}");
        }
    }
}
