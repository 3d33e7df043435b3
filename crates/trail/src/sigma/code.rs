//! Expressions as steps: a test, and where to go on if it holds and if it does not.

use super::lower::Expr;
use super::place::View;
use super::test::{Scratch, Tests};

/// An expression, made for trying it on many events.
#[derive(Debug)]
pub(super) struct Code {
    /// A step goes on to steps before it, so that there is an end.
    steps: Vec<Step>,
    begin: Target,
}

#[derive(Debug)]
struct Step {
    test: u32,
    holds: Target,
    fails: Target,
}

/// Where to go on.
#[derive(Debug, Clone, Copy)]
enum Target {
    Step(usize),
    Holds,
    Fails,
}

impl Code {
    pub fn new(expr: &Expr) -> Self {
        let mut steps = Vec::new();
        let begin = emit(expr, Target::Holds, Target::Fails, &mut steps);
        Self { steps, begin }
    }

    /// True if the expression holds for the event.
    pub fn holds(&self, tests: &Tests, view: &mut View<'_, '_>, scratch: &mut Scratch) -> bool {
        let mut target = self.begin;
        loop {
            let step = match target {
                Target::Holds => return true,
                Target::Fails => return false,
                Target::Step(number) => match self.steps.get(number) {
                    Some(step) => step,
                    None => return false,
                },
            };
            target = if tests.holds(step.test, view, scratch) { step.holds } else { step.fails };
        }
    }
}

/// Writes the steps of an expression, the last one first, and returns where it begins.
fn emit(expr: &Expr, holds: Target, fails: Target, steps: &mut Vec<Step>) -> Target {
    match expr {
        Expr::And(parts) => parts.iter().rev().fold(holds, |next, part| emit(part, next, fails, steps)),
        Expr::Or(parts) => parts.iter().rev().fold(fails, |next, part| emit(part, holds, next, steps)),
        Expr::Not(inner) => emit(inner, fails, holds, steps),
        Expr::Test(test) => {
            steps.push(Step { test: *test, holds, fails });
            Target::Step(steps.len() - 1)
        }
    }
}
