use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{Form, Subject};

rule! {
    /// ## What it finds
    /// An entry of `Action` or `NotAction` that has not the form `service:Name`.
    /// ## Why it matters
    /// It matches nothing, and AWS refuses most of them. Policy variables have no meaning in actions.
    /// ## How to fix
    /// Write the service's prefix, a colon, and the action's name or a pattern of it; or `*` alone.
    ///
    /// Source: [Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
    static INVALID_ACTION = {
        id: "invalid-action", title: "an action has not the form `service:Name`",
        severity: Severity::Error, find: invalid_action,
    }
}

fn invalid_action(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, action) in subject.actions() {
        if let Form::Malformed(why) = action.form {
            found.add(action.spot, format!("`{}` is not an action: {why}", action.text));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn forms() {
        check(
            "invalid-action",
            &[
                (r#""Action":"*""#, ""),
                (r#""Action":["s3:GetObject","*:*","s*:Get?bject"]"#, ""),
                (r#""Action":"GetObject""#, "Action: `GetObject` … `service:Action` or `*`"),
                (r#""Action":["*","s3:"]"#, "Action[1]: `s3:` … missing"),
                (r#""NotAction":"s3:${aws:username}""#, "NotAction: … only letters"),
                (r#""Action":"s3:Get Object""#, "only letters"),
            ],
        );
    }
}
