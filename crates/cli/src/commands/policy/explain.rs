use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use leastwise_app::simulate::{Explained, Simulator};
use leastwise_policy::Verdict;
use leastwise_report::By;
use leastwise_report::access::{json, text};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::args::access::{AnswerFormat, grouped};
use crate::args::policy::ExplainArgs;
use crate::commands::read_text;
use crate::terminal;

pub fn run(args: &ExplainArgs) -> Result<ExitCode> {
    let case = match &args.case {
        Some(file) => read_text(file)?,
        None => case(args)?,
    };
    let explained = Simulator::default().explain(case.as_bytes()).map_err(|error| match &args.case {
        Some(file) => anyhow!("in `{}`: {error}", file.display()),
        None => anyhow!("{error}"),
    })?;
    let Explained { explanation, remarks, .. } = &explained;
    let report = match args.format {
        AnswerFormat::Json => serde_json::to_string_pretty(&json::decision(explanation, remarks))? + "\n",
        AnswerFormat::Text => {
            let style = terminal::style(By::Finding, false);
            text::explanation(&title(&explained), explanation, remarks, &style)
        }
    };
    terminal::print(report.as_bytes())?;
    let allowed = explanation.decision.verdict == Verdict::Allowed;
    Ok(if allowed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn title(explained: &Explained) -> String {
    let Explained { principal, action, resources, .. } = explained;
    format!("{principal} {action} on {}", resources.join(", "))
}

/// The flags as a case of `simulate`.
fn case(args: &ExplainArgs) -> Result<String> {
    let context: Map<String, Value> = grouped(&args.context)
        .into_iter()
        .map(|(key, values)| (key, if let [one] = values.as_slice() { json!(one) } else { json!(values) }))
        .collect();
    let mut request = json!({
        "principal": args.principal,
        "action": args.action,
        "resources": args.resource,
        "context": context,
    });
    for (name, value) in [
        ("resource_account", args.resource_account.map(|account| account.to_string())),
        ("principal_role", args.principal_role.clone()),
        ("management_account", args.management_account.map(|account| account.to_string())),
    ] {
        if let (Some(value), Some(request)) = (value, request.as_object_mut()) {
            request.insert(name.to_owned(), json!(value));
        }
    }
    let policies = format!(
        r#"{{"identity":{},"resource":{},"boundary":{},"session":{},"scp":{},"rcp":{},"endpoint":{}}}"#,
        list(&args.identity)?.unwrap_or_else(|| "[]".to_owned()),
        args.resource_policy.as_deref().map(document).transpose()?.unwrap_or_else(|| "null".to_owned()),
        or_null(list(&args.boundary)?),
        or_null(list(&args.session)?),
        or_null(levels(&args.scp)?),
        or_null(levels(&args.rcp)?),
        or_null(list(&args.endpoint)?),
    );
    Ok(format!(r#"{{"request":{request},"policies":{policies}}}"#))
}

fn or_null(list: Option<String>) -> String {
    list.unwrap_or_else(|| "null".to_owned())
}

fn levels(levels: &[String]) -> Result<Option<String>> {
    if levels.is_empty() {
        return Ok(None);
    }
    let lists: Result<Vec<String>> = levels
        .iter()
        .map(|level| {
            let files: Vec<&Path> = level.split(',').filter(|file| !file.is_empty()).map(Path::new).collect();
            Ok(list(&files)?.unwrap_or_else(|| "[]".to_owned()))
        })
        .collect();
    Ok(Some(format!("[{}]", lists?.join(","))))
}

fn list(files: &[impl AsRef<Path>]) -> Result<Option<String>> {
    if files.is_empty() {
        return Ok(None);
    }
    let documents: Result<Vec<String>> = files.iter().map(|file| document(file.as_ref())).collect();
    Ok(Some(format!("[{}]", documents?.join(","))))
}

/// The JSON in a file, as it stands.
fn document(file: &Path) -> Result<String> {
    let text = read_text(file)?;
    leastwise_iam::Document::parse(&text).with_context(|| format!("in `{}`", file.display()))?;
    let json: Box<RawValue> =
        serde_json::from_str(&text).with_context(|| format!("in `{}`", file.display()))?;
    Ok(json.get().to_owned())
}
