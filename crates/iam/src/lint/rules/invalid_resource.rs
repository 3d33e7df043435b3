use crate::lint::Severity;
use crate::lint::arn_form::why_no_arn;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// An entry of `Resource` or `NotResource` that is neither an ARN nor `*`, or an ARN with an account id that is
    /// none.
    /// ## Why it matters
    /// It matches no resource, and AWS refuses most of them.
    /// ## How to fix
    /// Write the ARN in the form that the service's page in the Service Authorization Reference gives.
    ///
    /// Source: [Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    static INVALID_RESOURCE = {
        id: "invalid-resource", title: "a resource is neither an ARN nor `*`",
        severity: Severity::Error, find: invalid_resource,
    }
}

fn invalid_resource(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, text, spot) in subject.resources() {
        if let Some(why) = why_no_arn(text) {
            found.add(spot, format!("`{text}` is not a resource: {why}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn resources() {
        check(
            "invalid-resource",
            &[
                (r#""Action":"s3:*","Resource":["*","arn:aws:s3:::logs/*"]"#, ""),
                (r#""Action":"s3:*","Resource":"logs/*""#, "Resource: `logs/*` is not a resource"),
                (
                    r#""Action":"s3:*","NotResource":["*","arn:aws:iam::12:role/a"]"#,
                    "NotResource[1]: … `12` is no account",
                ),
            ],
        );
    }
}
