//! Why a call failed, in words that are the same each time.

use std::error::Error;

use aws_smithy_http::endpoint::ResolveEndpointError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{DispatchFailure, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use leastwise_model::{Missing, Reason};

use crate::permissions::Operation;
use crate::text::{causes, root_cause, said};

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// AWS's error code, if it answered with one.
    pub code: Option<String>,
    /// AWS's message, if it answered with one; it may name the caller.
    pub message: Option<Box<str>>,
    /// For a bucket in another region, where S3 says that it is.
    pub bucket_region: Option<Box<str>>,
    /// What the snapshot says of it.
    pub missing: Missing,
}

/// The kinds of failures that need different remedies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// AWS refused the call.
    Denied,
    /// The session has ended.
    Expired,
    /// AWS does not know the key, or it does not match its secret.
    Rejected,
    /// The endpoint does not have the operation.
    Unsupported,
    /// There was an answer, but it is not AWS's.
    Foreign,
    /// There was no answer.
    Silent,
    /// The call was not sent: the settings make no request.
    Unsent,
    /// AWS answered with another error.
    Other,
}

impl Failure {
    /// Puts the error of a call into words.
    ///
    /// Source: [common errors of IAM](https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html),
    /// [errors of SNS](https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html), which has its own word.
    pub(crate) fn of<E: ProvideErrorMetadata + Error + 'static>(
        operation: &Operation,
        error: &SdkError<E, HttpResponse>,
    ) -> Self {
        let (kind, detail) = match (error, error.code()) {
            (SdkError::ServiceError(_), Some(code)) => {
                let kind = kind_of(code);
                (kind, in_words(operation, kind, code, error.message().unwrap_or_default()))
            }
            (SdkError::TimeoutError(_), _) => (Kind::Silent, no_answer(operation)),
            (SdkError::DispatchFailure(failure), _) if has_no_endpoint(failure) => {
                (Kind::Unsent, format!("`{}` has no endpoint: {}", operation.action, root_cause(error)))
            }
            (SdkError::DispatchFailure(failure), _) => (Kind::Silent, undelivered(operation, failure)),
            (SdkError::ServiceError(failure), None) => foreign(operation, failure.raw()),
            (SdkError::ResponseError(failure), _) => foreign(operation, failure.raw()),
            (other, _) => {
                (Kind::Unsent, format!("`{}` could not be called: {}", operation.action, causes(other)))
            }
        };
        Self {
            kind,
            code: error.code().map(ToOwned::to_owned),
            message: error.message().map(Into::into),
            bucket_region: bucket_region(error),
            missing: missing(operation, kind, detail),
        }
    }

    /// A failure that the SDK does not see, such as pages that never end.
    pub(crate) fn new(operation: &Operation, kind: Kind, detail: String) -> Self {
        Self {
            kind,
            code: None,
            message: None,
            bucket_region: None,
            missing: missing(operation, kind, detail),
        }
    }

    /// An answer that lacks what AWS always sends, even where it is empty.
    pub(crate) fn lacking(operation: &Operation, member: &str) -> Self {
        let detail =
            format!("the answer to `{}` holds no `{member}`; look at the endpoint", operation.action);
        Self {
            kind: Kind::Foreign,
            code: None,
            message: None,
            bucket_region: None,
            missing: Missing::invalid(detail),
        }
    }

    /// True if AWS answered with one of these codes.
    pub(crate) fn is(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }
}

impl From<Failure> for Missing {
    fn from(failure: Failure) -> Self {
        failure.missing
    }
}

/// Source: [redirects to a bucket's region](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingRouting.html).
fn bucket_region<E>(error: &SdkError<E, HttpResponse>) -> Option<Box<str>> {
    let response = error.raw_response()?;
    response.headers().get("x-amz-bucket-region").map(Into::into)
}

fn missing(operation: &Operation, kind: Kind, detail: String) -> Missing {
    let reason = match kind {
        Kind::Denied => Reason::AccessDenied,
        Kind::Unsupported => Reason::NotSupported,
        _ => Reason::Failed,
    };
    let permission = (kind == Kind::Denied).then(|| operation.action.to_owned());
    Missing { reason, detail, permission }
}

