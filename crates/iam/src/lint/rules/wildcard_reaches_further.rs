use std::collections::BTreeSet;

use crate::Scope;
use crate::catalogue::{AccessLevel, Action};
use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::{ActionFacts, Form, Subject};

rule! {
    /// ## What it finds
    /// A pattern in an `Allow` that matches, beside what it seems to be about, actions that change permissions, or
    /// that write where most of it reads. Patterns that mean a whole service (`s3:*`) are not meant here: they say what
    /// they do.
    /// ## Why it matters
    /// `s3:*Object*` looks like reading and writing objects, but also lets its user make them public
    /// (`s3:PutObjectAcl`); `iam:Pass*` is `iam:PassRole`. And a pattern also means the actions that AWS adds later.
    /// ## How to fix
    /// Name the actions that are needed.
    ///
    /// Source: [Access levels](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html),
    /// [grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege).
    static WILDCARD_REACHES_FURTHER = {
        id: "wildcard-reaches-further", title: "a pattern allows more than it seems to",
        severity: Severity::Security, find: wildcard_reaches_further,
    }
}

fn wildcard_reaches_further(subject: &Subject<'_>, found: &mut Found<'_>) {
    if !subject.kind.grants() {
        return;
    }
    for (facts, action) in subject.actions() {
        let only = matches!(facts.statement.actions, Scope::Only(_));
        let named = only && action.has_wildcard() && action.halves().1 != "*";
        if !facts.allows() || !named {
            continue;
        }
        if let Form::Means(actions) = &action.form
            && let Some(why) = surprise(action, actions)
        {
            found.add(action.spot, why);
        }
    }
}

/// What a pattern means that one would not expect of it.
fn surprise(pattern: &ActionFacts<'_>, actions: &[&'static Action]) -> Option<String> {
    let of = |wanted: &[AccessLevel]| -> Vec<&'static str> {
        let found = actions.iter().filter(|action| wanted.contains(&action.access_level()));
        found.map(|action| action.full_name()).collect()
    };
    let text = pattern.text;
    let permissions = of(&[AccessLevel::PermissionsManagement]);
    if let [one] = actions
        && !permissions.is_empty()
    {
        return Some(format!("`{text}` is `{one}`, which changes permissions; name it"));
    }
    if !permissions.is_empty() {
        return Some(format!("`{text}` also allows changing permissions: {}", some(&permissions)));
    }
    let writes = of(&[AccessLevel::Write, AccessLevel::Tagging]);
    let reads = actions.len() - writes.len();
    (!writes.is_empty() && reads > writes.len() * 4)
        .then(|| format!("`{text}` is mostly about reading, but also allows {}", some(&writes)))
}

/// The first few names, and how many more there are.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown: BTreeSet<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let shown = shown.into_iter().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::{check, check_kind};

    #[test]
    fn surprises() {
        check(
            "wildcard-reaches-further",
            &[
                (r#""Action":["*","s3:*","s3:GetObject","iam:PassRole"]"#, ""),
                (r#""Action":["s3:List*","ec2:Describe*"]"#, ""),
                (r#""Effect":"Deny","Action":"s3:*Object*""#, ""),
                (r#""NotAction":"iam:*Role*""#, ""),
                (r#""Action":"s3:*Object*""#, "also allows changing permissions: … `s3:PutObjectAcl`"),
                (r#""Action":["s3:*","iam:Pass*"]"#, "Action[1]: `iam:Pass*` is `iam:PassRole`"),
            ],
        );
        check_kind(
            "wildcard-reaches-further",
            PolicyKind::Scp,
            &[(r#""Action":"iam:Pass*","Resource":"*""#, "")],
        );
    }
}
