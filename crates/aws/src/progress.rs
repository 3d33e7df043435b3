use leastwise_iam::AccountId;

/// How far a collection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The account that is being read; `None` for the organisation.
    pub account: Option<AccountId>,
    /// What is being read, in words, such as `users, groups, roles and policies`.
    pub part: &'a str,
    /// How many things have been read.
    pub done: usize,
    /// How many there will be, where that is known.
    pub total: Option<usize>,
}

/// Whoever wants to know how far a collection has come. It is called from the collection itself: be quick.
pub type Watch = dyn Fn(Progress<'_>) + Send + Sync;
