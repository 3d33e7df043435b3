use std::fmt;

use super::Severity;
use super::finding::Found;
use super::subject::Subject;

/// A rule: what it is called, what it means, and how it finds.
pub struct Rule {
    /// The permanent name, such as `unknown-action`.
    pub id: &'static str,
    /// What is wrong where it finds something.
    pub title: &'static str,
    /// How bad that is.
    pub severity: Severity,
    /// The lines of the documentation page as they stand in the source; see [`Rule::page`].
    pub documentation: &'static [&'static str],
    pub(crate) find: fn(&Subject<'_>, &mut Found<'_>),
}

impl Rule {
    /// The documentation page, in Markdown; headings begin at the second level.
    pub fn page(&self) -> String {
        let lines = self.documentation.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.flat_map(|line| [line, "\n"]).collect()
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// Declares a rule; its doc comment is its documentation page.
macro_rules! rule {
    (
        $(#[doc = $line:expr])*
        static $name:ident = {
            id: $id:expr, title: $title:expr,
            severity: $severity:expr, find: $find:expr $(,)?
        }
    ) => {
        $(#[doc = $line])*
        pub(crate) static $name: $crate::lint::Rule = $crate::lint::Rule {
            id: $id,
            title: $title,
            severity: $severity,
            documentation: &[$($line),*],
            find: $find,
        };
    };
}
pub(crate) use rule;
