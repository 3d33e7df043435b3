use std::collections::BTreeMap;

use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// Two statements with the same `Sid`.
    /// ## Why it matters
    /// AWS refuses the policy.
    /// ## How to fix
    /// Give each statement a `Sid` of its own, or none.
    ///
    /// Source: [Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html).
    static DUPLICATE_SID = {
        id: "duplicate-sid", title: "two statements have the same `Sid`",
        severity: Severity::Error, find: duplicate_sid,
    }
}

fn duplicate_sid(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut seen = BTreeMap::new();
    for facts in &subject.statements {
        let Some(sid) = facts.statement.sid.as_deref().filter(|sid| !sid.is_empty()) else { continue };
        if let Some(first) = seen.get(sid) {
            found.add(facts.element("Sid"), format!("`{sid}` is also the `Sid` of statement {first}"));
        } else {
            seen.insert(sid, facts.index);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::found;

    #[test]
    fn sids() {
        let statement =
            |sid: &str| format!(r#"{{"Sid":"{sid}","Effect":"Deny","Action":"*","Resource":"*"}}"#);
        let document = |sids: &[&str]| {
            let statements: Vec<String> = sids.iter().map(|sid| statement(sid)).collect();
            format!(r#"{{"Statement":[{}]}}"#, statements.join(","))
        };
        let id = "duplicate-sid";
        assert_eq!(found(id, PolicyKind::Managed, &document(&["a", "b", "", ""])).len(), 0);
        assert_eq!(
            found(id, PolicyKind::Managed, &document(&["a", "b", "a"])),
            ["Statement[2].Sid: `a` is also the `Sid` of statement 0"]
        );
    }
}
