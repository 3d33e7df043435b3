//! Which actions and resources the elements of a statement hold.

use leastwise_iam::{Pattern, Scope};

use crate::pattern::{self, literal_start, matches_every_text};

/// True if the scope holds this action.
pub(crate) fn covers_action(scope: &Scope, action: &str) -> bool {
    let matches = |pattern: &Pattern| pattern::matches_action(pattern, action);
    match scope {
        Scope::Unspecified => false,
        Scope::Only(patterns) => patterns.iter().any(matches),
        Scope::AllBut(patterns) => !patterns.iter().any(matches),
    }
}

/// True if the scope holds every resource whose ARN starts with `prefix` and goes on.
pub(super) fn covers_prefix(scope: &Scope, prefix: &str) -> bool {
    match scope {
        Scope::Unspecified => false,
        Scope::Only(patterns) => patterns.iter().any(|pattern| pattern::covers_prefix(pattern, prefix)),
        Scope::AllBut(patterns) => patterns.iter().all(|pattern| is_of_another_service(pattern, prefix)),
    }
}

/// True if one pattern is `*`, or a service and an action of which both are `*` or as good as that.
pub(super) fn is_every_action(scope: &Scope) -> bool {
    has_pattern(scope, |pattern| {
        let (service, action) = pattern.as_str().split_once(':').unwrap_or(("*", pattern.as_str()));
        matches_every_text(&Pattern::new(service)) && matches_every_text(&Pattern::new(action))
    })
}

/// True if one pattern is `*`, or an ARN of which every part after the partition is `*` or left out.
pub(super) fn is_every_resource(scope: &Scope) -> bool {
    let everything = |part: &str| matches_every_text(&Pattern::new(part));
    has_pattern(scope, |pattern| {
        let parts: Vec<&str> = pattern.as_str().splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", last] => everything(last),
            ["arn", _, between @ .., last] => {
                everything(last) && between.iter().all(|part| part.is_empty() || everything(part))
            }
            _ => everything(pattern.as_str()),
        }
    })
}

fn has_pattern(scope: &Scope, fulfils: impl Fn(&Pattern) -> bool) -> bool {
    matches!(scope, Scope::Only(patterns) if patterns.iter().any(fulfils))
}

/// True if the pattern surely matches no ARN that starts with `prefix`, because they differ before the
/// pattern's first wildcard.
fn is_of_another_service(pattern: &Pattern, prefix: &str) -> bool {
    let (literal, _) = literal_start(pattern.as_str());
    !literal.starts_with(prefix) && !prefix.starts_with(literal)
}
