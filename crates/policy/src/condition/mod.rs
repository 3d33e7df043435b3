//! Conditions: operators, quantifiers, and what is compared.
//!
//! Source: [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html),
//! [set operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).

mod arn;
mod date;
mod number;
mod text;

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;
use leastwise_iam::{Condition, Operator, Quantifier, Version};

use crate::key::Key;
use crate::request::{Found, View};
use crate::tri::Tri;
use arn::ArnValue;
use number::{Number, Order};
use text::TextValue;

/// One line of a `Condition` block, prepared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    key: Key,
    quantifier: Option<Quantifier>,
    if_exists: bool,
    negated: bool,
    values: Values,
}

/// What the values of the request are compared with.
#[derive(Debug, Clone, PartialEq)]
enum Values {
    Text(Vec<TextValue>),
    Arn(Vec<ArnValue>),
    /// Of a value that is no number it cannot be told what it matches; so it is with the others.
    Number(Order, Vec<Option<Number>>),
    Date(Order, Vec<Option<jiff::Timestamp>>),
    Ip(Vec<Option<IpNet>>),
    Binary(Vec<Option<Vec<u8>>>),
    /// `Null`: whether the key must be absent.
    Absent(Vec<TextValue>),
    /// An operator that nobody knows: whether the condition holds cannot be told.
    Unheard,
}

impl Test {
    pub fn new(condition: &Condition, version: Version) -> Self {
        let (negated, values) = values(condition, version);
        Self {
            key: Key::new(&condition.key),
            quantifier: condition.operator.quantifier,
            if_exists: condition.operator.if_exists,
            negated,
            values,
        }
    }

    /// Whether the condition holds.
    pub fn holds(&self, view: &View<'_>) -> Tri {
        match (&self.values, view.find(&self.key)) {
            (Values::Unheard, _) | (_, Found::Unknown) => Tri::Maybe,
            (Values::Absent(wanted), found) => is_absent(wanted, matches!(found, Found::Absent), view),
            (_, Found::Absent) => self.without_key(),
            (_, Found::One(value)) => self.quantified(std::iter::once(value), view),
            (_, Found::Many(values)) => self.quantified(values.iter().map(|value| &**value), view),
        }
    }

    /// A request without the key fails a comparison and passes a negated one; `IfExists` and `ForAllValues:`
    /// always pass, and `ForAnyValue:` never.
    fn without_key(&self) -> Tri {
        Tri::from(match self.quantifier {
            _ if self.if_exists => true,
            Some(Quantifier::AllValues) => true,
            Some(Quantifier::AnyValue) => false,
            None => self.negated,
        })
    }

    fn quantified<'v>(&self, values: impl Iterator<Item = &'v str> + Clone, view: &View<'_>) -> Tri {
        let matches = |value| self.matches(value, view);
        match (self.quantifier, self.negated) {
            (None | Some(Quantifier::AnyValue), false) => Tri::any(values.map(matches)),
            // Without a set operator, none of the values may match.
            (None, true) => !Tri::any(values.map(matches)),
            (Some(Quantifier::AnyValue), true) => Tri::any(values.map(|value| !matches(value))),
            // An empty text is as good as no value.
            (Some(Quantifier::AllValues), _) if values.clone().all(str::is_empty) => Tri::Yes,
            (Some(Quantifier::AllValues), false) => Tri::all(values.map(matches)),
            (Some(Quantifier::AllValues), true) => Tri::all(values.map(|value| !matches(value))),
        }
    }

    /// Whether one value of the request matches one of the condition.
    fn matches(&self, value: &str, view: &View<'_>) -> Tri {
        match &self.values {
            Values::Text(wanted) => Tri::any(wanted.iter().map(|wanted| wanted.matches(value, view))),
            Values::Arn(wanted) => Tri::any(wanted.iter().map(|wanted| wanted.matches(value, view))),
            Values::Number(order, wanted) => compare(*order, number::parse(value), wanted),
            Values::Date(order, wanted) => compare(*order, date::parse(value), wanted),
            Values::Ip(wanted) => {
                let Ok(address) = value.parse::<IpAddr>() else { return Tri::No };
                one_of(wanted, |net| net.contains(&address))
            }
            Values::Binary(wanted) => {
                let decoded = decode(value);
                one_of(wanted, |bytes| Some(bytes) == decoded.as_ref())
            }
            Values::Absent(_) | Values::Unheard => Tri::Maybe,
        }
    }
}

/// How an operator compares.
#[derive(Debug, Clone, Copy)]
enum Form {
    Text { wildcards: bool, ignore_case: bool },
    Arn,
    Number(Order),
    Date(Order),
    Ip,
    Binary,
    Absent,
}

