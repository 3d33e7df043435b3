use std::collections::BTreeMap;

use crate::lint::Severity;
use crate::lint::cover::covers;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// An entry of `Action`, `Resource` or their `Not` forms that another entry of the same list covers.
    /// ## Why it matters
    /// It does nothing, takes space, and suggests that the list is narrower than it is.
    /// ## How to fix
    /// Remove it; or remove the wider one, if that was not meant.
    ///
    /// Source: [validation checks](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html),
    /// "Redundant action" and "Redundant resource".
    static REDUNDANT_ENTRY = {
        id: "redundant-entry", title: "another entry of the list covers this one",
        severity: Severity::Suggestion, find: redundant_entry,
    }
}

fn redundant_entry(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in &subject.statements {
        // What is wrong with an entry that means no action, other rules say.
        let actions = facts.actions.iter().filter(|action| !action.means_nothing());
        let actions: Vec<_> = actions.map(|action| (action.text, action.spot)).collect();
        let resources: Vec<_> = facts.resources().collect();
        look_at(subject, &actions, true, found);
        look_at(subject, &resources, false, found);
    }
}

fn look_at(subject: &Subject<'_>, entries: &[(&str, Spot<'_>)], ignore_case: bool, found: &mut Found<'_>) {
    let same = |text: &str| if ignore_case { text.to_ascii_lowercase() } else { text.to_owned() };
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (i, (text, _)) in entries.iter().enumerate() {
        first.entry(same(text)).or_insert(i);
    }
    let wide: Vec<(usize, &str)> = entries
        .iter()
        .enumerate()
        .filter(|(_, (t, _))| t.contains(['*', '?']))
        .map(|(i, (t, _))| (i, *t))
        .collect();
    for (i, (text, spot)) in entries.iter().enumerate() {
        if first.get(&same(text)).is_some_and(|first| *first != i) {
            found.add(*spot, format!("`{text}` stands here twice; remove one"));
            continue;
        }
        for (other, pattern) in &wide {
            if !subject.spend((text.len() + pattern.len()) as u64) {
                return;
            }
            // Of two that cover each other, the first stays.
            let covered = *other != i
                && covers(pattern, text, ignore_case)
                && (*other < i || !covers(text, pattern, ignore_case));
            if covered {
                found.add(*spot, format!("`{pattern}` covers `{text}`; remove one"));
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn entries() {
        check(
            "redundant-entry",
            &[
                (r#""Action":["s3:Get*","s3:Put*"]"#, ""),
                (r#""Action":["s3:Get*","s3:GetObjectz"]"#, ""),
                (r#""Action":["s3:*","s3:Fetch*","*:nosuch:*","nosuch:Get","nosuch:*"]"#, ""),
                (r#""Action":["s3:Get*","s3:GetObjectz","s3:GetObject"]"#, "Action[2]: `s3:Get*` covers"),
                (r#""Action":"*","Resource":["arn:aws:s3:::a","arn:aws:s3:::A"]"#, ""),
                (
                    r#""Action":["s3:GetObject","s3:getobject"]"#,
                    "Action[1]: `s3:getobject` stands here twice",
                ),
                (r#""Action":["s3:GetObject","s3:Get*"]"#, "Action[0]: `s3:Get*` covers `s3:GetObject`"),
                (r#""Action":["s3:**","s3:*"]"#, "Action[1]: `s3:**` covers `s3:*`"),
                (r#""Action":"*","NotResource":["*","arn:aws:s3:::a"]"#, "NotResource[1]: `*` covers"),
            ],
        );
    }
}
