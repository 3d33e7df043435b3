//! The keys that digests are signed with.

use aws_smithy_types::DateTime;
use jiff::Timestamp;
use leastwise_model::Missing;

use crate::access::Connection;
use crate::ask::ask;
use crate::failure::Failure;
use crate::pages::{Page, pages};
use crate::permissions::LIST_PUBLIC_KEYS;
use crate::session::Session;

/// A public key of CloudTrail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its fingerprint, as digests have it.
    pub fingerprint: String,
    /// The key itself, in DER.
    pub der: Vec<u8>,
}

/// The keys that one region signs digests with in some time. Each region has its own.
///
/// Source: [ListPublicKeys](https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html).
///
/// # Errors
/// AWS refuses the call, or does not answer it.
pub async fn public_keys(
    connection: &Connection,
    region: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Key>, Missing> {
    let clients = Session::new(&connection.config).regional(region);
    let operation = &LIST_PUBLIC_KEYS;
    let keys = pages(operation, async |marker| {
        let call = clients.cloud_trail().list_public_keys();
        let call = call.start_time(date(from)).end_time(date(to)).set_next_token(marker);
        let answer = ask(operation, call.send()).await?;
        Page::of(operation, "PublicKeyList", answer.public_key_list, answer.next_token)
    });
    let key = |key: aws_sdk_cloudtrail::types::PublicKey| {
        let fingerprint = key.fingerprint.ok_or_else(|| Failure::lacking(operation, "Fingerprint"))?;
        let der = key.value.ok_or_else(|| Failure::lacking(operation, "Value"))?.into_inner();
        Ok(Key { fingerprint, der })
    };
    keys.await?.into_iter().map(key).collect::<Result<_, Failure>>().map_err(Missing::from)
}

pub(super) fn date(instant: Timestamp) -> DateTime {
    DateTime::from_secs(instant.as_second())
}
