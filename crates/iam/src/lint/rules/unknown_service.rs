use crate::catalogue::Service;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{Form, Subject};

rule! {
    /// ## What it finds
    /// An action whose prefix is of no service.
    /// ## Why it matters
    /// It matches nothing: what was to be allowed is not, and what was to be denied is not either.
    /// ## How to fix
    /// Take the prefix from the Service Authorization Reference; it often differs from the service's name
    /// (`elasticloadbalancing`, `cognito-idp`, `states`).
    ///
    /// Source: [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    static UNKNOWN_SERVICE = {
        id: "unknown-service", title: "an action's prefix is of no service",
        severity: Severity::Error, find: unknown_service,
    }
}

fn unknown_service(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, action) in subject.actions() {
        if let Form::UnknownService = action.form {
            let (service, _) = action.halves();
            let prefixes = subject.catalogue.services().iter().map(Service::prefix);
            let hint = subject.did_you_mean(service, prefixes);
            found.add(
                action.spot,
                format!("`{}` is not an action: `{service}` is no service{hint}", action.text),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn prefixes() {
        check(
            "unknown-service",
            &[
                (r#""Action":"S3:GetObject""#, ""),
                (r#""Action":"*nothing:GetObject""#, ""),
                (
                    r#""Action":["s3:*","dynamdb:*"]"#,
                    "Action[1]: `dynamdb:*` is not an action: `dynamdb` is no service; did you mean `dynamodb`?",
                ),
                (
                    r#""NotAction":"zzzzzzzz:*""#,
                    "NotAction: `zzzzzzzz:*` is not an action: `zzzzzzzz` is no service",
                ),
            ],
        );
    }
}
