use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A document with so many patterns that other rules did not compare all of them.
    /// ## Why it matters
    /// What those rules would have found is missing from the answer.
    /// ## How to fix
    /// Lint the document in parts. No document that AWS takes is so large.
    ///
    /// Source: [IAM and STS quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
    static TOO_LARGE_TO_EXAMINE = {
        id: "too-large-to-examine", title: "a part of the document was not examined",
        severity: Severity::Error, find: too_large_to_examine,
    }
}

/// Comes last, when what was left out is known.
fn too_large_to_examine(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.unexamined > 0 {
        let message = format!("{} patterns of actions were not looked up", subject.unexamined);
        found.add(Spot::Document, message);
    }
    if subject.is_spent() {
        found.add(
            Spot::Document,
            "there are more patterns than can be compared with one another; not all were",
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::Document;
    use crate::lint::testing::{check, found};
    use crate::lint::{PolicyKind, lint};

    /// A document with many statements; `{i}` is the statement's number.
    fn many(count: usize, statement: &str) -> String {
        let statements: Vec<String> = (0..count).map(|i| statement.replace("{i}", &i.to_string())).collect();
        format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
    }

    #[test]
    fn hostile_documents() {
        check("too-large-to-examine", &[(r#""Action":["*:Get*","*:List*"],"Resource":"*""#, "")]);
        let open = many(300, r#"{"Effect":"Deny","Action":"*:A{i}*","Resource":"*"}"#);
        let messages = found("too-large-to-examine", PolicyKind::Managed, &open);
        assert!(
            messages.len() == 1 && messages[0].contains("patterns of actions were not looked up"),
            "{messages:?}"
        );
        let crossed = many(13_000, r#"{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::x{i}x*"}"#);
        assert_eq!(found("too-large-to-examine", PolicyKind::Managed, &crossed).len(), 1);
    }

    #[test]
    fn hostile_texts() {
        for text in ["*a?", "${", "${a", "arn:", "s3:*", ":", "ü*"] {
            let long = text.repeat(20_000);
            let document = format!(
                r#"{{"Version":"2012-10-17","Statement":{{"Sid":"{long}","Effect":"Allow","Action":["{long}","s3:Get*"],
                "Resource":["{long}","{long}x"],"Condition":{{"{long}":{{"{long}":"{long}"}}}}}}}}"#
            );
            assert!(!lint(&Document::parse(&document).unwrap(), PolicyKind::Managed).is_empty(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_document_panics(document in crate::testing::documents()) {
            for kind in PolicyKind::ALL {
                for finding in lint(&document, kind) {
                    proptest::prop_assert_eq!(finding.statement.is_none(), finding.element.is_empty());
                }
            }
        }
    }
}
