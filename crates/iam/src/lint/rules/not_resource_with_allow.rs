use crate::Scope;
use crate::lint::Severity;
use crate::lint::finding::{Found, count};
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// `NotResource` in an `Allow`.
    /// ## Why it matters
    /// It allows the actions on every resource but those named, also on those that are created later, and on
    /// resources of other accounts.
    /// ## How to fix
    /// Name the resources in `Resource`. To keep some from people who may use the others, add a `Deny`.
    ///
    /// Source: [NotResource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html).
    static NOT_RESOURCE_WITH_ALLOW = {
        id: "not-resource-with-allow", title: "an `Allow` has `NotResource`",
        severity: Severity::Security, find: not_resource_with_allow,
    }
}

fn not_resource_with_allow(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in subject.statements.iter().filter(|facts| subject.kind.grants() && facts.allows()) {
        if let Scope::AllBut(patterns) = &facts.statement.resources {
            let but = count(patterns.len(), "pattern");
            let message = format!("every resource but {but} is allowed; name what is needed in `Resource`");
            found.add(facts.element("NotResource"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn statements() {
        check(
            "not-resource-with-allow",
            &[
                (r#""Action":"s3:*","Resource":"*""#, ""),
                (r#""Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::logs""#, ""),
                (
                    r#""Action":"s3:*","NotResource":"arn:aws:s3:::logs""#,
                    "NotResource: every resource but 1 pattern is",
                ),
                (r#""Action":"s3:*","NotResource":["arn:aws:s3:::a","arn:aws:s3:::b"]"#, "but 2 patterns is"),
            ],
        );
    }
}
