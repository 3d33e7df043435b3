//! Conditions: `selection and not 1 of filter_*`.
//!
//! Source: [Sigma rules specification, condition](https://sigmahq.io/docs/basics/conditions.html).

use std::fmt;

/// Deeper than a person nests brackets.
const MAX_DEPTH: usize = 100;

/// What a condition asks of the searches of a detection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of them hold.
    And(Vec<Condition>),
    /// One of them holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The search of that name matches.
    Search(Box<str>),
    /// One (`1 of …`) or all (`all of …`) of the searches whose names match.
    Of {
        /// True for `all of`.
        all: bool,
        /// A name with wildcards `*`; `them` stands for all names that do not begin with `_`.
        names: Box<str>,
    },
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// The reason why it is none, with the word where reading stopped.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = words(text);
        if words.contains(&"|") {
            return Err("`|` (aggregation) was given up by Sigma; write a correlation rule".to_owned());
        }
        let mut reader = Reader { words: &words, depth: 0 };
        let condition = reader.or()?;
        match reader.words.first() {
            None => Ok(condition),
            Some(word) => Err(format!("the condition `{text}` does not end before `{word}`")),
        }
    }
}

/// Words and brackets.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '(' | ')' | '|' => first.len_utf8(),
            _ => rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|')).unwrap_or(rest.len()),
        };
        let Some((word, after)) = rest.split_at_checked(end) else { break };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

struct Reader<'w, 't> {
    words: &'w [&'t str],
    depth: usize,
}

impl<'t> Reader<'_, 't> {
    /// Takes the next word if it is this one, in whatever case.
    fn take(&mut self, expected: &str) -> bool {
        match self.words.split_first() {
            Some((word, rest)) if word.eq_ignore_ascii_case(expected) => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn next(&mut self, after: &str) -> Result<&'t str, String> {
        let (word, rest) =
            self.words.split_first().ok_or_else(|| format!("something is missing after {after}"))?;
        self.words = rest;
        Ok(word)
    }

    fn or(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.and()?];
        while self.take("or") {
            parts.push(self.and()?);
        }
        Ok(joined(parts, Condition::Or))
    }

    fn and(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.not()?];
        while self.take("and") {
            parts.push(self.not()?);
        }
        Ok(joined(parts, Condition::And))
    }

    fn not(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the condition is nested too deep".to_owned());
        }
        let condition =
            if self.take("not") { Condition::Not(Box::new(self.not()?)) } else { self.primary()? };
        self.depth -= 1;
        Ok(condition)
    }

    fn primary(&mut self) -> Result<Condition, String> {
        let word = self.next("the beginning, `and`, `or`, `not` or `(`")?;
        if word == "(" {
            let inner = self.or()?;
            return if self.take(")") { Ok(inner) } else { Err("a `)` is missing".to_owned()) };
        }
        if self.words.first().is_some_and(|next| next.eq_ignore_ascii_case("of")) {
            self.words = self.words.get(1..).unwrap_or_default();
            return self.of(word);
        }
        match word.to_ascii_lowercase().as_str() {
            ")" | "and" | "or" | "of" => Err(format!("`{word}` stands where the name of a search belongs")),
            _ => Ok(Condition::Search(word.into())),
        }
    }

    fn of(&mut self, quantity: &str) -> Result<Condition, String> {
        let all = match quantity.to_ascii_lowercase().as_str() {
            "all" => true,
            "1" | "any" => false,
            _ => return Err(format!("`{quantity} of` is unknown; Sigma has `1 of` and `all of`")),
        };
        let names = self.next("`of`")?;
        if matches!(names, "(" | ")") {
            return Err(format!("`{names}` stands where a pattern of names belongs"));
        }
        Ok(Condition::Of { all, names: names.into() })
    }
}

fn joined(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

/// True if a pattern with `*` covers a name.
pub(super) fn covers(pattern: &str, name: &str) -> bool {
    if pattern.eq_ignore_ascii_case("them") {
        return !name.starts_with('_');
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            f.write_str("(")?;
            for (index, part) in parts.iter().enumerate() {
                write!(f, "{}{part}", if index > 0 { word } else { "" })?;
            }
            f.write_str(")")
        };
        match self {
            Self::And(parts) => list(f, parts, " and "),
            Self::Or(parts) => list(f, parts, " or "),
            Self::Not(inner) => write!(f, "not {inner}"),
            Self::Search(name) => f.write_str(name),
            Self::Of { all, names } => write!(f, "{} of {names}", if *all { "all" } else { "1" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions() {
        let cases = [
            ("selection", "selection"),
            ("a and b or not c and d", "((a and b) or (not c and d))"),
            ("not (a or b) and c", "(not (a or b) and c)"),
            ("not not a", "not not a"),
            ("1 of sel*", "1 of sel*"),
            ("any of them and all of x_*", "(1 of them and all of x_*)"),
            ("(a)and(b)", "(a and b)"),
            ("a AND NOT b", "(a and not b)"),
            ("selection-1", "selection-1"),
        ];
        for (text, expected) in cases {
            assert_eq!(Condition::parse(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn broken_conditions() {
        let cases = [
            ("", "something is missing"),
            ("a and", "something is missing"),
            ("(a", "a `)` is missing"),
            ("a b", "does not end before `b`"),
            ("a and or b", "`or` stands where"),
            ("2 of x*", "`2 of` is unknown"),
            ("1 of", "something is missing after `of`"),
            ("a | count() by b > 5", "correlation rule"),
        ];
        for (text, expected) in cases {
            let found = Condition::parse(text).unwrap_err();
            assert!(found.contains(expected), "{text}: {found}");
        }
        assert!(Condition::parse(&"(".repeat(100_000)).is_err());
        assert!(Condition::parse(&"not ".repeat(100_000)).is_err());
    }

    #[test]
    fn names() {
        let cases = [
            ("sel*", "selection", true),
            ("*", "x", true),
            ("sel*ion", "selection", true),
            ("sel*x", "selection", false),
            ("a*a", "a", false),
            ("them", "x", true),
            ("them", "_x", false),
            ("_*", "_x", true),
            ("sel", "selection", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(covers(pattern, name), expected, "{pattern} {name}");
        }
    }
}
