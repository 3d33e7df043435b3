use std::future::Future;
use std::pin::Pin;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::failure::Failure;
use crate::permissions::Operation;

/// The answer to a call, or why there is none.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// The one door to AWS: every call goes through here with its entry in the table of operations.
pub(crate) fn ask<'a, T, E>(
    operation: &'static Operation,
    call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
) -> Answer<'a, T>
where
    T: Send + 'a,
    E: ProvideErrorMetadata + std::error::Error + Send + 'static,
{
    let call = Box::pin(call);
    Box::pin(async move { call.await.map_err(|error| Failure::of(operation, &error)) })
}
