use crate::Version;

/// The parts of a text with wildcards and policy variables: of a pattern, or of the value of a condition.
///
/// In version 2012-10-17 of the language `${KEY}` and `${KEY, 'DEFAULT'}` stand for the value of a context key,
/// and `${*}`, `${?}`, `${$}` for the characters themselves. Version 2008-10-17 has neither: there `$`, `{` and `}`
/// are themselves. A `${` that no `}` follows is itself in both.
///
/// Operators such as `StringEquals` have no wildcards: where the text is one of their values, read [`Part::One`] and
/// [`Part::Run`] as the characters `?` and `*`.
///
/// Source: [IAM policy elements: variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
///
/// ```
/// use leastwise_iam::{Part, Parts, Variable, Version};
///
/// let parts: Vec<Part> = Parts::new("home/${aws:PrincipalTag/team, 'all'}/*", Version::V2012).collect();
/// let team = Variable { key: "aws:PrincipalTag/team", default: Some("all") };
/// assert_eq!(parts, [Part::Literal("home/"), Part::Variable(team), Part::Literal("/"), Part::Run]);
/// ```
#[derive(Debug, Clone)]
pub struct Parts<'a> {
    rest: &'a str,
    variables: bool,
}

/// One part of a text with wildcards and variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part<'a> {
    /// These characters; never empty.
    Literal(&'a str),
    /// `?`: any one character.
    One,
    /// `*`: any run of characters, also none. Each `*` is a part of its own.
    Run,
    /// A policy variable.
    Variable(Variable<'a>),
}

/// A policy variable: `${KEY}` or `${KEY, 'DEFAULT'}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variable<'a> {
    /// The context key whose value it stands for. A variable that is not well-formed has whatever stands
    /// between the braces here; see [`Variable::is_well_formed`].
    pub key: &'a str,
    /// What it stands for where a request has no such key.
    pub default: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Takes a text apart.
    pub const fn new(text: &'a str, version: Version) -> Self {
        Self { rest: text, variables: matches!(version, Version::V2012) }
    }

    /// Takes the first `length` bytes; where they are no whole characters, all.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// What `${…}` at the start stands for, and its length. `None` where it is not closed.
    fn braces(&self) -> Option<(Part<'a>, usize)> {
        let inside = self.rest.strip_prefix("${")?;
        if let Some((variable, length)) = with_default(inside) {
            return Some((Part::Variable(variable), length + 2));
        }
        let (name, _) = inside.split_once('}')?;
        let part = match name {
            "*" | "?" | "$" => Part::Literal(name),
            key => Part::Variable(Variable { key, default: None }),
        };
        Some((part, name.len() + 3))
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let special = if self.variables { &['*', '?', '$'][..] } else { &['*', '?'] };
        match self.rest.find(special) {
            None if self.rest.is_empty() => None,
            None => Some(Part::Literal(self.take(self.rest.len()))),
            Some(0) => Some(self.special()),
            Some(length) => Some(Part::Literal(self.take(length))),
        }
    }
}

impl<'a> Parts<'a> {
    /// The part that `*`, `?` or `$` begins.
    fn special(&mut self) -> Part<'a> {
        if self.rest.starts_with('$') {
            if let Some((part, length)) = self.braces() {
                self.take(length);
                return part;
            }
            // Where this is not closed, nothing after it is: looking once keeps the time linear.
            self.variables = !self.rest.starts_with("${");
            return Part::Literal(self.take(1));
        }
        match self.take(1) {
            "?" => Part::One,
            _ => Part::Run,
        }
    }
}

/// `KEY, 'DEFAULT'}` at the start of the text, and its length.
fn with_default(inside: &str) -> Option<(Variable<'_>, usize)> {
    let (key, rest) = inside.split_at_checked(inside.find([',', '}'])?)?;
    let opened = rest.strip_prefix(',')?.trim_start_matches(' ').strip_prefix('\'')?;
    let (default, rest) = opened.split_once('\'')?;
    let rest = rest.strip_prefix('}')?;
    Some((Variable { key, default: Some(default) }, inside.len() - rest.len()))
}

