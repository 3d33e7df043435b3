use std::collections::BTreeSet;

use crate::failure::{Failure, Kind};
use crate::permissions::Operation;

/// One page of a list, and the marker of the next one.
pub(crate) struct Page<T> {
    /// What the page holds.
    pub items: T,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<String>,
}

impl<T> Page<Vec<T>> {
    /// A page whose list AWS always sends, even empty.
    pub(crate) fn of(
        operation: &Operation,
        member: &str,
        items: Option<Vec<T>>,
        next: Option<String>,
    ) -> Result<Self, Failure> {
        let items = items.ok_or_else(|| Failure::lacking(operation, member))?;
        Ok(Self { items, next })
    }
}

/// More pages than any list of an account has.
const MOST_PAGES: usize = 10_000;

/// The markers of a list that were seen: an endpoint that repeats one would be read for ever.
pub(crate) struct Markers {
    operation: &'static Operation,
    seen: BTreeSet<String>,
    most: usize,
}

impl Markers {
    /// For the pages of one list.
    pub(crate) const fn new(operation: &'static Operation) -> Self {
        Self { operation, seen: BTreeSet::new(), most: MOST_PAGES }
    }

    /// For the pages of a list that may be of any length, such as that of a bucket.
    pub(crate) const fn of_any_length(operation: &'static Operation) -> Self {
        Self { operation, seen: BTreeSet::new(), most: usize::MAX }
    }

    /// Takes note of a marker, and fails if it was there before.
    pub(crate) fn accept(&mut self, marker: Option<String>) -> Result<Option<String>, Failure> {
        match marker {
            Some(marker) if self.seen.contains(&marker) => Err(self.endless()),
            Some(_) if self.seen.len() >= self.most => Err(self.too_many()),
            Some(marker) => {
                self.seen.insert(marker.clone());
                Ok(Some(marker))
            }
            None => Ok(None),
        }
    }

    fn too_many(&self) -> Failure {
        let detail = format!(
            "`{}` has more than {MOST_PAGES} pages, which no account has; look at the endpoint",
            self.operation.action
        );
        Failure::new(self.operation, Kind::Foreign, detail)
    }

    fn endless(&self) -> Failure {
        let detail =
            format!("the pages of `{}` repeat without an end; look at the endpoint", self.operation.action);
        Failure::new(self.operation, Kind::Foreign, detail)
    }
}

/// Reads all pages of a list.
pub(crate) async fn pages<T, F>(operation: &'static Operation, mut fetch: F) -> Result<Vec<T>, Failure>
where
    F: AsyncFnMut(Option<String>) -> Result<Page<Vec<T>>, Failure>,
{
    let mut markers = Markers::new(operation);
    let mut all = Vec::new();
    let mut marker = None;
    loop {
        let page = fetch(marker).await?;
        all.extend(page.items);
        marker = markers.accept(page.next)?;
        if marker.is_none() {
            return Ok(all);
        }
    }
}

/// The marker of an IAM list: it counts only where the list says that it goes on.
///
/// A list that goes on without saying where is not complete.
pub(crate) fn iam_marker(
    operation: &'static Operation,
    truncated: bool,
    marker: Option<String>,
) -> Result<Option<String>, Failure> {
    match (truncated, marker) {
        (true, None) => {
            let detail = format!("`{}` says that more follows, but not where", operation.action);
            Err(Failure::new(operation, Kind::Foreign, detail))
        }
        (true, marker) => Ok(marker),
        (false, _) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::LIST_ROOTS;

    #[tokio::test]
    async fn all_pages_in_order() {
        let result = pages(&LIST_ROOTS, async |marker: Option<String>| {
            let page: u8 = marker.map_or(0, |m| m.parse().unwrap());
            Ok(Page { items: vec![page], next: (page < 3).then(|| (page + 1).to_string()) })
        })
        .await;
        assert_eq!(result, Ok(vec![0, 1, 2, 3]));
    }

    #[tokio::test]
    async fn a_marker_that_comes_again_is_an_error() {
        let result =
            pages(&LIST_ROOTS, async |_| Ok(Page { items: vec![1], next: Some("again".to_owned()) }));
        assert!(result.await.unwrap_err().missing.detail.contains("repeat"));
    }

    #[tokio::test]
    async fn pages_without_an_end_are_an_error() {
        let mut page = 0_u32;
        let result = pages(&LIST_ROOTS, async |_| {
            page += 1;
            Ok(Page { items: vec![page], next: Some(page.to_string()) })
        })
        .await;
        assert!(result.unwrap_err().missing.detail.contains("more than 10000 pages"));
    }

    #[test]
    fn a_list_that_aws_always_sends_must_be_there() {
        let sent = Page::of(&LIST_ROOTS, "Roots", Some(Vec::<u8>::new()), None).unwrap();
        assert!(sent.items.is_empty());
        let why = Page::<Vec<u8>>::of(&LIST_ROOTS, "Roots", None, None).err().unwrap().missing;
        assert_eq!(why.reason, leastwise_model::Reason::Invalid);
        assert!(why.detail.contains("`Roots`"), "{}", why.detail);
    }

    #[test]
    fn a_truncated_list_needs_a_marker() {
        let m = || Some("m".to_owned());
        assert_eq!(iam_marker(&LIST_ROOTS, false, m()), Ok(None));
        assert_eq!(iam_marker(&LIST_ROOTS, true, m()), Ok(m()));
        assert!(iam_marker(&LIST_ROOTS, true, None).is_err());
    }
}
