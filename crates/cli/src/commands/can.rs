use std::process::ExitCode;

use anyhow::Result;
use leastwise_report::access::{json, text};

use super::access;
use crate::args::access::{CanArgs, grouped};

pub fn run(args: &CanArgs) -> Result<ExitCode> {
    match (&args.principal, &args.action) {
        (Some(principal), Some(action)) => one(args, principal, action),
        (Some(principal), None) => all(args, principal),
        (None, _) => everyone(args),
    }
}

fn one(args: &CanArgs, principal: &str, action: &str) -> Result<ExitCode> {
    let resource = args.resource.as_deref();
    let question = access::question(&args.about, action, resource)?;
    let snapshot = access::load(&args.about)?;
    let answers = leastwise_app::access::can_do(&snapshot, principal, &question)?;
    let title = format!("Can {principal} {action} on {}", resource.unwrap_or("some resource"));
    access::deliver(
        &args.about,
        |style| text::rows(&title, resource, &answers.rows, &answers.unread, true, style),
        &json::rows(action, resource, &answers.rows, &answers.unread),
        answers.is_incomplete(),
    )
}

fn all(args: &CanArgs, principal: &str) -> Result<ExitCode> {
    let snapshot = access::load(&args.about)?;
    let context = grouped(&args.about.context);
    let (arn, overview) = leastwise_app::access::can(&snapshot, principal, &context, args.about.exact)?;
    let title = format!("What {arn} can do");
    access::deliver(
        &args.about,
        |style| text::overview(&title, &overview, style),
        &json::overview(&arn, &overview),
        overview.is_incomplete,
    )
}

fn everyone(args: &CanArgs) -> Result<ExitCode> {
    let snapshot = access::load(&args.about)?;
    let matrix = leastwise_app::access::matrix(&snapshot, &grouped(&args.about.context));
    access::deliver(
        &args.about,
        |style| text::matrix(&matrix.rows, matrix.is_incomplete, style),
        &json::matrix(&matrix.rows, matrix.is_incomplete),
        matrix.is_incomplete,
    )
}
