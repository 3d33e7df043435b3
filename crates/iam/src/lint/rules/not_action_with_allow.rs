use crate::Scope;
use crate::lint::Severity;
use crate::lint::finding::{Found, count};
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// `NotAction` in an `Allow`.
    /// ## Why it matters
    /// It allows every action of every service but those named: also of services that AWS adds later.
    /// ## How to fix
    /// Name what is needed in `Action`. To keep something from people who may do everything else, add a `Deny`.
    ///
    /// Source: [NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html).
    static NOT_ACTION_WITH_ALLOW = {
        id: "not-action-with-allow", title: "an `Allow` has `NotAction`",
        severity: Severity::Security, find: not_action_with_allow,
    }
}

fn not_action_with_allow(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in subject.statements.iter().filter(|facts| subject.kind.grants() && facts.allows()) {
        if let Scope::AllBut(patterns) = &facts.statement.actions {
            let but = count(patterns.len(), "pattern");
            let message = format!("every action but {but} is allowed; name what is needed in `Action`");
            found.add(facts.element("NotAction"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn statements() {
        check(
            "not-action-with-allow",
            &[
                (r#""Action":"*""#, ""),
                (r#""Effect":"Deny","NotAction":"iam:*""#, ""),
                (r#""NotAction":"iam:*""#, "Statement[0].NotAction: every action but 1 pattern is"),
                (r#""NotAction":["iam:*","sts:*"]"#, "every action but 2 patterns is"),
            ],
        );
    }
}