impl Variable<'_> {
    /// True if the key has the form of a context key: not empty, no space but within a tag's name, no braces,
    /// quotation marks, commas or wildcards. AWS refuses others.
    ///
    /// Source: [validation check reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html),
    /// "Unsupported symbol in variable" and the checks after it.
    pub fn is_well_formed(&self) -> bool {
        let (prefix, tag) = self.key.split_once('/').unwrap_or((self.key, "x"));
        let named =
            prefix.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
        let plain = |c: char| c.is_ascii_alphanumeric() || ":-._".contains(c);
        named
            && prefix.chars().all(plain)
            && !tag.is_empty()
            && tag.trim() == tag
            && !tag.contains(['$', '{', '\'', '"', ',', '*', '?'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn variable(key: &'static str) -> Part<'static> {
        Part::Variable(Variable { key, default: None })
    }

    const fn with(key: &'static str, default: &'static str) -> Part<'static> {
        Part::Variable(Variable { key, default: Some(default) })
    }

    #[test]
    fn version_2012() {
        use Part::{Literal, One, Run};
        let table: [(&str, &[Part]); 14] = [
            ("", &[]),
            ("a**?b", &[Literal("a"), Run, Run, One, Literal("b")]),
            ("${*}${?}${$}", &[Literal("*"), Literal("?"), Literal("$")]),
            ("ü${aws:username}/", &[Literal("ü"), variable("aws:username"), Literal("/")]),
            ("${aws:PrincipalTag/team, 'all'}", &[with("aws:PrincipalTag/team", "all")]),
            ("${a:b,'}'}x", &[with("a:b", "}"), Literal("x")]),
            ("${a:b, ''}", &[with("a:b", "")]),
            ("${a:b, c}d", &[variable("a:b, c"), Literal("d")]),
            ("${a:b, 'c}d", &[variable("a:b, 'c"), Literal("d")]),
            ("${a:b, 'c' }d", &[variable("a:b, 'c' "), Literal("d")]),
            ("${}", &[variable("")]),
            ("${${a}}", &[variable("${a"), Literal("}")]),
            ("$x${*", &[Literal("$"), Literal("x"), Literal("$"), Literal("{"), Run]),
            ("$${*}", &[Literal("$"), Literal("*")]),
        ];
        for (text, expected) in table {
            assert_eq!(Parts::new(text, Version::V2012).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn version_2008_has_no_variables() {
        use Part::{Literal, Run};
        let parts: Vec<_> = Parts::new("${aws:username}${*}", Version::V2008).collect();
        assert_eq!(parts, [Literal("${aws:username}${"), Run, Literal("}")]);
    }

    #[test]
    fn well_formed_variables() {
        for (key, expected) in [
            ("aws:username", true),
            ("aws:PrincipalTag/cost center", true),
            ("saml:aud", true),
            ("token.actions.githubusercontent.com:sub", true),
            ("", false),
            ("username", false),
            (" aws:username", false),
            ("aws:PrincipalTag/", false),
            ("aws:PrincipalTag/a, b", false),
            ("${aws:username", false),
            ("aws:user*", false),
        ] {
            assert_eq!(Variable { key, default: None }.is_well_formed(), expected, "{key}");
        }
    }

    #[test]
    fn hostile_texts_take_linear_time() {
        for text in ["${", "${a,'", "$", "${a,'}", "*", "${a, '${*}"] {
            let long = text.repeat(200_000);
            assert!(Parts::new(&long, Version::V2012).count() <= long.len());
        }
    }

    proptest::proptest! {
        #[test]
        fn without_specials_parts_are_the_text(text in r"[a${}ü,' ]{0,20}") {
            let joined: String = Parts::new(&text, Version::V2012)
                .map(|part| match part {
                    Part::Literal("$") => "$".to_owned(),
                    Part::Literal(text) => text.to_owned(),
                    Part::One => "?".to_owned(),
                    Part::Run => "*".to_owned(),
                    Part::Variable(Variable { key, default: None }) => format!("${{{key}}}"),
                    Part::Variable(Variable { key, default: Some(default) }) => format!("${{{key},'{default}'}}"),
                })
                .collect();
            let spaceless = |text: &str| text.replace(' ', "");
            let escaped = spaceless(&text).replace("${$}", "$");
            // A key of one dollar sign, `${ $}`, looks like the escape once its space is gone.
            proptest::prop_assert_eq!(spaceless(&joined).replace("${$}", "$"), escaped);
        }
    }
}
