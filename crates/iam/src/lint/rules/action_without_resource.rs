use crate::Effect;
use crate::catalogue::Action;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::resources::Fits;
use crate::lint::rule::rule;
use crate::lint::subject::{Form, Subject};

rule! {
    /// ## What it finds
    /// An action that no resource of its statement fits: the action cannot be restricted to resources at all, or only
    /// to resources of other types.
    /// ## Why it matters
    /// The statement does not apply to the action. `s3:ListBucket` is about `arn:aws:s3:::bucket`, not about
    /// `arn:aws:s3:::bucket/*`; `s3:ListAllMyBuckets` only about `*`.
    /// ## How to fix
    /// Add a resource of the action's type, or move the action to a statement with `"Resource": "*"`.
    ///
    /// Source: [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html),
    /// [Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    static ACTION_WITHOUT_RESOURCE = {
        id: "action-without-resource", title: "no resource of the statement fits the action",
        severity: Severity::Warning, find: action_without_resource,
    }
}

fn action_without_resource(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in &subject.statements {
        let Some(fits) = Fits::of(subject, facts) else { continue };
        let fit = |action: &Action| {
            let at = fits.actions.binary_search_by_key(&action.id(), |(action, _)| action.id());
            at.ok().and_then(|at| fits.actions.get(at)).is_some_and(|(_, fits)| *fits)
        };
        for entry in &facts.actions {
            let Form::Means(actions) = &entry.form else { continue };
            if !actions.iter().any(|action| fit(action)) {
                found.add(entry.spot, message(entry.text, actions, facts.statement.effect));
            }
        }
    }
}

fn message(text: &str, actions: &[&'static Action], effect: Effect) -> String {
    let not = if effect == Effect::Allow { "allowed" } else { "denied" };
    let mut types: Vec<&str> =
        actions.iter().flat_map(|a| a.resources()).map(|resource| resource.resource_type().name()).collect();
    types.sort_unstable();
    types.dedup();
    if types.is_empty() {
        return format!("`{text}` cannot be restricted to resources; it is {not} with `*` only");
    }
    let shown: Vec<String> = types.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = if types.len() > shown.len() { " and others" } else { "" };
    format!(
        "`{text}` is about resources of type {}{more}, of which none is here; it is not {not}",
        shown.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn actions() {
        for (actions, resource, message) in [
            (r#""s3:ListBucket""#, "arn:aws:s3:::bucket", ""),
            (r#""s3:ListAllMyBuckets""#, "*", ""),
            (r#""s3:*""#, "arn:aws:s3:::bucket/*", ""),
            (r#""*""#, "arn:aws:s3:::bucket/*", ""),
            (r#""s3:ListBucket""#, "arn:aws:s3:::b*", ""),
            (r#""logs:DescribeLogStreams""#, "arn:aws:logs:*:*:log-group:g:log-stream:*", ""),
            (r#""lambda:GetFunctionUrlConfig""#, "arn:aws:lambda:*:*:function:f:live", ""),
            (r#""dynamodb:GetItem""#, "arn:aws:dynamodb:*:*:table/t*", ""),
            (
                r#""dynamodb:GetItem""#,
                "arn:aws:dynamodb:*:*:table/t/index/*",
                "`table`, of which none is here",
            ),
            (r#""s3:ListBucket""#, "arn:aws:s3:::${aws:PrincipalTag/team}", ""),
            (r#""s3:ListBucket""#, "arn:aws:s3:::b/*", "`bucket`, of which none is here; it is not allowed"),
            (r#""s3:ListBucket""#, "arn:aws:s3:::b/x", "`bucket`, of which none is here; it is not allowed"),
            (
                r#"["s3:GetObject","s3:ListBucket"]"#,
                "arn:aws:s3:::b*/*",
                "Action[1]: `s3:ListBucket` is about",
            ),
            (r#""s3:GetObject""#, "arn:aws:s3:::bucket/key", ""),
            (
                r#"["s3:GetObject","s3:ListAllMyBuckets"]"#,
                "arn:aws:s3:::b/*",
                "Action[1]: `s3:ListAllMyBuckets` cannot be",
            ),
            (
                r#""sqs:SendMessage""#,
                "arn:aws:sns:*:*:topic",
                "type `queue`, of which none is here; it is not allowed",
            ),
        ] {
            let statement = format!(r#""Action":{actions},"Resource":"{resource}""#);
            check("action-without-resource", &[(&statement, message)]);
        }
        check(
            "action-without-resource",
            &[(
                r#""Effect":"Deny","Action":"sqs:SendMessage","Resource":"arn:aws:sns:*:*:t""#,
                "it is not denied",
            )],
        );
    }
}
