/// How a text report looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// Colours, as ANSI escape sequences. Nothing is said by colour alone.
    pub color: bool,
    /// The columns of the screen; less than [`Style::MIN_WIDTH`] counts as that.
    pub width: usize,
    /// What the report is sorted by.
    pub by: By,
}

/// What a text report is sorted by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum By {
    /// Worst first, over all accounts.
    #[default]
    Finding,
    /// Account by account, worst first.
    Account,
    /// Control by control of the framework with this id.
    Framework(String),
}

impl Style {
    /// The narrowest screen that reports are made for.
    pub const MIN_WIDTH: usize = 60;

    /// Without colours, worst first.
    pub const fn plain(width: usize) -> Self {
        Self { color: false, width, by: By::Finding }
    }
}
