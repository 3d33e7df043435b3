//! Hits for programs.

use std::io::{self, Write};

use leastwise_trail::hunt::Hit;
use serde::Serialize;

use crate::csv::record;
use crate::trail::groups::techniques;

/// The version of the document that [`json`] writes. A line of [`json_lines`] is one of its hits.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a, R, S> {
    schema_version: u32,
    reading: &'a R,
    summary: &'a S,
    hits: &'a [Hit],
}

/// One document: what was read, what was counted, and all hits.
///
/// # Errors
/// The writer's.
pub fn json(
    reading: &impl Serialize,
    summary: &impl Serialize,
    hits: &[Hit],
    out: &mut dyn Write,
) -> io::Result<()> {
    let document = Document { schema_version: SCHEMA_VERSION, reading, summary, hits };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// One hit a line.
///
/// # Errors
/// The writer's.
pub fn json_lines(hits: &[Hit], out: &mut dyn Write) -> io::Result<()> {
    for hit in hits {
        serde_json::to_writer(&mut *out, hit)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The columns of [`csv`].
pub const COLUMNS: [&str; 14] = [
    "time",
    "level",
    "title",
    "rule",
    "kind",
    "techniques",
    "account",
    "region",
    "principal",
    "source_address",
    "event_source",
    "event_name",
    "error_code",
    "event_ids",
];

/// A row for each hit, below a row of column names.
///
/// # Errors
/// The writer's.
pub fn csv(hits: &[Hit], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for hit in hits {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        record(
            &mut rows,
            &[
                &hit.time.map(|time| time.to_string()).unwrap_or_default(),
                hit.info.level.name(),
                &hit.info.title,
                &hit.info.rule,
                hit.info.kind,
                &techniques(&hit.info.tags).join(" "),
                &text(&hit.account),
                &text(&hit.region),
                &text(&hit.principal),
                &text(&hit.source_address),
                &text(&hit.event_source),
                &text(&hit.event_name),
                &text(&hit.error_code),
                &hit.event_ids.join(" "),
            ],
        )?;
    }
    rows.flush()
}
