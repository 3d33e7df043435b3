//! The meaning of a detection: modifiers and lists become tests, conditions become expressions of them.
//!
//! Source: [Sigma modifiers appendix 2.1](https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md).
//!
//! Where the specification leaves a choice, it is this:
//! - `null` means absent or `null`; `exists` looks only at whether the field is there.
//! - `neq`, like other comparisons, holds only where there is a value to compare, and then if it is none of those given.
//! - Lists in an event are looked into, and one element is enough; `not` in a condition is about the whole.
//! - A text search meets an object as its JSON without spaces.
//! - Keywords are looked for inside every text of the record, names of members included.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::Placeholders;
use super::condition::{Condition, covers};
use super::encode;
use super::pattern::{Pattern, Piece};
use super::place::Place;
use super::problem::{Refusal, broken, unsupported};
use super::rule::{Comparison, Detection, Item, Search};
use super::test::{Ask, Number, Part, Relation, Tests};
use super::yaml::Scalar;

/// What must hold of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Test(u32),
}

/// Understands a detection.
pub(super) fn detection(
    detection: &Detection,
    tests: &mut Tests,
    placeholders: &Placeholders,
) -> Result<Expr, Refusal> {
    let mut lowering = Lowering { tests, placeholders };
    let mut searches = Vec::new();
    for (name, search) in &detection.searches {
        searches.push((&**name, lowering.search(search)?));
    }
    let conditions =
        detection.conditions.iter().map(|(line, condition)| combine(*line, condition, &searches));
    Ok(any(conditions.collect::<Result<_, _>>()?))
}

fn combine(line: usize, condition: &Condition, searches: &[(&str, Expr)]) -> Result<Expr, Refusal> {
    let each = |parts: &[Condition]| {
        parts.iter().map(|part| combine(line, part, searches)).collect::<Result<_, _>>()
    };
    Ok(match condition {
        Condition::And(parts) => all(each(parts)?),
        Condition::Or(parts) => any(each(parts)?),
        Condition::Not(inner) => Expr::Not(Box::new(combine(line, inner, searches)?)),
        Condition::Search(name) => {
            let found = searches.iter().find(|(other, _)| **other == **name);
            found.map(|(_, expr)| expr.clone()).ok_or_else(|| {
                broken(line, format!("the condition names `{name}`, and there is no such search"))
            })?
        }
        Condition::Of { all: every, names } => {
            let found: Vec<_> = searches
                .iter()
                .filter(|(name, _)| covers(names, name))
                .map(|(_, expr)| expr.clone())
                .collect();
            if found.is_empty() {
                return Err(broken(line, format!("no search has a name that matches `{names}`")));
            }
            if *every { all(found) } else { any(found) }
        }
    })
}

pub(super) fn all(parts: Vec<Expr>) -> Expr {
    joined(parts, Expr::And)
}

fn any(parts: Vec<Expr>) -> Expr {
    joined(parts, Expr::Or)
}

fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

struct Lowering<'t> {
    tests: &'t mut Tests,
    placeholders: &'t Placeholders,
}

/// The modifiers of an item, sorted by what they do.
#[derive(Default)]
struct Modifiers<'i> {
    /// What changes texts, in order.
    changes: Vec<&'i str>,
    kind: Option<&'i str>,
    flags: Vec<&'i str>,
    compare: Option<Comparison>,
    all: bool,
    cased: bool,
    expand: bool,
}

impl<'i> Modifiers<'i> {
    fn new(item: &'i Item) -> Result<Self, Refusal> {
        let mut modifiers = Self::default();
        for name in &item.modifiers {
            modifiers.add(item.line, name)?;
        }
        Ok(modifiers)
    }

    fn add(&mut self, line: usize, name: &'i str) -> Result<(), Refusal> {
        match name {
            "contains" | "startswith" | "endswith" | "windash" | "wide" | "utf16le" | "utf16be" | "utf16"
            | "base64" | "base64offset" => self.changes.push(name),
            "all" => self.all = true,
            "cased" => self.cased = true,
            "expand" => self.expand = true,
            "i" | "m" | "s" => self.flags.push(name),
            _ => {
                if let Some(comparison) = Comparison::named(name).filter(|found| *found != Comparison::Eq) {
                    if self.compare.replace(comparison).is_some() {
                        return Err(broken(line, format!("`{name}` is a second comparison")));
                    }
                } else if Part::named(name).is_some() || matches!(name, "re" | "cidr" | "exists" | "fieldref")
                {
                    if let Some(other) = self.kind.replace(name) {
                        return Err(broken(line, format!("`{other}` and `{name}` exclude each other")));
                    }
                } else if name == "not" {
                    return Err(broken(
                        line,
                        "there is no modifier `not`; write `not` in the condition, or `neq`",
                    ));
                } else {
                    return Err(unsupported(line, format!("the modifier `{name}` is unknown")));
                }
            }
        }
        Ok(())
    }
}

