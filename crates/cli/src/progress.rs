//! Progress on the standard error, where that is a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::Once;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use leastwise_app::trail;
use leastwise_aws::Progress;

/// A line that says what is being read, and disappears when dropped.
///
/// It is not drawn before there is something to show: a question to the user may come first.
pub struct Line {
    bar: ProgressBar,
    drawn: Once,
}

impl Line {
    /// A line on a terminal; nothing elsewhere.
    pub fn start() -> Self {
        let is_seen = stderr().is_terminal();
        let bar = if is_seen { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar, drawn: Once::new() }
    }

    /// Shows how far the collection has come.
    pub fn show(&self, progress: Progress<'_>) {
        let whose = progress.account.map_or_else(|| "organisation".to_owned(), |account| account.to_string());
        let count = match progress.total {
            Some(total) if total > 1 => format!(" ({} of {total})", progress.done),
            _ => String::new(),
        };
        self.bar.set_message(format!("{whose}: {}{count}", progress.part));
        self.drawn.call_once(|| self.bar.enable_steady_tick(Duration::from_millis(120)));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar that says how many bytes of logs are read, with an estimate, and disappears when dropped.
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar on a terminal; nothing elsewhere.
    pub fn start() -> Self {
        let bar = if stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let template = "{bar:24} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left  {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Shows how far the reading has come.
    pub fn show(&self, progress: trail::Progress) {
        self.bar.set_length(progress.of_bytes);
        self.bar.set_position(progress.bytes);
        self.bar.set_message(format!("{} of {} files", progress.files, progress.of_files));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