fn kind_of(code: &str) -> Kind {
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "UnauthorizedException"
        | "NotAuthorized"
        | "AuthorizationError"
        | "AuthorizationErrorException"
        | "AccountNotManagementOrDelegatedAdministratorException" => Kind::Denied,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => Kind::Expired,
        "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "InvalidAccessKeyId"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "AuthFailure" => Kind::Rejected,
        "InvalidAction"
        | "UnknownOperationException"
        | "UnknownOperation"
        | "NotImplemented"
        | "NotImplementedException"
        | "UnsupportedOperation"
        | "UnsupportedOperationException" => Kind::Unsupported,
        _ => Kind::Other,
    }
}

fn in_words(operation: &Operation, kind: Kind, code: &str, message: &str) -> String {
    let action = operation.action;
    match kind {
        Kind::Denied => match message.split_once(" because ") {
            Some((_, why)) => format!("AWS refused `{action}` because {}", said(why)),
            None => format!("AWS refused `{action}`"),
        },
        Kind::Expired => format!("the credentials expired before `{action}` was answered; sign in again"),
        Kind::Unsupported => format!("the endpoint does not have `{action}`"),
        _ if is_throttling(code) => {
            format!("`{action}` was throttled until the retries ran out; run it later")
        }
        _ if message.is_empty() => format!("`{action}` failed: {}", said(code)),
        _ => format!("`{action}` failed: {}: {}", said(code), said(message)),
    }
}

fn is_throttling(code: &str) -> bool {
    ["Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown"].iter().any(|word| code.contains(word))
}

fn no_answer(operation: &Operation) -> String {
    format!(
        "there was no answer to `{}` in time; give it a longer time-out, or look at the endpoint",
        operation.action
    )
}

fn undelivered(operation: &Operation, failure: &DispatchFailure) -> String {
    match failure.as_connector_error() {
        Some(_) if failure.is_timeout() => no_answer(operation),
        Some(error) => format!("`{}` did not reach the endpoint: {}", operation.action, root_cause(error)),
        None => format!("`{}` did not reach the endpoint", operation.action),
    }
}

