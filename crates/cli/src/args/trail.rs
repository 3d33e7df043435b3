//! `leastwise trail …`

use std::num::NonZero;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use leastwise_aws::{Access, MfaPrompt, Timeouts};
use leastwise_iam::AccountId;
use leastwise_trail::Filter;
use leastwise_trail::sigma::Level;

use super::day_or_instant;
use crate::terminal;

#[derive(Debug, Subcommand)]
pub enum TrailCommand {
    /// Find what detection rules describe: Sigma rules of our own, and yours
    ///
    /// Exit codes: 0 nothing at or above `--fail-on` · 1 something · 2 usage or internal error · 3 nothing, but not
    /// everything could be read, or not every rule used.
    Hunt(HuntArgs),
    /// Account for use: which principal used which action on what, when
    ///
    /// Exit codes: 0 everything was read · 2 usage or internal error · 3 something could not be read.
    Usage(UsageArgs),
    /// Count who, what, where and when, and find gaps
    ///
    /// Exit codes: 0 everything was read · 2 usage or internal error · 3 something could not be read.
    Stats(StatsArgs),
    /// Tell whether log files are as CloudTrail delivered them, by its digest files
    ///
    /// Exit codes: 0 all are valid · 1 some are not · 2 usage or internal error · 3 none is invalid, but of some it
    /// cannot be told.
    Verify(VerifyArgs),
    /// Show the detection rules
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
}

/// Which logs to read.
#[derive(Debug, Args)]
pub struct LogArgs {
    /// Log files, folders of them, or places in S3 such as `s3://my-bucket/AWSLogs/`; `-` for the standard input.
    #[arg(value_name = "SOURCE", required_unless_present = "lookup")]
    pub sources: Vec<PathBuf>,
    /// Read the event history of the account as well: management events of the last 90 days, from the regions of
    /// `--region`, else from that of the profile and us-east-1. AWS allows two calls a second.
    #[arg(long, help_heading = "AWS")]
    pub lookup: bool,
    #[command(flatten)]
    pub aws: AwsArgs,
    /// Only events of this account; repeatable.
    #[arg(long, value_name = "ACCOUNT", value_delimiter = ',', help_heading = "Which events")]
    pub account: Vec<AccountId>,
    /// Only events of this region; repeatable.
    #[arg(long, value_name = "REGION", value_delimiter = ',', help_heading = "Which events")]
    pub region: Vec<String>,
    /// Only events of this day or instant and later: `2026-03-01`, `2026-03-01T12:00:00Z`.
    #[arg(long, value_name = "TIME", value_parser = day_or_instant, help_heading = "Which events")]
    pub since: Option<Timestamp>,
    /// Only events before this day or instant.
    #[arg(long, value_name = "TIME", value_parser = day_or_instant, help_heading = "Which events")]
    pub until: Option<Timestamp>,
    /// How many threads read [default: one for each processor].
    #[arg(long, value_name = "N", help_heading = "Reading")]
    pub threads: Option<NonZero<usize>>,
}

/// How to get at AWS.
#[derive(Debug, Args)]
pub struct AwsArgs {
    /// The profile of `~/.aws/config` (environment: `AWS_PROFILE`).
    #[arg(long, help_heading = "AWS")]
    pub profile: Option<String>,
    /// One endpoint for all services (environment: `AWS_ENDPOINT_URL`).
    #[arg(long, value_name = "URL", help_heading = "AWS")]
    pub endpoint_url: Option<String>,
}

impl AwsArgs {
    /// The way to AWS; the region is that of the profile or the environment.
    pub fn access(&self) -> Access {
        Access {
            profile: self.profile.clone(),
            region: None,
            endpoint_url: self.endpoint_url.clone(),
            timeouts: Timeouts::default(),
            mfa: terminal::can_ask().then(|| MfaPrompt::new(terminal::ask_mfa_code)),
        }
    }
}

impl LogArgs {
    /// Which events are wanted.
    pub fn filter(&self) -> Filter {
        Filter {
            accounts: self.account.clone(),
            regions: self.region.clone(),
            since: self.since,
            until: self.until,
        }
    }
}

/// Which rules to use.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// A Sigma rule, or a folder of them, to use as well; repeatable.
    #[arg(long, value_name = "PATH", help_heading = "Rules")]
    pub rules: Vec<PathBuf>,
    /// Leave out the rules that come with Leastwise.
    #[arg(long, requires = "rules", help_heading = "Rules")]
    pub only_these: bool,
    /// What a placeholder of `expand` stands for: `NAME=VALUE`; repeatable.
    #[arg(long, value_name = "NAME=VALUE", value_parser = placeholder, help_heading = "Rules")]
    pub placeholder: Vec<(String, String)>,
}

