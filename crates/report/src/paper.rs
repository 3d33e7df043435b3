//! What text reports are written on: wraps, indents, paints, and keeps strangers' characters harmless.

use std::borrow::Cow;

use anstyle::AnsiColor;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};
use leastwise_model::{Severity, Status};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::{Style, clean};

/// Text in one colour.
pub(crate) struct Span<'a> {
    tone: Tone,
    text: Cow<'a, str>,
}

#[derive(Clone, Copy)]
enum Tone {
    Plain,
    Strong,
    Severity(Severity),
    Status(Status),
}

pub(crate) fn plain<'a>(text: impl Into<Cow<'a, str>>) -> Span<'a> {
    Span { tone: Tone::Plain, text: text.into() }
}

pub(crate) fn strong<'a>(text: impl Into<Cow<'a, str>>) -> Span<'a> {
    Span { tone: Tone::Strong, text: text.into() }
}

pub(crate) fn severity<'a>(severity: Severity, text: impl Into<Cow<'a, str>>) -> Span<'a> {
    Span { tone: Tone::Severity(severity), text: text.into() }
}

pub(crate) fn status<'a>(status: Status, text: impl Into<Cow<'a, str>>) -> Span<'a> {
    Span { tone: Tone::Status(status), text: text.into() }
}

impl Tone {
    fn style(self) -> anstyle::Style {
        let color = |color: AnsiColor| color.on_default();
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Strong => anstyle::Style::new().bold(),
            Self::Severity(Severity::Critical) => color(AnsiColor::Red).bold().invert(),
            Self::Severity(Severity::High) => color(AnsiColor::Red).bold(),
            Self::Severity(Severity::Medium) | Self::Status(Status::Unknown) => {
                color(AnsiColor::Yellow).bold()
            }
            Self::Severity(Severity::Low) | Self::Status(Status::Manual) => color(AnsiColor::Cyan),
            Self::Severity(Severity::Info) | Self::Status(Status::NotApplicable) => {
                anstyle::Style::new().dimmed()
            }
            Self::Status(Status::Fail) => color(AnsiColor::Red),
            Self::Status(Status::Pass) => color(AnsiColor::Green),
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    /// Text that is not broken.
    Text(&'static str),
    /// Text that may be broken where there is no room.
    Flexible(&'static str),
    /// Numbers, to the right.
    Number(&'static str),
}

impl Column {
    const fn title(self) -> &'static str {
        match self {
            Self::Text(title) | Self::Flexible(title) | Self::Number(title) => title,
        }
    }
}

/// A text report in the making.
pub(crate) struct Paper {
    text: String,
    width: usize,
    color: bool,
}

impl Paper {
    pub(crate) fn new(style: &Style) -> Self {
        Self { text: String::new(), width: style.width.max(Style::MIN_WIDTH), color: style.color }
    }

    /// An empty line, unless there is one already.
    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A heading with an empty line above it.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        self.put(0, 0, &[strong(text)]);
    }

    /// A heading above other headings.
    pub(crate) fn title(&mut self, text: &str) {
        self.heading(text);
        let rule = "=".repeat(textwrap::core::display_width(&clean(text)).min(self.width));
        self.line(0, &rule);
    }

    pub(crate) fn line(&mut self, indent: usize, text: &str) {
        self.put(indent, indent, &[plain(text)]);
    }

    /// A line, wrapped; `first` and `rest` are the indents of the first line and the others.
    pub(crate) fn put(&mut self, first: usize, rest: usize, spans: &[Span<'_>]) {
        let text: String = spans.iter().map(|span| self.paint(span)).collect();
        let (first, rest) = (" ".repeat(first), " ".repeat(rest));
        let options = Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        for line in textwrap::wrap(&text, options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// Text that keeps `width` columns at least, for rows that stand below each other.
    pub(crate) fn padded(text: &str, width: usize) -> String {
        let missing = width.saturating_sub(textwrap::core::display_width(text));
        format!("{text}{}", " ".repeat(missing))
    }

    /// A table without rules.
    pub(crate) fn table(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>) {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.width).unwrap_or(u16::MAX));
        table.set_header(columns.iter().map(|column| column.title()));
        for row in rows {
            table.add_row(row.iter().map(|cell| clean(cell)));
        }
        let gap = if self.width < 80 { 1 } else { 2 };
        let last = columns.len().saturating_sub(1);
        for (index, column) in columns.iter().enumerate() {
            let Some(target) = table.column_mut(index) else { continue };
            target.set_padding((0, if index == last { 0 } else { gap }));
            match column {
                Column::Flexible(_) => {}
                Column::Text(_) => {
                    target.set_constraint(ColumnConstraint::ContentWidth);
                }
                Column::Number(_) => {
                    target.set_constraint(ColumnConstraint::ContentWidth);
                    target.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        self.rows(&table.trim_fmt());
    }

    fn rows(&mut self, table: &str) {
        for (index, row) in table.lines().enumerate() {
            let style = if index == 0 { Tone::Strong } else { Tone::Plain };
            self.text.push_str(&self.painted(style, row));
            self.text.push('\n');
        }
    }

    fn paint(&self, span: &Span<'_>) -> String {
        self.painted(span.tone, &clean(&span.text))
    }

    fn painted(&self, tone: Tone, text: &str) -> String {
        let style = tone.style();
        if self.color && !style.is_plain() && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