/// True if the settings name no endpoint, or contradict each other on it: the SDK finds out late, and takes it
/// for a failure to deliver.
fn has_no_endpoint(failure: &DispatchFailure) -> bool {
    let mut cause = failure.as_connector_error().and_then(Error::source);
    while let Some(error) = cause {
        if error.is::<ResolveEndpointError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// An answer that is no answer of AWS: a page of a proxy, or of a stand-in that lacks the operation.
fn foreign(operation: &Operation, response: &HttpResponse) -> (Kind, String) {
    let status = response.status().as_u16();
    let what = if is_page(response) { "a web page" } else { "not what AWS answers" };
    let kind = if matches!(status, 404 | 405 | 501) { Kind::Unsupported } else { Kind::Foreign };
    (
        kind,
        format!(
            "the answer to `{}` is {what} (HTTP status {status}); look at the endpoint",
            operation.action
        ),
    )
}

fn is_page(response: &HttpResponse) -> bool {
    let start: Vec<u8> = response.body().bytes().unwrap_or_default().iter().take(256).copied().collect();
    let start = String::from_utf8_lossy(&start).trim_start().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;
    use crate::permissions::LIST_ROOTS;

    type CallError = SdkError<ErrorMetadata, HttpResponse>;

    fn response(status: u16, body: &'static str) -> HttpResponse {
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
    }

    fn service(code: &str, message: &str) -> Failure {
        let error = ErrorMetadata::builder().code(code).message(message).build();
        Failure::of(&LIST_ROOTS, &CallError::service_error(error, response(400, "")))
    }

    #[test]
    fn codes_of_aws() {
        use Kind::{Denied, Expired, Other, Rejected, Unsupported};
        let table = [
            ("AccessDenied", Denied, Reason::AccessDenied),
            ("AccessDeniedException", Denied, Reason::AccessDenied),
            ("UnauthorizedOperation", Denied, Reason::AccessDenied),
            ("AuthorizationError", Denied, Reason::AccessDenied),
            ("ExpiredToken", Expired, Reason::Failed),
            ("InvalidClientTokenId", Rejected, Reason::Failed),
            ("SignatureDoesNotMatch", Rejected, Reason::Failed),
            ("InvalidAction", Unsupported, Reason::NotSupported),
            ("UnknownOperationException", Unsupported, Reason::NotSupported),
            ("Throttling", Other, Reason::Failed),
            ("Brand new", Other, Reason::Failed),
        ];
        for (code, kind, reason) in table {
            let failure = service(code, "");
            assert_eq!((failure.kind, failure.missing.reason), (kind, reason), "{code}");
            let permission = (kind == Denied).then_some("organizations:ListRoots");
            assert_eq!(failure.missing.permission.as_deref(), permission, "{code}");
            assert!(failure.missing.detail.contains("organizations:ListRoots"), "{code}");
        }
    }

    #[test]
    fn words_are_stable_and_clean() {
        let denied =
            service("AccessDenied", "User: arn:x is not authorized to perform: y because an SCP denies it");
        assert_eq!(denied.missing.detail, "AWS refused `organizations:ListRoots` because an SCP denies it");
        let other = service("Odd", "a\u{1b}b Request ID: 12-34");
        assert_eq!(other.missing.detail, "`organizations:ListRoots` failed: Odd: a b");
    }

    #[test]
    fn answers_of_others() {
        let table = [
            (500, "<!DOCTYPE html><html>", Kind::Foreign, "a web page (HTTP status 500)"),
            (501, "<html>", Kind::Unsupported, "a web page"),
            (404, "nothing", Kind::Unsupported, "not what AWS answers"),
            (502, "<html></html>", Kind::Foreign, "a web page"),
            (200, "<ListRootsResponse><Li", Kind::Foreign, "not what AWS answers"),
        ];
        for (status, body, kind, words) in table {
            let unparsed = CallError::response_error("no XML", response(status, body));
            let unnamed = CallError::service_error(ErrorMetadata::builder().build(), response(status, body));
            for error in [unparsed, unnamed] {
                let failure = Failure::of(&LIST_ROOTS, &error);
                assert_eq!(failure.kind, kind, "{status}");
                assert!(failure.missing.detail.contains(words), "{}", failure.missing.detail);
            }
        }
    }

    #[test]
    fn no_answer_at_all() {
        let refused = std::io::Error::other("connection refused");
        let table = [
            (CallError::timeout_error("too slow"), "in time"),
            (CallError::dispatch_failure(ConnectorError::timeout("slow".into())), "in time"),
            (CallError::dispatch_failure(ConnectorError::io(refused.into())), "connection refused"),
        ];
        for (error, words) in table {
            let failure = Failure::of(&LIST_ROOTS, &error);
            assert_eq!((failure.kind, failure.missing.reason), (Kind::Silent, Reason::Failed));
            assert!(failure.missing.detail.contains(words), "{}", failure.missing.detail);
        }
    }

    #[test]
    fn a_call_that_is_not_sent_says_why_in_words() {
        let why = std::io::Error::other("Invalid Configuration: FIPS and custom endpoint are not supported");
        let failure = Failure::of(&LIST_ROOTS, &CallError::construction_failure(why));
        assert_eq!((failure.kind, failure.missing.reason), (Kind::Unsent, Reason::Failed));
        let detail = failure.missing.detail;
        assert!(detail.ends_with("FIPS and custom endpoint are not supported"), "{detail}");
        assert!(!detail.contains(['{', '"']), "{detail}");
        let nowhere = ResolveEndpointError::message("FIPS and custom endpoint are not supported");
        let late = CallError::dispatch_failure(ConnectorError::other(nowhere.into(), None));
        let failure = Failure::of(&LIST_ROOTS, &late);
        assert_eq!(failure.kind, Kind::Unsent);
        let detail = failure.missing.detail;
        assert_eq!(
            detail,
            "`organizations:ListRoots` has no endpoint: FIPS and custom endpoint are not supported"
        );
    }
}
