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
use leastwise_iam::{Condition, Quantifier, Version};

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

    /// True if the operator is none that AWS documents.
    pub fn is_unheard(&self) -> bool {
        self.values == Values::Unheard
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

fn values(condition: &Condition, version: Version) -> (bool, Values) {
    let all = &condition.values;
    let text = |wildcards, ignore_case| {
        Values::Text(all.iter().map(|value| TextValue::new(value, version, wildcards, ignore_case)).collect())
    };
    let arn = || Values::Arn(all.iter().map(|value| ArnValue::new(value, version)).collect());
    let number = |order| Values::Number(order, all.iter().map(|value| number::parse(value)).collect());
    let date = |order| Values::Date(order, all.iter().map(|value| date::parse(value)).collect());
    let ip = || Values::Ip(all.iter().map(|value| network(value)).collect());
    match condition.operator.comparison.to_ascii_lowercase().as_str() {
        "stringequals" => (false, text(false, false)),
        "stringnotequals" => (true, text(false, false)),
        "stringequalsignorecase" | "bool" => (false, text(false, true)),
        "stringnotequalsignorecase" => (true, text(false, true)),
        "stringlike" => (false, text(true, false)),
        "stringnotlike" => (true, text(true, false)),
        "arnequals" | "arnlike" => (false, arn()),
        "arnnotequals" | "arnnotlike" => (true, arn()),
        "numericequals" => (false, number(Order::Equal)),
        "numericnotequals" => (true, number(Order::Equal)),
        "numericlessthan" => (false, number(Order::Less)),
        "numericlessthanequals" => (false, number(Order::LessOrEqual)),
        "numericgreaterthan" => (false, number(Order::Greater)),
        "numericgreaterthanequals" => (false, number(Order::GreaterOrEqual)),
        "dateequals" => (false, date(Order::Equal)),
        "datenotequals" => (true, date(Order::Equal)),
        "datelessthan" => (false, date(Order::Less)),
        "datelessthanequals" => (false, date(Order::LessOrEqual)),
        "dategreaterthan" => (false, date(Order::Greater)),
        "dategreaterthanequals" => (false, date(Order::GreaterOrEqual)),
        "ipaddress" => (false, ip()),
        "notipaddress" => (true, ip()),
        "binaryequals" => (false, Values::Binary(all.iter().map(|value| decode(value)).collect())),
        "null" if condition.operator.quantifier.is_none() && !condition.operator.if_exists => {
            // There are no variables in `Null`, whatever the version.
            let flags = all.iter().map(|value| TextValue::new(value, Version::V2008, false, true));
            (false, Values::Absent(flags.collect()))
        }
        _ => (false, Values::Unheard),
    }
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
