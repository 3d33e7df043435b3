use std::collections::BTreeMap;

use leastwise_iam::{AccountId, Partition};
use leastwise_model::Missing;

use super::content::Content;
use super::part::Part;
use super::{FolderError, Reading};
use crate::text::quote;

/// A file's name, and what it holds or why it is of no use.
type Found = (String, Result<Content, Missing>);

/// What was found in a folder, by part and file.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    found: BTreeMap<Part, Vec<Found>>,
    notices: Vec<String>,
}

impl Shelf {
    pub(super) fn put(&mut self, file: &str, reading: Reading) {
        match reading {
            Reading::Sound(part, content) => self.add(part, file, Ok(*content)),
            Reading::Broken(part, why) => self.add(part, file, Err(why)),
            Reading::Foreign(why) => self.notice(format!("file `{}` was not used: {why}", quote(file))),
        }
    }

    fn add(&mut self, part: Part, file: &str, content: Result<Content, Missing>) {
        self.found.entry(part).or_default().push((file.to_owned(), content));
    }

    pub(super) fn notice(&mut self, text: String) {
        self.notices.push(text);
    }

    pub(super) fn into_notices(self) -> Vec<String> {
        self.notices
    }

    /// True if no file holds a part that can be read.
    pub(super) fn is_empty(&self) -> bool {
        !self.found.values().flatten().any(|(_, content)| content.is_ok())
    }

    /// The one account that all files are about.
    pub(super) fn owner(&self) -> Result<Option<(AccountId, Partition)>, FolderError> {
        let mut first: Option<(AccountId, Partition, &str)> = None;
        for (file, content) in self.found.values().flatten() {
            for (id, partition) in content.iter().flat_map(Content::owners) {
                match first {
                    None => first = Some((id, partition, file)),
                    Some((known, ..)) if known == id => {}
                    Some((known, _, known_file)) => return Err(two_accounts(known, known_file, id, file)),
                }
            }
        }
        Ok(first.map(|(id, partition, _)| (id, partition)))
    }

    /// Takes the one content of a part.
    ///
    /// Two files that hold the same part make it unknown: nothing tells which is right.
    pub(super) fn take(&mut self, part: Part) -> Result<Content, Missing> {
        let mut found = self.take_all(part).into_iter();
        match (found.next(), found.next()) {
            (None, _) => Err(part.absent()),
            (Some((_, content)), None) => content,
            (Some((first, _)), Some((second, _))) => Err(Missing::invalid(format!(
                "files `{}` and `{}` hold the same part; keep one of them",
                quote(&first),
                quote(&second)
            ))),
        }
    }

    /// Takes all contents of a part with their files.
    pub(super) fn take_all(&mut self, part: Part) -> Vec<Found> {
        self.found.remove(&part).unwrap_or_default()
    }
}

fn two_accounts(first: AccountId, first_file: &str, second: AccountId, second_file: &str) -> FolderError {
    let files = match (quote(first_file), quote(second_file)) {
        (one, same) if one == same => format!("the entries of `{one}`"),
        (one, other) => format!("`{one}` and `{other}`"),
    };
    FolderError::TwoAccounts { first, second, files }
}