impl Lowering<'_> {
    fn search(&mut self, search: &Search) -> Result<Expr, Refusal> {
        match search {
            Search::All(items) => {
                Ok(all(items.iter().map(|item| self.item(item)).collect::<Result<_, _>>()?))
            }
            Search::Any(parts) => {
                Ok(any(parts.iter().map(|part| self.search(part)).collect::<Result<_, _>>()?))
            }
        }
    }

    fn item(&mut self, item: &Item) -> Result<Expr, Refusal> {
        let modifiers = Modifiers::new(item)?;
        let place = match &item.field {
            None => Place::Record,
            Some(name) => Place::named(name).map_err(|reason| unsupported(item.line, reason))?,
        };
        let place = self.tests.place(place).map_err(|reason| unsupported(item.line, reason))?;
        check(item, &modifiers)?;
        let negated = modifiers.compare == Some(Comparison::Neq);
        let mut groups: Vec<Vec<Ask>> = Vec::new();
        for value in self.expanded(item, &modifiers)? {
            groups.push(self.asks(item, &modifiers, &value)?);
        }
        let expr = if modifiers.all && !negated {
            let each = groups.into_iter().map(|asks| self.one_of(item.line, place, asks));
            all(each.collect::<Result<_, _>>()?)
        } else {
            self.one_of(item.line, place, groups.into_iter().flatten().collect())?
        };
        if !negated {
            return Ok(expr);
        }
        let null = self.test(item.line, place, Ask::Null)?;
        Ok(Expr::Not(Box::new(any(vec![null, expr]))))
    }

    fn test(&mut self, line: usize, place: u16, ask: Ask) -> Result<Expr, Refusal> {
        self.tests.test(place, ask).map(Expr::Test).map_err(|reason| unsupported(line, reason))
    }

    /// One of several asks. Texts and networks are put together, so that many of them are one test.
    fn one_of(&mut self, line: usize, place: u16, asks: Vec<Ask>) -> Result<Expr, Refusal> {
        let mut together: Vec<Ask> = Vec::new();
        for ask in asks {
            let known = together.iter_mut().any(|known| match (known, &ask) {
                (
                    Ask::Text { cased, patterns, numbers },
                    Ask::Text { cased: cased_too, patterns: more, numbers: more_numbers },
                ) if cased == cased_too => {
                    patterns.extend(more.iter().cloned());
                    numbers.extend(more_numbers.iter().copied());
                    true
                }
                (Ask::Cidr(nets), Ask::Cidr(more)) => {
                    nets.extend(more.iter().copied());
                    true
                }
                (known, ask) => known == ask,
            });
            if !known {
                together.push(ask);
            }
        }
        let each = together.into_iter().map(|ask| self.test(line, place, ask));
        Ok(any(each.collect::<Result<_, _>>()?))
    }

    /// The values with placeholders replaced.
    fn expanded(&self, item: &Item, modifiers: &Modifiers<'_>) -> Result<Vec<Scalar>, Refusal> {
        if !modifiers.expand {
            return Ok(item.values.clone());
        }
        let mut values = Vec::new();
        for value in &item.values {
            match value {
                Scalar::Text(text) => {
                    let texts = encode::expand(text, self.placeholders);
                    let texts = texts.map_err(|reason| unsupported(item.line, reason))?;
                    values.extend(texts.into_iter().map(|text| Scalar::Text(text.into())));
                }
                other => values.push(other.clone()),
            }
        }
        Ok(values)
    }

    fn asks(&mut self, item: &Item, modifiers: &Modifiers<'_>, value: &Scalar) -> Result<Vec<Ask>, Refusal> {
        let line = item.line;
        match modifiers.kind {
            Some("exists") => exists(line, value),
            Some("re") => regex(line, modifiers, value),
            Some("cidr") => cidr(line, value),
            Some("fieldref") => self.same(line, modifiers, value),
            Some(part) => time_part(line, part, modifiers, value),
            None => match modifiers.compare.filter(|comparison| *comparison != Comparison::Neq) {
                Some(comparison) => Ok(vec![Ask::Number(comparison, Number::new(number(line, value)?))]),
                None => texts(item, modifiers, value),
            },
        }
    }

    fn same(&mut self, line: usize, modifiers: &Modifiers<'_>, value: &Scalar) -> Result<Vec<Ask>, Refusal> {
        let name = value.text().ok_or_else(|| broken(line, "`fieldref` needs the name of a field"))?;
        let place = Place::named(name).map_err(|reason| unsupported(line, reason))?;
        let other = self.tests.place(place).map_err(|reason| unsupported(line, reason))?;
        let relation = match modifiers.changes.as_slice() {
            [] => Relation::Equal,
            ["startswith"] => Relation::Starts,
            ["endswith"] => Relation::Ends,
            ["contains"] => Relation::Contains,
            _ => {
                return Err(unsupported(
                    line,
                    "`fieldref` goes with one of `startswith`, `endswith`, `contains`",
                ));
            }
        };
        Ok(vec![Ask::Same { other, relation, cased: modifiers.cased }])
    }
}

