//! The test events of rules.

use crate::json::Record;
use crate::{Analysis, Event, Hunt};

use super::View;
use super::compiled::Compiled;
use super::rule::Case;
use super::rules::{Kind, Rules, Scratch};

/// What the test events of one rule come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The file of the rule.
    pub file: String,
    /// The rule's title.
    pub title: String,
    /// The rule's id.
    pub id: String,
    /// How many tests must match.
    pub matching: usize,
    /// How many tests must not match.
    pub not_matching: usize,
    /// The tests that came out wrong, by file, line and what happened.
    pub failures: Vec<String>,
}

/// Runs the tests of all rules, which must have been loaded with [`Rules::load_with_tests`].
pub fn check(rules: &Rules) -> Vec<Outcome> {
    rules.used.iter().zip(0..).map(|(rule, number)| check_rule(rules, rule, number)).collect()
}

fn check_rule(rules: &Rules, rule: &Compiled, number: u32) -> Outcome {
    let cases = &rule.cases;
    let expected = cases.matching.iter().map(|case| (case, true));
    let failures =
        expected.chain(cases.not_matching.iter().map(|case| (case, false))).filter_map(|(case, expected)| {
            let reason = match matches(rules, rule, number, case) {
                Ok(found) if found == expected => return None,
                Ok(true) => "the rule matches, and must not".to_owned(),
                Ok(false) => "the rule does not match, and must".to_owned(),
                Err(reason) => reason,
            };
            Some(format!("{}:{}: {reason}", rule.meta.file, case.line))
        });
    Outcome {
        failures: failures.collect(),
        file: rule.meta.file.clone(),
        title: rule.meta.title.clone(),
        id: rule.meta.id.clone(),
        matching: cases.matching.len(),
        not_matching: cases.not_matching.len(),
    }
}

fn matches(rules: &Rules, rule: &Compiled, number: u32, case: &Case) -> Result<bool, String> {
    let records =
        case.events.iter().map(|text| Record::parse(text.as_bytes())).collect::<Result<Vec<_>, _>>();
    let records = records.map_err(|error| format!("the event is no JSON: {error}"))?;
    let events = records.iter().map(|record| Event::new(record.root()).ok_or("the event is no object"));
    let events = events.collect::<Result<Vec<_>, _>>()?;
    if rule.kind() != Kind::Single {
        return hunt(rules, rule, &events);
    }
    let mut found = false;
    for event in &events {
        let mut scratch = Scratch::default();
        rules.matching(&mut View::new(event), &mut scratch, &mut |other, _, _| found |= other == number);
    }
    Ok(found)
}

fn hunt(rules: &Rules, rule: &Compiled, events: &[Event<'_>]) -> Result<bool, String> {
    if let Some(index) = events.iter().position(|event| event.time().is_none()) {
        return Err(format!(
            "event {} of the test has no `eventTime` such as `2025-01-01T00:00:00Z`",
            index + 1
        ));
    }
    let hunt = Hunt::new(rules).with_everything();
    let (mut whole, mut part) = (hunt.whole(), hunt.part());
    for event in events {
        hunt.event(&mut part, event);
    }
    hunt.join(&mut whole, part);
    Ok(hunt.finish(whole).hits.iter().any(|hit| hit.info.rule == rule.meta.id))
}
