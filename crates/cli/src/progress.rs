//! Progress on the standard error, where that is a terminal.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use leastwise_aws::Progress;

/// A line that says what is being read, and disappears when dropped.
pub struct Line(ProgressBar);

impl Line {
    /// A line on a terminal; nothing elsewhere.
    pub fn start() -> Self {
        if !stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Shows how far the collection has come.
    pub fn show(&self, progress: Progress<'_>) {
        let whose = progress.account.map_or_else(|| "organisation".to_owned(), |account| account.to_string());
        let count = match progress.total {
            Some(total) if total > 1 => format!(" ({} of {total})", progress.done),
            _ => String::new(),
        };
        self.0.set_message(format!("{whose}: {}{count}", progress.part));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
