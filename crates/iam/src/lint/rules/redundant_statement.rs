use crate::lint::Severity;
use crate::lint::cover::covers;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::{Condition, Effect, Principals, Scope, Statement};

rule! {
    /// ## What it finds
    /// A statement that does nothing, because another one of the same document covers it: one with the same effect,
    /// or a `Deny` of all that an `Allow` allows.
    /// ## Why it matters
    /// It takes space, and its reader takes it for a limit, or for a permission, that it is not.
    /// ## How to fix
    /// Remove it; or narrow the other one, if that was not meant.
    ///
    /// Source: [validation checks](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html),
    /// "Redundant statement"; [evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
    static REDUNDANT_STATEMENT = {
        id: "redundant-statement", title: "another statement covers this one",
        severity: Severity::Suggestion, find: redundant_statement,
    }
}

fn redundant_statement(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in &subject.statements {
        for other in subject.statements.iter().filter(|other| other.index != facts.index) {
            let (narrow, wide) = (facts.statement, other.statement);
            let steps = 1 + narrow.conditions.len() * wide.conditions.len();
            if !subject.spend(steps as u64) {
                return;
            }
            let overrules = narrow.effect == wide.effect || wide.effect == Effect::Deny;
            if !overrules || !statement_covers(subject, wide, narrow) {
                continue;
            }
            // Of two that cover each other, the first stays.
            let same = narrow.effect == wide.effect;
            if same && other.index > facts.index && statement_covers(subject, narrow, wide) {
                continue;
            }
            let index = other.index;
            let message = if same {
                format!("statement {index} covers this one; remove it")
            } else {
                format!("statement {index} denies all that this one allows")
            };
            found.add(facts.spot(), message);
            break;
        }
    }
}

/// True if `wide` applies wherever `narrow` does.
fn statement_covers(subject: &Subject<'_>, wide: &Statement, narrow: &Statement) -> bool {
    wide.conditions.iter().all(|condition| has(narrow, condition))
        && principals_cover(subject, &wide.principals, &narrow.principals)
        && scope_covers(subject, &wide.resources, &narrow.resources, false)
        && scope_covers(subject, &wide.actions, &narrow.actions, true)
}

/// True if the statement has the condition, too.
fn has(statement: &Statement, condition: &Condition) -> bool {
    statement.conditions.iter().any(|own| {
        own.operator == condition.operator && own.is_on(&condition.key) && own.values == condition.values
    })
}

fn principals_cover(subject: &Subject<'_>, wide: &Principals, narrow: &Principals) -> bool {
    match (wide, narrow) {
        (Principals::Only(wide), Principals::Only(narrow)) => {
            narrow.iter().all(|principal| subject.spend(wide.len() as u64) && wide.contains(principal))
        }
        _ => wide == narrow,
    }
}

fn scope_covers(subject: &Subject<'_>, wide: &Scope, narrow: &Scope, ignore_case: bool) -> bool {
    let covered_by = |wide: &[crate::Pattern], narrow: &[crate::Pattern]| {
        narrow.iter().all(|narrow| {
            wide.iter().any(|wide| {
                let (wide, narrow) = (wide.as_str(), narrow.as_str());
                subject.spend((wide.len() + narrow.len()) as u64) && covers(wide, narrow, ignore_case)
            })
        })
    };
    match (wide, narrow) {
        (Scope::Only(wide), Scope::Only(narrow)) => covered_by(wide, narrow),
        // What is left out by the wide one has to be left out by the narrow one.
        (Scope::AllBut(wide), Scope::AllBut(narrow)) => covered_by(narrow, wide),
        (Scope::Only(wide), Scope::AllBut(_)) => wide.iter().any(crate::Pattern::is_everything),
        _ => wide == narrow,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::found;

    fn messages(statements: &[&str]) -> Vec<String> {
        let statements: Vec<String> = statements.iter().map(|s| format!("{{{s}}}")).collect();
        let document = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        found("redundant-statement", PolicyKind::Managed, &document)
    }

    #[test]
    fn statements() {
        let get = r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*""#;
        let all = r#""Effect":"Allow","Action":"s3:Get*","Resource":"*""#;
        let with =
            |statement: &str| format!(r#"{statement},"Condition":{{"Bool":{{"aws:SecureTransport":true}}}}"#);
        let deny = |statement: &str| statement.replace("Allow", "Deny");
        let covers =
            |i: usize, by: usize| vec![format!("Statement[{i}]: statement {by} covers this one; remove it")];
        assert_eq!(messages(&[get, all]), covers(0, 1));
        assert_eq!(messages(&[get, get]), covers(1, 0));
        assert_eq!(messages(&[&with(get), all]), covers(0, 1));
        assert_eq!(messages(&[get, &with(all)]), Vec::<String>::new());
        assert_eq!(messages(&[&with(get), &with(all)]), covers(0, 1));
        assert_eq!(
            messages(&[get, &deny(all)]),
            ["Statement[0]: statement 1 denies all that this one allows"]
        );
        assert_eq!(messages(&[all, &deny(get)]), Vec::<String>::new());
        assert_eq!(messages(&[&deny(get), all]), Vec::<String>::new());
        let not = r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#;
        let not_more = r#""Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"*""#;
        assert_eq!(messages(&[not, not_more]), covers(1, 0));
    }
}
