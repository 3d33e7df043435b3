use rust_decimal::Decimal;

/// An integer or a decimal.
pub(super) type Number = Decimal;

/// How two values are to stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub fn holds<T: PartialOrd>(self, value: &T, wanted: &T) -> bool {
        match self {
            Self::Equal => value == wanted,
            Self::Less => value < wanted,
            Self::LessOrEqual => value <= wanted,
            Self::Greater => value > wanted,
            Self::GreaterOrEqual => value >= wanted,
        }
    }
}

/// Reads a number as JSON or a user writes it; none if it is no number. One that is too large to be told from
/// others counts as the largest.
pub(super) fn parse(text: &str) -> Option<Number> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok()).or_else(|| too_large(text))
}

fn too_large(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_whole.then_some(if digits.len() < text.len() { Decimal::MIN } else { Decimal::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let equal = [("10", "10.0"), ("-1.50", "-1.5"), ("1e3", "1000"), ("0", "-0")];
        for (a, b) in equal {
            assert_eq!(parse(a), parse(b), "{a} {b}");
            assert!(parse(a).is_some(), "{a}");
        }
        assert!(Order::Less.holds(&parse("9"), &parse("10")));
        assert!(parse(&"9".repeat(40)) > parse("10") && parse(&format!("-{}", "9".repeat(40))) < parse("0"));
        for bad in ["", "ten", "1 0", "0x10", "1.2.3"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
