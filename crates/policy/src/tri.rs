use std::ops::Not;

/// A truth value that may be unknown.
///
/// *Maybe* comes from an operator nobody knows, or from a context key of which the question says nothing
/// ([`Unsaid::Unknown`](crate::Unsaid)). The order is that of truth: `No < Maybe < Yes`, so that *and* is the
/// least and *or* the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tri {
    /// False.
    No,
    /// It depends on what is not known.
    Maybe,
    /// True.
    Yes,
}

impl Tri {
    /// True if any is; stops at the first that is.
    pub(crate) fn any(values: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for value in values {
            result = result.max(value);
            if result == Self::Yes {
                break;
            }
        }
        result
    }

    /// True if all are; stops at the first that is not.
    pub(crate) fn all(values: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for value in values {
            result = result.min(value);
            if result == Self::No {
                break;
            }
        }
        result
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl Not for Tri {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tri::{self, Maybe, No, Yes};

    #[test]
    fn logic_of_three_values() {
        assert_eq!((!No, !Maybe, !Yes), (Yes, Maybe, No));
        let table = [
            (vec![], No, Yes),
            (vec![No, Maybe], Maybe, No),
            (vec![Maybe, Yes], Yes, Maybe),
            (vec![Yes, Yes], Yes, Yes),
        ];
        for (values, any, all) in table {
            assert_eq!(Tri::any(values.clone()), any, "{values:?}");
            assert_eq!(Tri::all(values.clone()), all, "{values:?}");
        }
    }
}
