use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A `Sid` of an identity policy with other characters than letters and digits.
    /// ## Why it matters
    /// IAM refuses the policy. Other kinds of policies may have more characters.
    /// ## How to fix
    /// Use letters `A` to `Z`, `a` to `z` and digits only.
    ///
    /// Source: [Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html).
    static INVALID_SID = {
        id: "invalid-sid", title: "a `Sid` has characters that it may not have",
        severity: Severity::Error, find: invalid_sid,
    }
}

fn invalid_sid(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in subject.statements.iter().filter(|_| subject.kind.is_identity()) {
        let sid = facts.statement.sid.as_deref().unwrap_or_default();
        if !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            found.add(facts.element("Sid"), format!("`{sid}` may have letters and digits only"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::{check, check_kind};

    #[test]
    fn sids() {
        let spaced = r#""Sid":"read logs","Principal":"*","Action":"*","Resource":"*""#;
        check(
            "invalid-sid",
            &[(r#""Sid":"ReadLogs1","Action":"*""#, ""), (spaced, "Sid: `read logs` may have")],
        );
        check_kind("invalid-sid", PolicyKind::Resource, &[(spaced, "")]);
    }
}
