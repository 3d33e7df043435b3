use leastwise_iam::Version;

use crate::glob::{Glob, Token};
use crate::request::View;
use crate::template::{Filled, Template};
use crate::tri::Tri;

/// A text that a value of the request is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextValue {
    form: Form,
    ignore_case: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// The same in all requests.
    Fixed(Glob),
    /// With policy variables.
    Variable { template: Template, wildcards: bool },
}

impl TextValue {
    pub fn new(text: &str, version: Version, wildcards: bool, ignore_case: bool) -> Self {
        if !ignore_case && !text.contains('$') {
            let glob = if wildcards { Glob::new(text) } else { Glob::literal(text) };
            return Self { form: Form::Fixed(glob), ignore_case };
        }
        let template = Template::new(text, version);
        let form = match template.fixed(wildcards) {
            Some(tokens) => Form::Fixed(glob(&tokens, ignore_case)),
            None => Form::Variable { template, wildcards },
        };
        Self { form, ignore_case }
    }

    pub fn matches(&self, value: &str, view: &View<'_>) -> Tri {
        let lower = self.ignore_case.then(|| value.to_lowercase());
        let value = lower.as_deref().unwrap_or(value);
        match &self.form {
            Form::Fixed(glob) => glob.matches(value).into(),
            Form::Variable { template, wildcards } => match template.fill(view, *wildcards) {
                Filled::Tokens(tokens) => glob(&tokens, self.ignore_case).matches(value).into(),
                Filled::Nothing => Tri::No,
                Filled::Unknown => Tri::Maybe,
            },
        }
    }
}

fn glob(tokens: &[Token], ignore_case: bool) -> Glob {
    if !ignore_case {
        return Glob::from_tokens(tokens);
    }
    let lower = |token: &Token| match token {
        Token::Char(c) => c.to_lowercase().map(Token::Char).collect(),
        wildcard => vec![*wildcard],
    };
    Glob::from_tokens(&tokens.iter().flat_map(lower).collect::<Vec<_>>())
}
