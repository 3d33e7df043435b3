//! Resources worth asking about, where a question names none.

use std::collections::{HashMap, HashSet, VecDeque};

use leastwise_iam::catalogue::{Action, Catalogue};
use leastwise_iam::{Part, Pattern, Scope, Version};
use leastwise_policy as policy;

use crate::principal::Principal;

/// What a wildcard becomes where nothing else is asked for.
const ANY: char = 'x';

/// The most states that are looked at in search of a text that several patterns match.
const PATIENCE: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Token {
    Char(char),
    One,
    Run,
}

/// ARNs that the principal's own policies allow for the action, one for each pattern and type of resource.
pub(crate) fn from_policies(principal: &Principal, action: &policy::Action) -> Vec<String> {
    let Some(known) = Catalogue::get().action(action.as_str()) else {
        return patterns_alone(principal, action);
    };
    if !known.is_resource_level() {
        return vec!["*".to_owned()];
    }
    let limits = patterns(principal.policies.boundary.iter().flatten(), action, principal);
    let mut found = Vec::new();
    for template in templates(known, principal) {
        for pattern in patterns(principal.policies.identity.iter(), action, principal) {
            let alone = common(&[&template, &pattern]);
            let limited = limits.iter().find_map(|limit| common(&[&template, &pattern, limit]));
            found.extend(limited.into_iter().chain(alone));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// An ARN of each type of resource that the action may concern.
pub(crate) fn from_catalogue(principal: &Principal, action: &policy::Action) -> Vec<String> {
    let Some(known) = Catalogue::get().action(action.as_str()) else { return Vec::new() };
    templates(known, principal).iter().filter_map(|template| common(&[template])).collect()
}

/// Patterns of an action that the catalogue lacks.
fn patterns_alone(principal: &Principal, action: &policy::Action) -> Vec<String> {
    let patterns = patterns(principal.policies.identity.iter(), action, principal);
    patterns.iter().filter_map(|pattern| common(&[pattern])).filter(|text| text.starts_with("arn:")).collect()
}

fn patterns<'p>(
    policies: impl Iterator<Item = &'p policy::Policy>,
    action: &'p policy::Action,
    principal: &Principal,
) -> Vec<Vec<Token>> {
    let mut all = Vec::new();
    for policy in policies {
        let version = policy.document().version;
        for scope in policy.allowed_resources(action) {
            match scope {
                Scope::Only(patterns) => all.extend(patterns.iter().map(|p| tokens(p, version, principal))),
                Scope::AllBut(_) | Scope::Unspecified => all.push(vec![Token::Run]),
            }
        }
    }
    all
}

/// A pattern with the principal's own values in place of variables, and wildcards for those that are not known.
fn tokens(pattern: &Pattern, version: Version, principal: &Principal) -> Vec<Token> {
    let mut tokens = Vec::new();
    for part in pattern.parts(version) {
        match part {
            Part::Literal(text) => tokens.extend(text.chars().map(Token::Char)),
            Part::One => tokens.push(Token::One),
            Part::Run => tokens.push(Token::Run),
            Part::Variable(variable) if variable.key.eq_ignore_ascii_case("aws:username") => {
                tokens.extend(principal.arn.name().chars().map(Token::Char));
            }
            Part::Variable(_) => tokens.extend([Token::One, Token::Run]),
        }
    }
    tokens
}

/// The ARN templates of the action's resource types, in the principal's partition and account.
fn templates(action: &Action, principal: &Principal) -> Vec<Vec<Token>> {
    let account = principal.account().map(|account| account.to_string()).unwrap_or_default();
    let fixed: HashMap<&str, &str> =
        HashMap::from([("Partition", principal.arn.partition().as_str()), ("Account", account.as_str())]);
    let types = action.resources().iter().map(|resource| resource.resource_type());
    types.flat_map(|kind| kind.arn_templates()).map(|template| fill(template, &fixed)).collect()
}

fn fill(template: &str, fixed: &HashMap<&str, &str>) -> Vec<Token> {
    let mut tokens = Vec::new();
    for part in Pattern::new(template).parts(Version::V2012) {
        match part {
            Part::Literal(text) => tokens.extend(text.chars().map(Token::Char)),
            Part::Variable(variable) => match fixed.get(variable.key) {
                Some(value) => tokens.extend(value.chars().map(Token::Char)),
                None => tokens.extend([Token::One, Token::Run]),
            },
            Part::One | Part::Run => tokens.push(Token::Run),
        }
    }
    tokens
}

/// The shortest text that all patterns match.
fn common(patterns: &[&Vec<Token>]) -> Option<String> {
    let start: Vec<usize> = vec![0; patterns.len()];
    let mut seen = HashSet::from([start.clone()]);
    let mut queue = VecDeque::from([(start, String::new())]);
    while let Some((at, text)) = queue.pop_front() {
        if at.iter().zip(patterns).all(|(at, pattern)| *at == pattern.len()) {
            return Some(text);
        }
        if seen.len() > PATIENCE {
            return None;
        }
        for (next, c) in steps(&at, patterns) {
            if seen.insert(next.clone()) {
                let mut text = text.clone();
                text.extend(c);
                // A run that matches nothing costs nothing.
                if c.is_some() { queue.push_back((next, text)) } else { queue.push_front((next, text)) }
            }
        }
    }
    None
}

/// Where one can go from here: past a run without reading, or past one character in all patterns.
fn steps(at: &[usize], patterns: &[&Vec<Token>]) -> Vec<(Vec<usize>, Option<char>)> {
    let here: Vec<Option<Token>> = at.iter().zip(patterns).map(|(at, p)| p.get(*at).copied()).collect();
    let mut steps = Vec::new();
    for (index, token) in here.iter().enumerate() {
        if *token == Some(Token::Run) {
            let mut next = at.to_vec();
            if let Some(place) = next.get_mut(index) {
                *place += 1;
            }
            steps.push((next, None));
        }
    }
    let mut c = None;
    for token in &here {
        match token {
            None => return steps,
            Some(Token::Char(t)) if c.is_some_and(|c| c != *t) => return steps,
            Some(Token::Char(t)) => c = Some(*t),
            Some(Token::One | Token::Run) => {}
        }
    }
    let moved = at.iter().zip(&here).map(|(at, token)| if *token == Some(Token::Run) { *at } else { at + 1 });
    steps.push((moved.collect(), Some(c.unwrap_or(ANY))));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<Token> {
        let token = |c| match c {
            '*' => Token::Run,
            '?' => Token::One,
            c => Token::Char(c),
        };
        text.chars().map(token).collect()
    }

    #[test]
    fn a_text_that_all_match() {
        let table: [(&[&str], Option<&str>); 6] = [
            (&["a*"], Some("a")),
            (&["a*", "*b"], Some("ab")),
            (&["a?c", "*c"], Some("axc")),
            (&["arn:aws:s3:::?*/?*", "arn:aws:s3:::team-*"], Some("arn:aws:s3:::team-/x")),
            (&["a*", "b*"], None),
            (&["x*", "*y", "?z?"], Some("xzy")),
        ];
        for (patterns, expected) in table {
            let tokens: Vec<_> = patterns.iter().map(|p| parse(p)).collect();
            let all: Vec<_> = tokens.iter().collect();
            assert_eq!(common(&all).as_deref(), expected, "{patterns:?}");
        }
    }
}
