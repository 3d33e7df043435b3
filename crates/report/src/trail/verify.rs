//! Whether log files are as CloudTrail delivered them.

use std::collections::BTreeMap;

use leastwise_model::Status;
use leastwise_trail::digest::{Chain, Counts, Judged, Span, Validation, Verdict};
use serde_json::{Value, json};

use crate::Style;
use crate::figures::{count, instant, number};
use crate::paper::{Column, Paper, plain, status, strong};

/// How many files are listed for each reason, unless all are asked for.
const SHOWN: usize = 10;

/// What to report.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was validated.
    pub source: &'a str,
    /// The verdicts.
    pub validation: &'a Validation,
    /// What could not be listed, and why.
    pub unlisted: &'a [String],
    /// Regions whose keys AWS did not give, and why.
    pub without_keys: &'a [String],
}

impl Report<'_> {
    /// What it comes to in a word.
    fn conclusion(&self) -> (&'static str, Status) {
        if self.validation.is_invalid() {
            ("invalid", Status::Fail)
        } else if self.validation.is_incomplete() || !self.unlisted.is_empty() {
            ("unknown", Status::Unknown)
        } else {
            ("valid", Status::Pass)
        }
    }
}

/// The report for people; `all` lists every file that is not valid.
pub fn text(report: &Report<'_>, all: bool, style: &Style) -> String {
    let Validation { digests, logs, others, chains } = report.validation;
    let mut paper = Paper::new(style);
    paper.title(&format!("Integrity of the log files in {}", report.source));
    paper.blank();
    let (word, tone) = report.conclusion();
    paper.put(0, 2, &[status(tone, word), plain(format!(": {}", in_words(report.validation)))]);
    table(&mut paper, report.validation);
    let shown = if all { usize::MAX } else { SHOWN };
    for (heading, is_of) in KINDS {
        let files = digests.iter().chain(logs).filter(|file| is_of(&file.verdict));
        group(&mut paper, heading, files, shown);
    }
    list(&mut paper, "Could not be listed", report.unlisted, usize::MAX);
    list(&mut paper, "Regions without keys", report.without_keys, usize::MAX);
    list(&mut paper, "Neither digests nor log files", others, shown);
    for chain in chains {
        self::chain(&mut paper, chain);
    }
    paper.finish()
}

type IsOf = fn(&Verdict) -> bool;

/// The verdicts that are listed, worst first.
const KINDS: [(&str, IsOf); 3] = [
    ("Invalid", |verdict| matches!(verdict, Verdict::Invalid(_))),
    ("Unknown", |verdict| matches!(verdict, Verdict::Unknown(_))),
    ("Named by no digest", |verdict| matches!(verdict, Verdict::NotNamed(_))),
];

fn in_words(validation: &Validation) -> &'static str {
    if validation.is_invalid() {
        "files were altered, moved or removed"
    } else if validation.digests.is_empty() {
        "there is no digest; log file validation may be off, or the folder `CloudTrail-Digest` was left out"
    } else if validation.is_incomplete() {
        "nothing was found altered, and not all could be verified"
    } else {
        "all is as CloudTrail delivered it, from the first digest to the last"
    }
}

fn table(paper: &mut Paper, validation: &Validation) {
    let columns = [
        Column::Text("Files"),
        Column::Number("valid"),
        Column::Number("invalid"),
        Column::Number("unknown"),
        Column::Number("named by no digest"),
    ];
    let row = |name: &str, counts: Counts| {
        let Counts { valid, invalid, unknown, not_named } = counts;
        let numbers = [valid, invalid, unknown, not_named].map(number);
        std::iter::once(name.to_owned()).chain(numbers).collect()
    };
    let rows = [row("digests", validation.digest_counts()), row("log files", validation.log_counts())];
    paper.blank();
    paper.table(&columns, rows);
}

/// Files with the same kind of verdict, by reason.
fn group<'a>(paper: &mut Paper, heading: &str, files: impl Iterator<Item = &'a Judged>, shown: usize) {
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in files {
        reasons.entry(file.verdict.to_string()).or_default().push(&file.place);
    }
    if reasons.is_empty() {
        return;
    }
    let total = reasons.values().map(Vec::len).sum();
    paper.heading(&format!("{heading}: {}", count(total, "file")));
    for (reason, places) in &reasons {
        paper.put(2, 4, &[strong(number(places.len())), plain(format!("  {reason}"))]);
        some(paper, 6, places, shown);
    }
}

