//! Rules about several events: correlations and first-seen rules.

use super::{only, read_condition, scalar_text, text, texts};
use crate::sigma::problem::{Refusal, broken};
use crate::sigma::rule::{
    Alias, Comparison, Correlation, CorrelationCondition, CorrelationKind, FirstSeen, Span,
};
use crate::sigma::yaml::{Node, Scalar};

pub(super) fn read_correlation(document: &Node, node: &Node) -> Result<Correlation, Refusal> {
    const KNOWN: [&str; 8] =
        ["type", "rules", "group-by", "timespan", "timeframe", "condition", "aliases", "generate"];
    only(node, &KNOWN, "correlation")?;
    let name = text(node, "type")?;
    let kind = CorrelationKind::named(&name);
    let kind = kind.ok_or_else(|| broken(node.line, format!("the correlation type `{name}` is unknown")))?;
    let rules = texts(node, "rules")?;
    if let Some(twice) =
        rules.iter().enumerate().find(|(index, rule)| rules.iter().take(*index).any(|r| r == *rule))
    {
        return Err(broken(node.line, format!("the rule `{}` is listed twice", twice.1)));
    }
    if rules.is_empty() {
        return Err(broken(node.line, "`correlation` refers to no rules"));
    }
    let timespan = if node.get("timespan").is_some() { "timespan" } else { "timeframe" };
    Ok(Correlation {
        kind,
        rules,
        group_by: texts(node, "group-by")?,
        timespan: read_span(node, timespan, "timespan")?,
        condition: read_correlation_condition(node, kind)?,
        aliases: node.get("aliases").map(read_aliases).transpose()?.unwrap_or_default(),
        generate: read_flag(document, "generate")? || read_flag(node, "generate")?,
    })
}

fn read_span(map: &Node, name: &str, shown: &str) -> Result<Span, Refusal> {
    let node = map.get(name).ok_or_else(|| broken(map.line, format!("there is no `{shown}`")))?;
    let text = scalar_text(node, shown)?;
    Span::parse(&text)
        .ok_or_else(|| broken(node.line, format!("`{text}` is no span of time; write `15m`, `1h`, `7d`")))
}

fn read_flag(map: &Node, name: &str) -> Result<bool, Refusal> {
    match map.get(name).map(|node| (node, node.scalar())) {
        None => Ok(false),
        Some((_, Some(Scalar::Bool(value)))) => Ok(*value),
        Some((node, _)) => Err(broken(node.line, format!("`{name}` is {}; give true or false", node.what()))),
    }
}

fn read_correlation_condition(node: &Node, kind: CorrelationKind) -> Result<CorrelationCondition, Refusal> {
    let Some(condition) = node.get("condition") else {
        return if kind.is_temporal() {
            Ok(CorrelationCondition::AllRules)
        } else {
            Err(broken(node.line, format!("a correlation of type `{}` needs a `condition`", kind.name())))
        };
    };
    if condition.scalar().is_some() {
        return if kind.is_temporal() {
            Ok(CorrelationCondition::Rules(read_condition(condition)?.1))
        } else {
            Err(broken(condition.line, "`condition` is a text; give a map such as `gte: 10`"))
        };
    }
    only(condition, &["lt", "lte", "gt", "gte", "eq", "neq", "field", "percentile"], "condition")?;
    let mut compare = Vec::new();
    for (key, value) in condition.map().unwrap_or_default() {
        if let Some(comparison) = Comparison::named(key) {
            compare.push((comparison, read_number(value, key)?));
        }
    }
    if compare.is_empty() {
        return Err(broken(condition.line, "`condition` compares with nothing; write `gte: 10` or the like"));
    }
    let field = texts(condition, "field")?;
    if kind.has_field() == field.is_empty() {
        let wanted = if kind.has_field() { "needs" } else { "has no" };
        return Err(broken(
            condition.line,
            format!("a correlation of type `{}` {wanted} `field`", kind.name()),
        ));
    }
    if field.len() > 1 && kind != CorrelationKind::ValueCount {
        return Err(broken(
            condition.line,
            format!("a correlation of type `{}` is about one field", kind.name()),
        ));
    }
    let percentile = condition.get("percentile").map(|node| read_number(node, "percentile")).transpose()?;
    match percentile {
        Some(_) if kind != CorrelationKind::ValuePercentile => {
            return Err(broken(
                condition.line,
                format!("a correlation of type `{}` has no percentile", kind.name()),
            ));
        }
        Some(rank) if !(0.0..=100.0).contains(&rank) => {
            return Err(broken(condition.line, format!("{rank} is no percentile; give 0 to 100")));
        }
        _ => {}
    }
    Ok(CorrelationCondition::Number { compare, field, percentile })
}

fn read_number(node: &Node, name: &str) -> Result<f64, Refusal> {
    let number = match node.scalar() {
        Some(Scalar::Number(text)) => text.parse::<f64>().ok().filter(|number| number.is_finite()),
        _ => None,
    };
    number.ok_or_else(|| broken(node.line, format!("`{name}` is {}; give a number", node.what())))
}

fn read_aliases(node: &Node) -> Result<Vec<Alias>, Refusal> {
    let map = |node: &Node| -> Result<Vec<(Box<str>, Node)>, Refusal> {
        let members = node.map().map(<[_]>::to_vec);
        members.ok_or_else(|| broken(node.line, format!("`aliases` has {} where a map belongs", node.what())))
    };
    let mut aliases = Vec::new();
    for (alias, fields) in map(node)? {
        let fields = map(&fields)?;
        let fields: Result<Vec<_>, Refusal> = fields
            .iter()
            .map(|(rule, field)| Ok((rule.to_string(), scalar_text(field, "aliases")?)))
            .collect();
        aliases.push((alias.to_string(), fields?));
    }
    Ok(aliases)
}

pub(super) fn read_first_seen(node: &Node) -> Result<FirstSeen, Refusal> {
    only(node, &["by", "value", "within", "learn"], "first_seen")?;
    let first_seen = FirstSeen {
        by: texts(node, "by")?,
        value: texts(node, "value")?,
        within: read_span(node, "within", "within")?,
        learn: read_span(node, "learn", "learn")?,
    };
    if first_seen.by.is_empty() || first_seen.value.is_empty() {
        return Err(broken(
            node.line,
            "`first_seen` needs fields in `by` (whose habit) and in `value` (what is new)",
        ));
    }
    if first_seen.within < Span(3600) {
        return Err(broken(node.line, "`within` is shorter than an hour"));
    }
    Ok(first_seen)
}
