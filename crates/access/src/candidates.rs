//! Resources worth asking about, where a question names none.

use std::collections::{HashSet, VecDeque};

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
    /// Any one character; where it is not free, none that separates parts of an ARN.
    One {
        free: bool,
    },
    /// Any run of such characters.
    Run {
        free: bool,
    },
}

const ONE: Token = Token::One { free: true };
const RUN: Token = Token::Run { free: true };

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
            let limited = limits.iter().filter_map(|limit| common(&[&template, &pattern, limit]));
            found.extend(limited.chain(alone));
        }
    }
    let mut seen = HashSet::new();
    found.retain(|arn: &String| seen.insert(arn.clone()));
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
                Scope::AllBut(_) | Scope::Unspecified => all.push(vec![RUN]),
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
            Part::One => tokens.push(ONE),
            Part::Run => tokens.push(RUN),
            Part::Variable(variable) if variable.key.eq_ignore_ascii_case("aws:username") => {
                tokens.extend(principal.arn.name().chars().map(Token::Char));
            }
            Part::Variable(_) => tokens.extend([ONE, RUN]),
        }
    }
    tokens
}

/// The ARN templates of the action's resource types, in the principal's partition and account; regions that its
/// policies speak of before others.
fn templates(action: &Action, principal: &Principal) -> Vec<Vec<Token>> {
    let account = principal.account().map(|account| account.to_string()).unwrap_or_default();
    let regions = regions(principal);
    let regions = regions.iter().map(|region| Some(region.as_str())).chain([None]);
    let mut all = Vec::new();
    for region in regions {
        for kind in action.resources() {
            for template in kind.resource_type().arn_templates() {
                let fixed = |name: &str| match name {
                    "Partition" => Some(principal.arn.partition().as_str()),
                    "Account" => Some(account.as_str()),
                    "Region" => region,
                    _ => None,
                };
                all.push(fill(template, &fixed));
            }
        }
    }
    let mut seen = HashSet::new();
    all.retain(|tokens| seen.insert(tokens.clone()));
    all
}

/// The regions that the principal's policies compare `aws:RequestedRegion` with, and the oldest one.
fn regions(principal: &Principal) -> Vec<String> {
    let conditions = principal.policies.iter().flat_map(|policy| &policy.document().statements);
    let conditions = conditions.flat_map(|statement| &statement.conditions);
    let values = conditions.filter(|c| c.is_on("aws:RequestedRegion")).flat_map(|c| &c.values);
    let mut regions: Vec<String> =
        values.filter(|value| !value.contains(['*', '?', '$'])).map(ToString::to_string).collect();
    regions.push("us-east-1".to_owned());
    regions.sort_unstable();
    regions.dedup();
    regions
}

/// A variable before the resource part of an ARN holds no colon; one behind it may be anything.
fn fill<'a>(template: &str, fixed: &impl Fn(&str) -> Option<&'a str>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut colons = 0;
    for part in Pattern::new(template).parts(Version::V2012) {
        match part {
            Part::Literal(text) => {
                colons += text.matches(':').count();
                tokens.extend(text.chars().map(Token::Char));
            }
            Part::Variable(variable) => {
                let free = colons >= 5;
                let unknown = [Token::One { free }, Token::Run { free }];
                let known = fixed(variable.key).map(|value| value.chars().map(Token::Char).collect());
                tokens.extend(known.unwrap_or_else(|| unknown.to_vec()));
            }
            Part::One | Part::Run => tokens.push(RUN),
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
        if matches!(token, Some(Token::Run { .. })) {
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
            Some(Token::One { .. } | Token::Run { .. }) => {}
        }
    }
    let c = c.unwrap_or(ANY);
    let is_kept_out = |token: &Option<Token>| {
        matches!(token, Some(Token::One { free: false } | Token::Run { free: false }))
    };
    if matches!(c, ':' | '/') && here.iter().any(is_kept_out) {
        return steps;
    }
    let moved = at.iter().zip(&here);
    let moved = moved.map(|(at, token)| at + usize::from(!matches!(token, Some(Token::Run { .. }))));
    steps.push((moved.collect(), Some(c)));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Vec<Token> {
        let token = |c| match c {
            '*' => RUN,
            '?' => ONE,
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