fn list(paper: &mut Paper, heading: &str, lines: &[String], shown: usize) {
    if !lines.is_empty() {
        paper.heading(&format!("{heading}: {}", number(lines.len())));
        some(paper, 2, lines, shown);
    }
}

fn some<T: AsRef<str>>(paper: &mut Paper, indent: usize, lines: &[T], shown: usize) {
    for line in lines.iter().take(shown) {
        paper.put(indent, indent + 2, &[plain(line.as_ref())]);
    }
    if let Some(more) = lines.len().checked_sub(shown).filter(|more| *more > 0) {
        paper.line(indent, &format!("and {} more; `--all` lists them", number(more)));
    }
}

fn chain(paper: &mut Paper, chain: &Chain) {
    let name = chain.id.to_string();
    paper.heading(&format!("Digests of {name}"));
    let empty = match chain.empty {
        0 => String::new(),
        empty => format!(", {} of them without log files", number(empty)),
    };
    paper.line(2, &format!("{}{empty}: {}", count(chain.digests, "digest"), span(chain.span)));
    match &*chain.covered {
        [] => paper.line(2, "No time is covered by valid digests."),
        spans => spans.iter().for_each(|covered| paper.line(2, &format!("Verified: {}", span(*covered)))),
    }
    for gap in &chain.gaps {
        paper.put(
            2,
            4,
            &[status(Status::Unknown, "Gap"), plain(format!(": {}: {}", span(gap.span), gap.why))],
        );
    }
    if let Some(before) = &chain.before {
        let what = format!(": the oldest digest follows `{before}`, which is not here");
        paper.put(2, 4, &[status(Status::Unknown, "Open start"), plain(what)]);
    }
}

fn span(span: Span) -> String {
    format!("{} to {}", instant(span.from), instant(span.to))
}