#[derive(Debug, Args)]
pub struct HuntArgs {
    #[command(flatten)]
    pub logs: LogArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Only hits of this level or worse.
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = LevelArg::Informational, help_heading = "What to show")]
    pub level: LevelArg,
    /// The report's format.
    #[arg(long, value_enum, default_value_t = HuntFormat::Table, help_heading = "Output")]
    pub format: HuntFormat,
    /// Write the report to this file instead of the standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Exit with 1 if a hit of this level or worse is shown; `never` to exit with 0 or 3.
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOnLevel::Medium, help_heading = "Exit code")]
    pub fail_on: FailOnLevel,
    /// Exit with 0 even if something could not be read or used.
    #[arg(long, help_heading = "Exit code")]
    pub allow_incomplete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HuntFormat {
    /// For reading in a terminal.
    Table,
    /// One document, for programs.
    Json,
    /// One hit a line.
    Jsonl,
    /// For spreadsheets.
    Csv,
    /// Markdown, for tickets and wikis.
    Md,
    /// A page with a timeline.
    Html,
}

#[derive(Debug, Args)]
pub struct UsageArgs {
    #[command(flatten)]
    pub logs: LogArgs,
    /// Keep the usage in this file: what it has is added to, and files that it has are not read again.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["account", "region", "since", "until", "lookup"], help_heading = "Reading")]
    pub state: Option<PathBuf>,
    /// Only callers whose ARN or name contains this.
    #[arg(long, value_name = "TEXT", help_heading = "What to show")]
    pub principal: Option<String>,
    #[command(flatten)]
    pub report: ReportArgs,
}

#[derive(Debug, Args)]
pub struct StatsArgs {
    #[command(flatten)]
    pub logs: LogArgs,
    /// How many rows each list has.
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "What to show")]
    pub top: usize,
    /// A stretch of so many hours without events, in an account and region that has some, is a gap.
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=87_600), help_heading = "What to show")]
    pub gap: u32,
    #[command(flatten)]
    pub report: ReportArgs,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A folder of digests and log files, or their place in S3 such as `s3://my-bucket/AWSLogs/`. In a folder, a digest
    /// is verified by the one that follows it, so that of the last one it cannot be told.
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// What `aws cloudtrail list-public-keys` printed; repeatable.
    #[arg(long, value_name = "FILE", help_heading = "Keys")]
    pub public_keys: Vec<PathBuf>,
    /// For a folder: ask AWS for the keys.
    #[arg(long, help_heading = "Keys")]
    pub ask_aws: bool,
    #[command(flatten)]
    pub aws: AwsArgs,
    /// Show every file, not only the first of each kind.
    #[arg(long, help_heading = "What to show")]
    pub all: bool,
    #[command(flatten)]
    pub report: ReportArgs,
}

/// How to report.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// How to print it.
    #[arg(long, value_enum, default_value_t = AnalysisFormat::Text, help_heading = "Output")]
    pub format: AnalysisFormat,
    /// Write the report to this file instead of the standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Exit with 0 even if something could not be read or told.
    #[arg(long, help_heading = "Exit code")]
    pub allow_incomplete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnalysisFormat {
    /// For reading in a terminal.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List all rules
    List {
        #[command(flatten)]
        rules: RuleArgs,
        /// How to print them.
        #[arg(long, value_enum, default_value_t = AnalysisFormat::Text)]
        format: AnalysisFormat,
    },
    /// Show what a rule detects, why it matters, and when it is wrong
    Show {
        /// The rule's id, or its title.
        id: String,
        #[command(flatten)]
        rules: RuleArgs,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = AnalysisFormat::Text)]
        format: AnalysisFormat,
    },
    /// Run the test events of rules
    ///
    /// Exit codes: 0 all tests came out right · 1 some did not, or a rule cannot be used · 2 usage or internal error.
    Test {
        #[command(flatten)]
        rules: RuleArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    Informational,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOnLevel {
    Informational,
    Low,
    Medium,
    High,
    Critical,
    Never,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Informational => Self::Informational,
            LevelArg::Low => Self::Low,
            LevelArg::Medium => Self::Medium,
            LevelArg::High => Self::High,
            LevelArg::Critical => Self::Critical,
        }
    }
}

impl FailOnLevel {
    /// The least level that is a failure; none for `never`.
    pub fn limit(self) -> Option<Level> {
        Some(match self {
            Self::Informational => Level::Informational,
            Self::Low => Level::Low,
            Self::Medium => Level::Medium,
            Self::High => Level::High,
            Self::Critical => Level::Critical,
            Self::Never => return None,
        })
    }
}

fn placeholder(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, such as `admins=alice`")?;
    let name = name.trim_matches('%');
    if name.is_empty() {
        Err("the name is missing before `=`".to_owned())
    } else {
        Ok((name.into(), value.into()))
    }
}
