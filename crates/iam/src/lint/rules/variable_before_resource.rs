use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::{Part, Parts, Version};

rule! {
    /// ## What it finds
    /// A policy variable in one of the first five parts of an ARN: partition, service, region or account.
    /// ## Why it matters
    /// There AWS replaces no variables; the entry matches nothing.
    /// ## How to fix
    /// Write `*` there, and a condition on `aws:ResourceAccount` or `aws:RequestedRegion` that has the variable.
    ///
    /// Source: [Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html),
    /// "Where you can use policy variables".
    static VARIABLE_BEFORE_RESOURCE = {
        id: "variable-before-resource", title: "a variable stands before the fifth colon of an ARN",
        severity: Severity::Error, find: variable_before_resource,
    }
}

fn variable_before_resource(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.document.version != Version::V2012 {
        return;
    }
    for (_, text, spot) in subject.resources() {
        if let Some(variable) = early_variable(text) {
            found.add(
                spot,
                format!("`${{{variable}}}` stands before the fifth colon, where variables mean nothing"),
            );
        }
    }
}

/// The key of the first variable that has fewer than five colons before it.
fn early_variable(text: &str) -> Option<&str> {
    let mut colons = 0;
    for part in Parts::new(text, Version::V2012) {
        match part {
            Part::Variable(variable) => return (colons < 5).then_some(variable.key),
            Part::Literal(literal) => colons += literal.bytes().filter(|b| *b == b':').count(),
            Part::One | Part::Run => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn places() {
        check(
            "variable-before-resource",
            &[
                (r#""Action":"*","Resource":"arn:aws:s3:::${aws:username}/*""#, ""),
                (r#""Action":"*","Resource":"arn:aws:s3:::a:${aws:username}""#, ""),
                (
                    r#""Action":"*","Resource":"arn:aws:sqs:*:${aws:PrincipalAccount}:q""#,
                    "`${aws:PrincipalAccount}` stands before the fifth colon",
                ),
                (r#""Action":"*","Resource":["*","${aws:username}"]"#, "Resource[1]"),
            ],
        );
    }
}