const EXACT: Form = Form::Text { wildcards: false, ignore_case: false };
const IGNORE_CASE: Form = Form::Text { wildcards: false, ignore_case: true };
const LIKE: Form = Form::Text { wildcards: true, ignore_case: false };

/// The operators, whether they are negated, and how they compare.
const OPERATORS: [(&str, bool, Form); 27] = [
    ("StringEquals", false, EXACT),
    ("StringNotEquals", true, EXACT),
    ("StringEqualsIgnoreCase", false, IGNORE_CASE),
    ("StringNotEqualsIgnoreCase", true, IGNORE_CASE),
    ("StringLike", false, LIKE),
    ("StringNotLike", true, LIKE),
    ("Bool", false, IGNORE_CASE),
    ("ArnEquals", false, Form::Arn),
    ("ArnLike", false, Form::Arn),
    ("ArnNotEquals", true, Form::Arn),
    ("ArnNotLike", true, Form::Arn),
    ("NumericEquals", false, Form::Number(Order::Equal)),
    ("NumericNotEquals", true, Form::Number(Order::Equal)),
    ("NumericLessThan", false, Form::Number(Order::Less)),
    ("NumericLessThanEquals", false, Form::Number(Order::LessOrEqual)),
    ("NumericGreaterThan", false, Form::Number(Order::Greater)),
    ("NumericGreaterThanEquals", false, Form::Number(Order::GreaterOrEqual)),
    ("DateEquals", false, Form::Date(Order::Equal)),
    ("DateNotEquals", true, Form::Date(Order::Equal)),
    ("DateLessThan", false, Form::Date(Order::Less)),
    ("DateLessThanEquals", false, Form::Date(Order::LessOrEqual)),
    ("DateGreaterThan", false, Form::Date(Order::Greater)),
    ("DateGreaterThanEquals", false, Form::Date(Order::GreaterOrEqual)),
    ("IpAddress", false, Form::Ip),
    ("NotIpAddress", true, Form::Ip),
    ("BinaryEquals", false, Form::Binary),
    ("Null", false, Form::Absent),
];

/// Whether an operator is negated, and how it compares; nothing for one that AWS does not document.
fn form(operator: &Operator) -> Option<(bool, Form)> {
    let named = OPERATORS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&operator.comparison));
    let (_, negated, form) = *named?;
    let is_plain = operator.quantifier.is_none() && !operator.if_exists;
    (is_plain || !matches!(form, Form::Absent)).then_some((negated, form))
}

/// True if the operator is none that AWS documents.
pub(crate) fn is_unheard(operator: &Operator) -> bool {
    form(operator).is_none()
}

fn values(condition: &Condition, version: Version) -> (bool, Values) {
    let Some((negated, form)) = form(&condition.operator) else { return (false, Values::Unheard) };
    let all = condition.values.iter();
    let text = |version, wildcards, ignore_case| {
        all.clone().map(|value| TextValue::new(value, version, wildcards, ignore_case)).collect()
    };
    let values = match form {
        Form::Text { wildcards, ignore_case } => Values::Text(text(version, wildcards, ignore_case)),
        Form::Arn => Values::Arn(all.map(|value| ArnValue::new(value, version)).collect()),
        Form::Number(order) => Values::Number(order, all.map(|value| number::parse(value)).collect()),
        Form::Date(order) => Values::Date(order, all.map(|value| date::parse(value)).collect()),
        Form::Ip => Values::Ip(all.map(|value| network(value)).collect()),
        Form::Binary => Values::Binary(all.map(|value| decode(value)).collect()),
        // There are no variables in `Null`, whatever the version.
        Form::Absent => Values::Absent(text(Version::V2008, false, true)),
    };
    (negated, values)
}

/// `"Null": {"key": "true"}` holds for a request without the key.
fn is_absent(wanted: &[TextValue], absent: bool, view: &View<'_>) -> Tri {
    let found = if absent { "true" } else { "false" };
    Tri::any(wanted.iter().map(|wanted| wanted.matches(found, view)))
}

fn compare<T: PartialOrd>(order: Order, value: Option<T>, wanted: &[Option<T>]) -> Tri {
    let Some(value) = value else { return Tri::No };
    one_of(wanted, |wanted| order.holds(&value, wanted))
}

/// Whether one of the values is matched. Where none is, but one cannot be read, that cannot be told.
fn one_of<T>(wanted: &[Option<T>], matches: impl Fn(&T) -> bool) -> Tri {
    let unread = if wanted.iter().any(Option::is_none) { Tri::Maybe } else { Tri::No };
    Tri::from(wanted.iter().flatten().any(matches)).max(unread)
}

/// An address without a prefix length stands for itself.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests;
