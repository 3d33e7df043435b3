//! One statement, prepared, and what it has to do with a request.

use std::sync::OnceLock;

use leastwise_iam::{Effect, Pattern, Scope, Statement, Version};

use crate::action::Action;
use crate::condition::Test;
use crate::glob::Glob;
use crate::pattern::ResourcePattern;
use crate::principal::{Named, Whom};
use crate::request::View;
use crate::tri::Tri;

/// What is prepared of a statement. Most statements are about other actions than the one asked for, so that the rest
/// of them is prepared when it is first needed.
#[derive(Debug)]
pub(crate) struct Prepared {
    actions: Actions,
    rest: OnceLock<Rest>,
}

#[derive(Debug)]
struct Rest {
    whom: Whom,
    resources: Resources,
    tests: Vec<Test>,
}

/// A statement that is ready to be asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready<'p> {
    /// As it is written.
    pub written: &'p Statement,
    prepared: &'p Prepared,
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Actions {
    inverted: bool,
    patterns: Vec<Glob>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Resources {
    Unsaid,
    Only(Vec<ResourcePattern>),
    AllBut(Vec<ResourcePattern>),
}

/// What a statement has to do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is about other actions.
    OtherAction,
    /// It is about other resources.
    OtherResource,
    /// It is about other principals.
    OtherPrincipal,
    /// This condition, counted from 0 in the order written, does not hold.
    Condition(usize),
    /// It would apply if this condition holds, of which that cannot be told.
    Undecided(usize, Named),
    /// It would apply if its resources, which depend on an unknown variable, include the request's.
    UndecidedResource(Named),
    /// It would apply to some callers like the one that asks, such as a session of the role.
    UndecidedPrincipal(Named),
    /// It applies.
    Applies(Named),
}

impl Prepared {
    pub fn new(statement: &Statement) -> Self {
        Self { actions: Actions::new(&statement.actions), rest: OnceLock::new() }
    }
}

impl Rest {
    fn new(statement: &Statement, version: Version) -> Self {
        Self {
            whom: Whom::new(&statement.principals),
            resources: Resources::new(&statement.resources, version),
            tests: statement.conditions.iter().map(|condition| Test::new(condition, version)).collect(),
        }
    }
}

impl<'p> Ready<'p> {
    pub fn new(written: &'p Statement, prepared: &'p Prepared, version: Version) -> Self {
        Self { written, prepared, version }
    }

    /// Whether it allows or denies.
    pub fn effect(self) -> Effect {
        self.written.effect
    }

    /// The conditions, in the order written.
    pub fn tests(self) -> &'p [Test] {
        &self.rest().tests
    }

    fn rest(self) -> &'p Rest {
        self.prepared.rest.get_or_init(|| Rest::new(self.written, self.version))
    }

    /// True if the statement is about the action.
    pub fn is_about(self, action: &Action) -> bool {
        self.prepared.actions.include(action.lower())
    }

    /// Whether the statement applies to the request, and if not, why not.
    pub fn matches(self, view: &View<'_>, has_boundary: bool) -> Match {
        if !self.is_about(&view.request.action) {
            return Match::OtherAction;
        }
        let Rest { whom, resources, tests } = self.rest();
        let included = resources.include(view);
        if included == Tri::No {
            return Match::OtherResource;
        }
        let named = whom.names(self.effect(), view, has_boundary);
        let is_open = whom.may_name(view) && named != Named::Directly;
        let open_denial = whom.may_name(view) && self.effect() == Effect::Deny && whom.is_negated();
        if is_open || open_denial {
            return condition(tests, view, Named::Directly)
                .unwrap_or(Match::UndecidedPrincipal(Named::Directly));
        }
        if named == Named::No {
            return Match::OtherPrincipal;
        }
        condition(tests, view, named).unwrap_or(match included {
            Tri::Maybe => Match::UndecidedResource(named),
            Tri::Yes | Tri::No => Match::Applies(named),
        })
    }
}

/// The first condition that does not hold, else the first of which it cannot be told.
fn condition(tests: &[Test], view: &View<'_>, named: Named) -> Option<Match> {
    let mut undecided = None;
    for (index, test) in tests.iter().enumerate() {
        match test.holds(view) {
            Tri::No => return Some(Match::Condition(index)),
            Tri::Maybe => undecided = undecided.or(Some(Match::Undecided(index, named))),
            Tri::Yes => {}
        }
    }
    undecided
}

impl Match {
    /// Whether the statement applies.
    pub(crate) const fn applies(self) -> Tri {
        match self {
            Self::Applies(_) => Tri::Yes,
            Self::Undecided(..) | Self::UndecidedResource(_) | Self::UndecidedPrincipal(_) => Tri::Maybe,
            _ => Tri::No,
        }
    }

    /// How a statement that applies, or may, names the caller.
    pub(crate) const fn named(self) -> Named {
        match self {
            Self::Applies(named)
            | Self::Undecided(_, named)
            | Self::UndecidedResource(named)
            | Self::UndecidedPrincipal(named) => named,
            _ => Named::No,
        }
    }
}

impl Actions {
    fn new(scope: &Scope) -> Self {
        let globs = |patterns: &[Pattern]| {
            patterns.iter().map(|pattern| Glob::new(&pattern.as_str().to_ascii_lowercase())).collect()
        };
        match scope {
            Scope::Unspecified => Self { inverted: false, patterns: Vec::new() },
            Scope::Only(patterns) => Self { inverted: false, patterns: globs(patterns) },
            Scope::AllBut(patterns) => Self { inverted: true, patterns: globs(patterns) },
        }
    }

    fn include(&self, action: &str) -> bool {
        self.patterns.iter().any(|pattern| pattern.matches(action)) != self.inverted
    }
}

impl Resources {
    fn new(scope: &Scope, version: Version) -> Self {
        let prepare = |patterns: &[Pattern]| {
            patterns.iter().map(|pattern| ResourcePattern::new(pattern.as_str(), version)).collect()
        };
        match scope {
            Scope::Unspecified => Self::Unsaid,
            Scope::Only(patterns) => Self::Only(prepare(patterns)),
            Scope::AllBut(patterns) => Self::AllBut(prepare(patterns)),
        }
    }

    fn include(&self, view: &View<'_>) -> Tri {
        let any = |patterns: &[ResourcePattern]| Tri::any(patterns.iter().map(|p| p.matches(view)));
        match self {
            Self::Unsaid => Tri::Yes,
            Self::Only(patterns) => any(patterns),
            Self::AllBut(patterns) => !any(patterns),
        }
    }
}
