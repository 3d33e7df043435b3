use crate::Version;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A document without `Version`, or with `2008-10-17`, which is the same.
    /// ## Why it matters
    /// The old version of the language has no policy variables: `${aws:username}` is plain text there.
    /// ## How to fix
    /// Write `"Version": "2012-10-17"`, after a look at what `${…}` then means.
    ///
    /// Source: [Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html).
    static OLD_VERSION = {
        id: "old-version", title: "the document has no `Version`, or the old one",
        severity: Severity::Suggestion, find: old_version,
    }
}

fn old_version(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.document.version == Version::V2008 {
        found.add(Spot::Document, "`Version` is missing or `2008-10-17`; write `2012-10-17`");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::{check, found};

    #[test]
    fn versions() {
        check("old-version", &[(r#""Action":"*""#, "")]);
        for version in ["", r#""Version":"2008-10-17","#] {
            let document = format!(r#"{{{version}"Statement":[]}}"#);
            assert_eq!(found("old-version", PolicyKind::Managed, &document).len(), 1, "{version}");
        }
    }
}
