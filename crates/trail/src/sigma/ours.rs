//! The rules that come with the program.

use super::Source;

/// Our own rules.
pub fn ours() -> Vec<Source<'static>> {
    Vec::new()
}
