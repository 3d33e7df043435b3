use crate::Condition;
use crate::catalogue::Action;
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::KeyForm;
use crate::lint::rule::rule;
use crate::lint::subject::{Facts, Form, Subject};

rule! {
    /// ## What it finds
    /// A context key of a service that no action of the statement has, or that actions named in it do not have.
    /// ## Why it matters
    /// Requests for those actions lack the key: an `Allow` with such a condition never applies to them; with a negated
    /// operator, `IfExists`, `ForAllValues` or `Null`, the condition always holds.
    /// ## How to fix
    /// Move the actions without the key to a statement of their own, or use a key that they have.
    ///
    /// Source: [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    static UNSUPPORTED_CONDITION_KEY = {
        id: "unsupported-condition-key", title: "an action does not have the context key of its condition",
        severity: Severity::Warning, find: unsupported_condition_key,
    }
}

fn unsupported_condition_key(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in subject.statements.iter().filter(|facts| !facts.statement.conditions.is_empty()) {
        let Some(actions) = facts.known_actions() else { continue };
        let named = named(facts);
        for condition in &facts.statement.conditions {
            if let Some(message) = judge(subject, &actions, &named, condition) {
                found.add(crate::lint::spot::Spot::Condition(facts.index, condition), message);
            }
        }
    }
}

fn judge(
    subject: &Subject<'_>,
    actions: &[&'static Action],
    named: &[&'static Action],
    condition: &Condition,
) -> Option<String> {
    let key = &*condition.key;
    // A `Null` condition on a key that is never there may be meant so.
    if &*condition.operator.comparison == "Null" {
        return None;
    }
    let KeyForm::Known(_) = subject.key(key) else { return None };
    if !subject.spend(actions.len() as u64 * 50) {
        return None;
    }
    if !actions.iter().any(|action| action.supports_condition_key(key)) {
        return Some(format!("no action of the statement has the key `{key}`"));
    }
    let without: Vec<String> = named
        .iter()
        .filter(|action| !action.supports_condition_key(key))
        .map(|action| format!("`{action}`"))
        .collect();
    let shown = without.get(..without.len().min(4))?.join(", ");
    match without.len() {
        0 => None,
        1 => Some(format!("{shown} does not have the key `{key}`; use a statement of its own")),
        2..=4 => Some(format!("{shown} do not have the key `{key}`; use a statement of their own")),
        more => Some(format!(
            "{shown} and {} more do not have the key `{key}`; use a statement of their own",
            more - 4
        )),
    }
}

/// The actions that stand in the statement without wildcards.
fn named(facts: &Facts<'_>) -> Vec<&'static Action> {
    let entries = facts.actions.iter().filter(|action| !action.has_wildcard());
    let means =
        entries.filter_map(|action| if let Form::Means(found) = &action.form { Some(found) } else { None });
    means.flat_map(|found| found.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn keys() {
        let on = |action: &str, key: &str| {
            format!(r#""Action":{action},"Condition":{{"StringEquals":{{"{key}":"x"}}}}"#)
        };
        for (action, key, message) in [
            (r#""s3:ListBucket""#, "s3:prefix", ""),
            (r#""s3:*""#, "s3:prefix", ""),
            (r#""s3:GetObject""#, "aws:PrincipalOrgID", ""),
            (r#""*""#, "s3:prefix", ""),
            (r#""s3:NoSuch""#, "s3:prefix", ""),
            (r#""s3:GetObject""#, "s3:nosuch", ""),
            (
                r#""s3:GetObject""#,
                "s3:prefix",
                "s3:prefix: no action of the statement has the key `s3:prefix`",
            ),
            (r#""s3:GetObject*""#, "s3:prefix", "no action of the statement"),
            (r#"["s3:ListBucket","s3:GetObject"]"#, "s3:prefix", "`s3:GetObject` does not have the key"),
            (r#"["s3:ListBucket","s3:Get*"]"#, "s3:prefix", ""),
        ] {
            check("unsupported-condition-key", &[(&on(action, key), message)]);
        }
        check(
            "unsupported-condition-key",
            &[(r#""Action":"s3:GetObject","Condition":{"Null":{"s3:prefix":"true"}}"#, "")],
        );
    }
}
