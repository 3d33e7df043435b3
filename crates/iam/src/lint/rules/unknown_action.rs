use crate::catalogue::{Action, Service};
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{Form, Subject};

rule! {
    /// ## What it finds
    /// An action, without wildcards, that its service does not have.
    /// ## Why it matters
    /// It matches nothing: what was to be allowed is not, and what was to be denied is not either. Many are names of
    /// API operations, which differ from those of actions (`s3:ListObjects` is `s3:ListBucket`).
    /// ## How to fix
    /// Take the name from the service's page in the Service Authorization Reference.
    ///
    /// Source: [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    static UNKNOWN_ACTION = {
        id: "unknown-action", title: "a service has no such action",
        severity: Severity::Error, find: unknown_action,
    }
}

fn unknown_action(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, action) in subject.actions() {
        match &action.form {
            Form::Means(actions) if actions.is_empty() && !action.has_wildcard() => {
                let (prefix, name) = action.halves();
                let service = subject.catalogue.service(prefix);
                let names = service.into_iter().flat_map(Service::actions).map(Action::name);
                let hint = match subject.nearest(name, names) {
                    Some(name) => format!("; did you mean `{prefix}:{name}`?"),
                    None => String::new(),
                };
                found.add(action.spot, format!("`{}` is not an action{hint}", action.text));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn names() {
        check(
            "unknown-action",
            &[
                (r#""Action":["s3:getobject","iam:PassRole","*"]"#, ""),
                (r#""Action":"nosuchservice:GetObject""#, ""),
                (r#""Action":"s3:NoSuch*""#, ""),
                (
                    r#""Action":"s3:GetObjects""#,
                    "`s3:GetObjects` is not an action; did you mean `s3:GetObject`?",
                ),
                (
                    r#""NotAction":["s3:*","iam:Frobnicate"]"#,
                    "NotAction[1]: `iam:Frobnicate` is not an action",
                ),
            ],
        );
    }
}
