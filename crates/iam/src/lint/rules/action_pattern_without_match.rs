use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{Form, Subject};

rule! {
    /// ## What it finds
    /// A pattern of actions that matches no action of any service.
    /// ## Why it matters
    /// It allows nothing and denies nothing; a `Deny` with a slip in it protects nobody.
    /// ## How to fix
    /// Correct the pattern, or remove it.
    ///
    /// Source: [Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
    static ACTION_PATTERN_WITHOUT_MATCH = {
        id: "action-pattern-without-match", title: "a pattern matches no action",
        severity: Severity::Error, find: action_pattern_without_match,
    }
}

fn action_pattern_without_match(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, action) in subject.actions() {
        match &action.form {
            Form::Means(actions) if actions.is_empty() && action.has_wildcard() => {
                found.add(action.spot, format!("`{}` matches no action", action.text));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn patterns() {
        check(
            "action-pattern-without-match",
            &[
                (r#""Action":["s3:Get*","*:Get*","*"]"#, ""),
                (r#""Action":"nosuchservice:Get*""#, ""),
                (r#""Action":["s3:*","s3:Fetch*"]"#, "Action[1]: `s3:Fetch*` matches no action"),
            ],
        );
    }
}