/// The report for programs: every file with its verdict.
///
/// # Errors
/// None that can happen: a report is text.
pub fn json(report: &Report<'_>) -> Result<String, serde_json::Error> {
    let Validation { digests, logs, others, chains } = report.validation;
    let value = json!({
        "schema_version": 1,
        "source": report.source,
        "conclusion": report.conclusion().0,
        "digests": {"counts": counts(report.validation.digest_counts()), "files": files(digests)},
        "log_files": {"counts": counts(report.validation.log_counts()), "files": files(logs)},
        "others": others,
        "unlisted": report.unlisted,
        "without_keys": report.without_keys,
        "chains": chains.iter().map(chain_value).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn counts(counts: Counts) -> Value {
    let Counts { valid, invalid, unknown, not_named } = counts;
    json!({"valid": valid, "invalid": invalid, "unknown": unknown, "not_named": not_named})
}

fn files(files: &[Judged]) -> Vec<Value> {
    let value = |file: &Judged| {
        let why = (file.verdict != Verdict::Valid).then(|| file.verdict.to_string());
        json!({"file": file.place, "digest": file.digest.as_deref(), "verdict": word(&file.verdict), "why": why})
    };
    files.iter().map(value).collect()
}

const fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "valid",
        Verdict::Invalid(_) => "invalid",
        Verdict::Unknown(_) => "unknown",
        Verdict::NotNamed(_) => "not_named",
    }
}

fn chain_value(chain: &Chain) -> Value {
    let span = |span: Span| json!({"from": span.from.to_string(), "to": span.to.to_string()});
    let gaps = chain.gaps.iter().map(|gap| {
        json!({"from": gap.span.from.to_string(), "to": gap.span.to.to_string(), "why": gap.why.to_string()})
    });
    json!({
        "organization": chain.id.organization,
        "account": chain.id.account,
        "region": chain.id.region,
        "trail": chain.id.trail,
        "home_region": chain.id.home,
        "digests": chain.digests,
        "empty": chain.empty,
        "span": span(chain.span),
        "verified": chain.covered.iter().map(|covered| span(*covered)).collect::<Vec<_>>(),
        "gaps": gaps.collect::<Vec<_>>(),
        "before": chain.before,
    })
}

#[cfg(test)]
mod tests {
    use leastwise_trail::digest::{ChainId, Gap, GapReason, Invalid, NotNamed, Unknown};

    use super::*;

    const KEY: &str = "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/01/01/111122223333_CloudTrail-Digest_us-east-2_main_us-east-2_2026";

    fn judged(place: &str, verdict: Verdict) -> Judged {
        let digest = place.contains("_CloudTrail_").then(|| format!("logs/{KEY}0101T011705Z.json.gz").into());
        Judged { place: place.to_owned(), digest, verdict }
    }

    fn hours(from: i64, to: i64) -> Span {
        let hour = |hour: i64| jiff::Timestamp::from_second(1_767_226_625 + hour * 3600).unwrap();
        Span { from: hour(from), to: hour(to) }
    }

    fn validation() -> Validation {
        let digest = |number: u8, verdict| judged(&format!("logs/{KEY}0101T0{number}1705Z.json.gz"), verdict);
        let no_key = Unknown::NoKey {
            fingerprint: "31e8b5433410dfb61a9dc45cc65b22ff".to_owned(),
            region: "us-east-2".to_owned(),
            span: hours(1, 2),
        };
        let log = |number: usize, verdict| {
            judged(
                &format!(
                    "logs/AWSLogs/111122223333/CloudTrail/us-east-2/2026/01/01/111122223333_CloudTrail_us-east-2_20260101T0045Z_{number:02}.json.gz"
                ),
                verdict,
            )
        };
        let mut logs = vec![
            log(0, Verdict::Valid),
            log(1, Verdict::Invalid(Invalid::Altered)),
            log(2, Verdict::Invalid(Invalid::Missing)),
            log(3, Verdict::NotNamed(NotNamed::LeftOut)),
            log(4, Verdict::NotNamed(NotNamed::Copy("s3://b/\u{1b}[31m".to_owned()))),
        ];
        logs.extend((5..18).map(|number| log(number, Verdict::Unknown(Unknown::DigestUnknown))));
        let id = ChainId {
            organization: Some("o-a1b2c3d4e5".to_owned()),
            account: "111122223333".to_owned(),
            region: "us-east-2".to_owned(),
            trail: "main".to_owned(),
            home: "us-east-2".to_owned(),
        };
        let gap = |from, to, why| Gap { span: hours(from, to), why };
        Validation {
            digests: vec![
                digest(1, Verdict::Valid),
                digest(2, Verdict::Unknown(no_key)),
                digest(4, Verdict::Invalid(Invalid::Moved(format!("s3://b/{KEY}0101T031705Z.json.gz")))),
                digest(5, Verdict::Unknown(Unknown::Newest)),
            ],
            logs,
            others: vec!["logs/README.txt".to_owned()],
            chains: vec![Chain {
                id,
                digests: 4,
                empty: 1,
                span: hours(0, 5),
                covered: vec![hours(0, 1)],
                gaps: vec![
                    gap(2, 3, GapReason::Lost(format!("s3://b/{KEY}0101T021705Z.json.gz"))),
                    gap(3, 4, GapReason::Restarted),
                ],
                before: Some(format!("s3://b/{KEY}0101T001705Z.json.gz")),
            }],
        }
    }

    #[test]
    fn a_report_for_people() {
        let validation = validation();
        let without = ["us-east-2: AWS refused `cloudtrail:ListPublicKeys`".to_owned()];
        let unlisted = ["logs/AWSLogs/444455556666: permission denied".to_owned()];
        let report =
            Report { source: "logs", validation: &validation, unlisted: &unlisted, without_keys: &without };
        let text = super::text(&report, false, &Style::plain(80));
        for line in text.lines() {
            let wide = textwrap::core::display_width(line) > 80 && line.trim().contains(' ');
            assert!(!wide || line.contains(".json.gz"), "{line}");
        }
        assert!(super::text(&report, true, &Style::plain(80)).contains("_17.json.gz"));
        insta::assert_snapshot!("verify_text", text);
    }

    #[test]
    fn a_report_for_programs() {
        let validation = validation();
        let report = Report { source: "logs", validation: &validation, unlisted: &[], without_keys: &[] };
        insta::assert_snapshot!("verify_json", json(&report).unwrap());
    }

    #[test]
    fn conclusions() {
        let of = |validation: &Validation, unlisted: &[String]| {
            Report { source: "", validation, unlisted, without_keys: &[] }.conclusion().0
        };
        let nothing = Validation::default();
        assert_eq!(of(&nothing, &[]), "unknown");
        let good = Validation { digests: vec![judged("d", Verdict::Valid)], ..Validation::default() };
        assert_eq!((of(&good, &[]), of(&good, &["x".to_owned()])), ("valid", "unknown"));
        let bad = Validation { logs: vec![judged("l", Verdict::Invalid(Invalid::Missing))], ..good };
        assert_eq!(of(&bad, &[]), "invalid");
    }
}
