use crate::catalogue::{Action, Service};
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{ActionFacts, Form, Subject};

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
                let hint = match suggestion(subject, action) {
                    Some(name) => format!("; did you mean `{name}`?"),
                    None => String::new(),
                };
                found.add(action.spot, format!("`{}` is not an action{hint}", action.text));
            }
            _ => {}
        }
    }
}

/// Operations of S3's interface whose action has another name, each with the action.
///
/// Source: [Required permissions for Amazon S3 API operations](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
const OPERATIONS: [(&str, &str); 8] = [
    ("s3:CopyObject", "s3:PutObject"),
    ("s3:CreateMultipartUpload", "s3:PutObject"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
];

/// What the author may have meant: the action of an operation, or the action with the nearest name.
fn suggestion(subject: &Subject<'_>, action: &ActionFacts<'_>) -> Option<String> {
    if let Some((_, name)) =
        OPERATIONS.iter().find(|(operation, _)| action.text.eq_ignore_ascii_case(operation))
    {
        return Some((*name).to_owned());
    }
    let (prefix, name) = action.halves();
    let names = subject.catalogue.service(prefix).into_iter().flat_map(Service::actions).map(Action::name);
    subject.nearest(name, names).map(|name| format!("{prefix}:{name}"))
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn operations_are_no_actions_and_have_one() {
        let catalogue = crate::catalogue::Catalogue::get();
        for (operation, action) in super::OPERATIONS {
            assert!(catalogue.action(operation).is_none(), "{operation}");
            assert!(catalogue.action(action).is_some(), "{action}");
        }
        check("unknown-action", &[(r#""Action":"s3:listobjects""#, "did you mean `s3:ListBucket`?")]);
    }

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
