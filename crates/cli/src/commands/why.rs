use std::process::ExitCode;

use anyhow::Result;
use leastwise_report::access::{json, text};

use super::access;
use crate::args::access::WhyArgs;

pub fn run(args: &WhyArgs) -> Result<ExitCode> {
    let question = access::question(&args.about, &args.action, Some(&args.resource))?;
    let snapshot = access::load(&args.about)?;
    let reasons = leastwise_app::access::why(&snapshot, &args.principal, &question)?;
    let title = format!("{} {} on {}", reasons.row.principal, args.action, args.resource);
    access::deliver(
        &args.about,
        |style| text::reasons(&title, &reasons, style),
        &json::reasons(&reasons),
        !reasons.unread.is_empty(),
    )
}
