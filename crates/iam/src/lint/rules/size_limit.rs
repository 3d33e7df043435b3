use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;
use crate::lint::{PolicyKind, Severity};

rule! {
    /// ## What it finds
    /// A document that is longer than AWS takes for its kind; white space between elements is not counted.
    /// ## Why it matters
    /// AWS refuses it. Inline policies count together: all of one user may have 2,048 characters, of one group 5,120,
    /// of one role 10,240. The limit of a trust policy can be raised to 4,096. In policies of an organisation, white
    /// space counts, too, unless the console saves them.
    /// ## How to fix
    /// Leave out `Sid`s, join statements and use patterns; or split the document.
    ///
    /// Source: [IAM and STS quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length),
    /// [Organizations quotas](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html),
    /// [VPC quotas](https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
    static SIZE_LIMIT = {
        id: "size-limit", title: "the document is longer than AWS takes",
        severity: Severity::Error, find: size_limit,
    }
}

fn size_limit(subject: &Subject<'_>, found: &mut Found<'_>) {
    let Some(limit) = limit(subject.kind) else { return };
    // Without its text, the document is as long as the shortest text for it.
    let printed = || subject.document.to_json().ok().map(|text| text.chars().count());
    let Some(length) = subject.characters.or_else(printed) else { return };
    if length > limit {
        let kind = subject.kind;
        found.add(Spot::Document, format!("{length} characters are more than the {limit} of kind `{kind}`"));
    }
}

/// How many characters AWS takes. Resource policies differ from service to service.
const fn limit(kind: PolicyKind) -> Option<usize> {
    Some(match kind {
        PolicyKind::Managed => 6144,
        PolicyKind::InlineUser | PolicyKind::Session | PolicyKind::Trust => 2048,
        PolicyKind::InlineGroup | PolicyKind::Rcp => 5120,
        PolicyKind::InlineRole | PolicyKind::Scp => 10_240,
        PolicyKind::Endpoint => 20_480,
        PolicyKind::Resource => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::testing::found;

    #[test]
    fn limits() {
        for kind in PolicyKind::ALL {
            let Some(limit) = limit(kind) else { continue };
            let empty = r#"{"Version":"2012-10-17","Id":"","Statement":[]}"#;
            let filled =
                |length: usize| empty.replace(r#""Id":"""#, &format!(r#""Id":"{}""#, "ü".repeat(length)));
            let room = limit - empty.len();
            assert_eq!(found("size-limit", kind, &format!("  {}  ", filled(room))).len(), 0, "{kind}");
            let message = format!(": {} characters are more than the {limit} of kind `{kind}`", limit + 1);
            assert_eq!(found("size-limit", kind, &filled(room + 1)), [message]);
        }
        // A list of one is longer than a single value.
        let one = r#"{"Id":"","Statement":{"Effect":"Deny","Action":["*"]}}"#;
        let long = one.replace(r#""Id":"""#, &format!(r#""Id":"{}""#, "i".repeat(2049 - one.len())));
        let findings = crate::lint::lint_text(&long, PolicyKind::Trust).unwrap();
        assert!(
            findings.iter().any(|finding| finding.message.starts_with("2049 characters")),
            "{findings:?}"
        );
    }
}
