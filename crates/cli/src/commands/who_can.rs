use std::process::ExitCode;

use anyhow::Result;
use leastwise_report::access::{json, text};

use super::access;
use crate::args::access::WhoCanArgs;

pub fn run(args: &WhoCanArgs) -> Result<ExitCode> {
    let resource = args.resource.as_deref();
    let question = access::question(&args.about, &args.action, resource)?;
    let snapshot = access::load(&args.about)?;
    let answers = leastwise_app::access::who_can(&snapshot, &question);
    let title = format!("Who can {} on {}", args.action, resource.unwrap_or("some resource"));
    access::deliver(
        &args.about,
        |style| text::rows(&title, resource, &answers.rows, &answers.unread, args.all, style),
        &json::rows(&args.action, resource, &answers.rows, &answers.unread),
        answers.is_incomplete(),
    )
}
