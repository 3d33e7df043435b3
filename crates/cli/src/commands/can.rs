use std::process::ExitCode;

use anyhow::Result;
use leastwise_report::access::{json, text};

use super::access;
use crate::args::access::{CanArgs, grouped};

pub fn run(args: &CanArgs) -> Result<ExitCode> {
    match &args.action {
        Some(action) => one(args, action),
        None => all(args),
    }
}

fn one(args: &CanArgs, action: &str) -> Result<ExitCode> {
    let resource = args.resource.as_deref();
    let question = access::question(&args.about, action, resource)?;
    let snapshot = access::load(&args.about)?;
    let answers = leastwise_app::access::can_do(&snapshot, &args.principal, &question)?;
    let title = format!("Can {} {action} on {}", args.principal, resource.unwrap_or("some resource"));
    access::deliver(
        &args.about,
        |style| text::rows(&title, &answers.rows, &answers.unread, true, style),
        &json::rows(action, resource, &answers.rows, &answers.unread),
        answers.is_incomplete(),
    )
}

fn all(args: &CanArgs) -> Result<ExitCode> {
    let snapshot = access::load(&args.about)?;
    let context = grouped(&args.about.context);
    let (arn, overview) = leastwise_app::access::can(&snapshot, &args.principal, &context)?;
    let title = format!("What {arn} can do");
    access::deliver(
        &args.about,
        |style| text::overview(&title, &overview, style),
        &json::overview(&arn, &overview),
        overview.is_incomplete,
    )
}