/// Refuses modifiers that make no sense together.
fn check(item: &Item, modifiers: &Modifiers<'_>) -> Result<(), Refusal> {
    let line = item.line;
    let changes = !modifiers.changes.is_empty();
    let refused = match modifiers.kind {
        Some("re" | "cidr") if changes => Some("goes with no modifier that changes texts"),
        Some("exists") if changes || modifiers.compare.is_some() || modifiers.all => Some("stands alone"),
        Some("re" | "cidr" | "fieldref") if !matches!(modifiers.compare, None | Some(Comparison::Neq)) => {
            Some("goes with `neq`, and no other comparison")
        }
        Some("fieldref" | "cidr" | "exists") if item.field.is_none() => Some("needs a field"),
        Some("minute" | "hour" | "day" | "week" | "month" | "year") if changes || item.field.is_none() => {
            Some("is for fields, and goes with comparisons only")
        }
        _ => None,
    };
    if let (Some(reason), Some(kind)) = (refused, modifiers.kind) {
        return Err(broken(line, format!("`{kind}` {reason}")));
    }
    if let (Some(flag), true) = (modifiers.flags.first(), modifiers.kind != Some("re")) {
        return Err(broken(line, format!("`{flag}` belongs to `re`")));
    }
    match modifiers.compare {
        Some(Comparison::Neq) if item.field.is_none() => Err(broken(line, "`neq` needs a field")),
        Some(comparison) if comparison != Comparison::Neq && changes => {
            Err(broken(line, "comparisons of numbers go with no modifier that changes texts"))
        }
        Some(comparison) if comparison != Comparison::Neq && item.field.is_none() => {
            Err(broken(line, "comparisons need a field"))
        }
        _ => Ok(()),
    }
}

fn exists(line: usize, value: &Scalar) -> Result<Vec<Ask>, Refusal> {
    match value {
        Scalar::Bool(true) => Ok(vec![Ask::Present]),
        Scalar::Bool(false) => Ok(vec![Ask::Absent]),
        _ => Err(broken(line, "`exists` is true or false")),
    }
}

fn regex(line: usize, modifiers: &Modifiers<'_>, value: &Scalar) -> Result<Vec<Ask>, Refusal> {
    let text = value.text().ok_or_else(|| broken(line, "`re` needs a regular expression"))?;
    let flag = |name: &str| modifiers.flags.contains(&name);
    Ok(vec![Ask::Regex {
        regex: text.to_owned(),
        insensitive: flag("i"),
        multi_line: flag("m"),
        dot_all: flag("s"),
    }])
}

fn cidr(line: usize, value: &Scalar) -> Result<Vec<Ask>, Refusal> {
    let text = value.text().unwrap_or_default();
    let address = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
    let net = text.parse::<IpNet>().ok().or_else(address);
    let net = net.ok_or_else(|| broken(line, format!("`{text}` is no network; write `10.0.0.0/8`")))?;
    Ok(vec![Ask::Cidr(BTreeSet::from([net]))])
}

fn time_part(
    line: usize,
    part: &str,
    modifiers: &Modifiers<'_>,
    value: &Scalar,
) -> Result<Vec<Ask>, Refusal> {
    let part = Part::named(part).ok_or_else(|| broken(line, format!("the modifier `{part}` is unknown")))?;
    let comparison = modifiers.compare.filter(|comparison| *comparison != Comparison::Neq);
    Ok(vec![Ask::Part(part, comparison.unwrap_or(Comparison::Eq), Number::new(number(line, value)?))])
}

fn number(line: usize, value: &Scalar) -> Result<f64, Refusal> {
    let number = value.text().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
    number.ok_or_else(|| broken(line, format!("`{}` is no number", value.text().unwrap_or("null"))))
}

fn texts(item: &Item, modifiers: &Modifiers<'_>, value: &Scalar) -> Result<Vec<Ask>, Refusal> {
    let line = item.line;
    let Some(text) = value.text() else {
        return if item.field.is_none() {
            Err(broken(line, "a keyword is null"))
        } else if modifiers.changes.is_empty() {
            Ok(vec![Ask::Null])
        } else {
            Err(broken(line, "null goes with no modifier that changes texts"))
        };
    };
    let pattern = if matches!(value, Scalar::Text(_)) { Pattern::parse(text) } else { Pattern::plain(text) };
    let mut patterns =
        encode::changed(pattern, &modifiers.changes).map_err(|reason| unsupported(line, reason))?;
    if item.field.is_none()
        && !modifiers.changes.iter().any(|change| matches!(*change, "startswith" | "endswith"))
    {
        patterns = patterns.into_iter().map(|pattern| pattern.starting().ending()).collect();
    }
    let number = match value {
        Scalar::Number(text) if modifiers.changes.is_empty() && item.field.is_some() => {
            text.parse::<f64>().ok()
        }
        _ => None,
    };
    let tidy = |pattern: Pattern| {
        let mut pieces = pattern.0;
        pieces.dedup_by(|next, before| (*next, *before) == (Piece::Many, Piece::Many));
        Pattern(pieces)
    };
    Ok(vec![Ask::Text {
        cased: modifiers.cased,
        patterns: patterns.into_iter().map(tidy).collect(),
        numbers: number.map(Number::new).into_iter().collect(),
    }])
}
