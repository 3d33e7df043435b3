use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;
use crate::{Part, Parts, Version};

rule! {
    /// ## What it finds
    /// `${…}` that is no policy variable: empty, not closed, with spaces, without a prefix, with a default value that
    /// is not in single quotation marks.
    /// ## Why it matters
    /// AWS refuses the policy, or has nothing to replace it with, so that the statement never applies.
    /// ## How to fix
    /// Write `${aws:username}` or `${aws:PrincipalTag/team, 'default'}`; and `${$}` for a dollar sign.
    ///
    /// Source: [Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    static MALFORMED_VARIABLE = {
        id: "malformed-variable", title: "a policy variable has not the form of one",
        severity: Severity::Error, find: malformed_variable,
    }
}

fn malformed_variable(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.document.version != Version::V2012 {
        return;
    }
    for (_, text, spot) in subject.resources() {
        look_at(text, spot, found);
    }
    for (facts, condition, _) in subject.conditions() {
        for (i, value) in condition.values.iter().enumerate() {
            look_at(value, Spot::Value(facts.index, condition, i), found);
        }
    }
}

fn look_at(text: &str, spot: Spot<'_>, found: &mut Found<'_>) {
    if !text.contains("${") {
        return;
    }
    let mut dollar = false;
    for part in Parts::new(text, Version::V2012) {
        match part {
            Part::Variable(variable) if !variable.is_well_formed() => {
                found.add(
                    spot,
                    format!("`${{{}}}` is not a policy variable such as `${{aws:username}}`", variable.key),
                );
            }
            Part::Literal(literal) if dollar && literal.starts_with('{') => {
                found.add(spot, "`${` is not closed; add `}`, or write `${$}{` for the characters");
            }
            _ => {}
        }
        dollar = part == Part::Literal("$") && !text.contains("${$}");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn variables() {
        check(
            "malformed-variable",
            &[
                (r#""Action":"*","Resource":"arn:aws:s3:::${aws:username}/${*}$""#, ""),
                (r#""Action":"*","Resource":"arn:aws:s3:::${aws:PrincipalTag/a b, 'c d'}""#, ""),
                (r#""Action":"*","Resource":["*","arn:aws:s3:::${username}"]"#, "Resource[1]: `${username}`"),
                (r#""Action":"*","Resource":"arn:aws:s3:::${}""#, "`${}` is not a policy variable"),
                (r#""Action":"*","Resource":"arn:aws:s3:::${aws:username""#, "not closed"),
                (
                    r#""Action":"*","Condition":{"StringLike":{"a:b":"${aws:username, x}"}}"#,
                    "a:b: `${aws:username, x}`",
                ),
            ],
        );
    }
}
