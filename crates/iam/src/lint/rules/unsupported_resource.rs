use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::kind::verb;
use crate::lint::resources::Fits;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// An entry of `Resource` that has the form of no resource type of any action of the statement.
    /// ## Why it matters
    /// The entry matches no request for these actions: it allows nothing and denies nothing.
    /// ## How to fix
    /// Correct the ARN, or move it to the actions it belongs to.
    ///
    /// Source: [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html),
    /// "Resource types" of each service.
    static UNSUPPORTED_RESOURCE = {
        id: "unsupported-resource", title: "a resource is of no action of its statement",
        severity: Severity::Warning, find: unsupported_resource,
    }
}

fn unsupported_resource(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in &subject.statements {
        let Some(fits) = Fits::of(subject, facts) else { continue };
        // Where no action takes resources, `action-without-resource` says so.
        if !fits.actions.iter().any(|(action, _)| action.is_resource_level()) {
            continue;
        }
        for ((text, spot), fits) in facts.resources().zip(&fits.entries) {
            if !fits {
                let verb = verb(facts.statement.effect);
                found.add(spot, format!("`{text}` is a resource of no action here; it {verb} nothing"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn resources() {
        for (action, resource, message) in [
            ("s3:GetObject", "*", ""),
            ("s3:GetObject", "arn:aws:s3:::bucket/*", ""),
            ("s3:GetObject", "arn:aws:s3:::*", ""),
            ("s3:ListBucket", "arn:aws:s3:::bucket", ""),
            ("s3:ListBucket", "arn:aws:s3:::bucket/*", "is a resource of no action here"),
            ("ec2:StartInstances", "arn:aws:ec2:*:*:*", ""),
            ("ec2:StartInstances", "arn:aws:ec2:*:*:instance/${aws:username}", ""),
            ("*", "arn:aws:sqs:*:*:q", ""),
            ("s3:NoSuch", "arn:aws:sqs:*:*:q", ""),
            ("s3:ListAllMyBuckets", "arn:aws:sqs:*:*:q", ""),
            ("s3:*", "arn:aws:sqs:*:*:q", "is a resource of no action here; it allows nothing"),
            (
                "ec2:StartInstances",
                "arn:aws:ec2:*:*:volume/*",
                "Statement[0].Resource: `arn:aws:ec2:*:*:volume/*`",
            ),
        ] {
            let statement = format!(r#""Action":"{action}","Resource":"{resource}""#);
            check("unsupported-resource", &[(&statement, message)]);
        }
    }
}
