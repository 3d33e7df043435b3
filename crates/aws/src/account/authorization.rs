use leastwise_model::Missing;

use super::Target;
use crate::answers::AuthorizationDetails;
use crate::ask::ask;
use crate::details::{Details, Page};
use crate::failure::Failure;
use crate::pages::{Markers, iam_marker};
use crate::permissions::GET_ACCOUNT_AUTHORIZATION_DETAILS;

const PART: &str = "users, groups, roles and policies";

/// The largest page that AWS gives.
const PAGE_SIZE: i32 = 1000;

/// Reads all users, groups, roles and policies in a few large pages.
///
/// A page that fails makes all four lists unknown: part of a list would look like the whole.
pub(super) async fn read(target: &Target<'_>) -> Details {
    match pages(target).await {
        Ok(pages) => Details::of(pages),
        Err(failure) => Details::missing(&Missing::from(failure)),
    }
}

async fn pages(target: &Target<'_>) -> Result<Vec<Page>, Failure> {
    let operation = &GET_ACCOUNT_AUTHORIZATION_DETAILS;
    let mut markers = Markers::new(operation);
    let mut pages = Vec::new();
    let mut marker = None;
    loop {
        let call = target.session.iam().get_account_authorization_details();
        let answer = ask(operation, call.max_items(PAGE_SIZE).set_marker(marker).send()).await?;
        let mut answer = AuthorizationDetails::from(answer);
        let next = iam_marker(operation, answer.is_truncated, answer.next_token.take())?;
        pages.push(Page::read(answer));
        target.progress(PART, pages.iter().map(Page::len).sum(), None);
        marker = markers.accept(next)?;
        if marker.is_none() {
            return Ok(pages);
        }
    }
}
