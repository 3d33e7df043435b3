//! The command line. Help, manual page and completions come from these definitions.

pub mod access;
pub mod policy;
pub mod trail;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use leastwise_aws::{
    Access, CollectRequest, DEFAULT_ROLE, MfaPrompt, OrganizationRequest, ResourceRequest, Timeouts,
    role_name,
};
use leastwise_checks::{Config, Selection};
use leastwise_model::{Severity, Status};
use leastwise_report::View;

use crate::terminal;

/// Makes AWS accounts follow the IAM best practices, root account included, and proves it.
///
/// Exit codes: 0 clean and complete · 1 findings at or above `--fail-on` · 2 usage or internal error ·
/// 3 no such findings, but the answer is incomplete. For `diff`, a finding is what got worse.
#[derive(Debug, Parser)]
#[command(name = "leastwise", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge an account or an organisation
    Audit(Box<AuditArgs>),
    /// Collect an account or an organisation into a snapshot file
    Snapshot(SnapshotArgs),
    /// Compare two snapshots: what got better and what got worse
    Diff(DiffArgs),
    /// Show the checks
    Checks {
        #[command(subcommand)]
        command: ChecksCommand,
    },
    /// Ask who can do something, all types of policy together
    WhoCan(Box<access::WhoCanArgs>),
    /// Ask what a principal can do
    Can(Box<access::CanArgs>),
    /// Ask why a principal can or cannot do something
    Why(Box<access::WhyArgs>),
    /// Ask what policies mean
    Policy {
        #[command(subcommand)]
        command: policy::PolicyCommand,
    },
    /// Read CloudTrail's logs
    Trail {
        #[command(subcommand)]
        command: Box<trail::TrailCommand>,
    },
    /// Print the read-only IAM policy that an audit needs
    Permissions(PermissionsArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub struct AuditArgs {
    /// A snapshot file, or a folder of AWS CLI outputs; without it, the live account.
    #[arg(value_name = "SOURCE")]
    pub source: Option<PathBuf>,
    #[command(flatten)]
    pub live: LiveArgs,
    /// Join with what CloudTrail's logs show: a file that `leastwise trail usage` wrote, or logs; repeatable.
    #[arg(long, value_name = "SOURCE", help_heading = "What to judge")]
    pub trail: Vec<PathBuf>,
    #[command(flatten)]
    pub judge: JudgeArgs,
    #[command(flatten)]
    pub extent: ExtentArgs,
    /// Only findings with this verdict; repeatable.
    #[arg(long, value_name = "VERDICT", value_delimiter = ',', value_enum, help_heading = "What to show")]
    pub only: Vec<StatusArg>,
    /// Group by check, by account, or by the controls of a framework (text only).
    #[arg(long, value_name = "GROUP", default_value = "check", value_parser = groups(), help_heading = "What to show")]
    pub by: String,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Exit with 1 if something of this severity or worse fails; `never` to exit with 0 or 3.
    #[arg(long, value_name = "SEVERITY", default_value = "info", help_heading = "Exit code")]
    pub fail_on: FailOn,
    /// Exit with 0 even if something could not be judged.
    #[arg(long, help_heading = "Exit code")]
    pub allow_incomplete: bool,
    /// Also write the snapshot that was judged to this file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub save_snapshot: Option<PathBuf>,
    /// Judge as of this day or instant instead of the snapshot's own: `2026-03-01`, `2026-03-01T12:00:00Z`.
    #[arg(long, value_name = "TIME", value_parser = day_or_instant, help_heading = "What to judge")]
    pub as_of: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub struct SnapshotArgs {
    /// A folder of AWS CLI outputs; without it, the live account.
    #[arg(value_name = "SOURCE")]
    pub source: Option<PathBuf>,
    #[command(flatten)]
    pub live: LiveArgs,
    /// The configuration; without it, `leastwise.toml` in this folder if there is one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Write to this file instead of the standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier snapshot file or folder.
    pub old: PathBuf,
    /// The later snapshot file or folder.
    pub new: PathBuf,
    #[command(flatten)]
    pub extent: ExtentArgs,
    #[command(flatten)]
    pub judge: JudgeArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Exit with 1 if something of this severity or worse got worse; `never` to exit with 0 or 3.
    #[arg(long, value_name = "SEVERITY", default_value = "never", help_heading = "Exit code")]
    pub fail_on: FailOn,
    /// Exit with 0 even if something cannot be told any more or was not compared.
    #[arg(long, help_heading = "Exit code")]
    pub allow_incomplete: bool,
}

#[derive(Debug, Subcommand)]
pub enum ChecksCommand {
    /// List all checks
    List {
        /// How to print them.
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Show what a check looks at, why it matters, and how to fix what it finds
    Show {
        /// The check's id, such as `root-mfa`.
        #[arg(value_parser = check_ids(), hide_possible_values = true)]
        id: String,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = PageFormat::Text)]
        format: PageFormat,
    },
}

#[allow(clippy::struct_excessive_bools, reason = "these are switches of the command line")]
#[derive(Debug, Args)]
pub struct PermissionsArgs {
    /// How to print it: the policy itself, or a table that says what each action is for.
    #[arg(long, value_enum, default_value_t = PermissionsFormat::Json)]
    pub format: PermissionsFormat,
    /// Include what the management account of an organisation needs.
    #[arg(long)]
    pub org: bool,
    /// With `--org`: the role to assume in member accounts.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ROLE, value_parser = role_name)]
    pub role: String,
    /// Include what `--last-accessed` needs.
    #[arg(long)]
    pub last_accessed: bool,
    /// Include what `--resources` needs.
    #[arg(long)]
    pub resources: bool,
    /// Only what AWS's managed policy `SecurityAudit` lacks.
    #[arg(long)]
    pub beyond_security_audit: bool,
    /// The partition the policy is for, such as `aws-us-gov`.
    #[arg(long, default_value = "aws")]
    pub partition: leastwise_iam::Partition,
}

/// How to get at AWS, and what to read.
#[derive(Debug, Args)]
pub struct LiveArgs {
    /// The profile of `~/.aws/config` (environment: `AWS_PROFILE`).
    #[arg(long, help_heading = "AWS")]
    pub profile: Option<String>,
    /// The region that signs calls (environment: `AWS_REGION`).
    #[arg(long, help_heading = "AWS")]
    pub region: Option<String>,
    /// One endpoint for all services (environment: `AWS_ENDPOINT_URL`, which signing in follows as well).
    #[arg(long, value_name = "URL", help_heading = "AWS")]
    pub endpoint_url: Option<String>,
    /// Seconds to wait for an answer to each try of a call [default: 30].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = "AWS")]
    pub timeout: Option<u64>,
    /// Read every account of the organisation.
    #[arg(long, help_heading = "AWS")]
    pub org: bool,
    /// The role to assume in member accounts, with its path if it has one.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ROLE, value_parser = role_name, requires = "org", help_heading = "AWS")]
    pub role: String,
    /// The external id that the role's trust policy demands.
    #[arg(long, value_name = "ID", requires = "org", help_heading = "AWS")]
    pub external_id: Option<String>,
    /// Only accounts below this organisational unit, by id or name; repeatable.
    #[arg(long, value_name = "UNIT", requires = "org", help_heading = "AWS")]
    pub ou: Vec<String>,
    /// Only this account, by id or name; repeatable.
    #[arg(long, value_name = "ACCOUNT", requires = "org", help_heading = "AWS")]
    pub account: Vec<String>,
    /// Not this account or organisational unit, by id or name; repeatable.
    #[arg(long, value_name = "ACCOUNT|UNIT", requires = "org", help_heading = "AWS")]
    pub exclude: Vec<String>,
    /// How many accounts to read at a time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64), requires = "org", help_heading = "AWS")]
    pub concurrency: u16,
    /// Read this user's MFA, keys and password live, since AWS repeats a report for four hours; repeatable.
    #[arg(long, value_name = "USER", value_delimiter = ',', help_heading = "AWS")]
    pub recheck: Vec<String>,
    /// Read which services each principal used; takes a while.
    #[arg(long, help_heading = "AWS")]
    pub last_accessed: bool,
    /// Read the policies of S3 buckets, KMS keys and their grants, SQS queues, SNS topics, Lambda functions, secrets and ECR repositories; takes a while.
    #[arg(long, help_heading = "AWS")]
    pub resources: bool,
    /// Read resources of this region instead of the one that signs calls; S3 buckets are read in all; repeatable.
    #[arg(long, value_name = "REGION", value_delimiter = ',', value_parser = region, requires = "resources", help_heading = "AWS")]
    pub resource_region: Vec<String>,
    /// The instant of collection, for output that can be compared byte for byte.
    #[arg(long, value_name = "TIME", hide = true)]
    pub now: Option<Timestamp>,
}

/// What to judge, and by what measure.
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// The configuration; without it, `leastwise.toml` in this folder if there is one.
    #[arg(long, value_name = "FILE", help_heading = "What to judge")]
    pub config: Option<PathBuf>,
    /// Only the checks that this framework cites, and its controls; repeatable.
    #[arg(long, value_name = "FRAMEWORK", value_delimiter = ',', value_parser = framework_ids(), help_heading = "What to judge")]
    pub framework: Vec<String>,
    /// Only this check; repeatable.
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = check_ids(), hide_possible_values = true, help_heading = "What to judge")]
    pub check: Vec<String>,
}

/// How much to show.
#[derive(Debug, Args)]
pub struct ExtentArgs {
    /// Only findings of this severity or worse.
    #[arg(long, value_name = "SEVERITY", value_enum, help_heading = "What to show")]
    pub severity: Option<SeverityArg>,
    /// Show every subject, not only the first of each check.
    #[arg(long, help_heading = "What to show")]
    pub all: bool,
}

impl ExtentArgs {
    /// The report's view, with only these verdicts, or the format's own choice where none is named.
    pub fn view(&self, only: &[StatusArg]) -> View {
        View {
            statuses: only.iter().map(|status| (*status).into()).collect(),
            min_severity: self.severity.map(Into::into),
            limit: if self.all { None } else { View::default().limit },
        }
    }
}

/// Where the report goes.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// The report's format.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    pub format: Format,
    /// Write the report to this file instead of the standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading in a terminal.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// Markdown, for tickets and wikis.
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table.
    Text,
    /// For programs.
    Json,
    /// A Markdown table.
    Md,
    /// One id a line.
    Ids,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For reading in a terminal.
    Text,
    /// For programs.
    Json,
    /// A Markdown page.
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PermissionsFormat {
    /// The policy document.
    Json,
    /// A table of actions.
    Text,
    /// A Markdown page.
    Md,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeverityArg {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Self {
        match severity {
            SeverityArg::Info => Self::Info,
            SeverityArg::Low => Self::Low,
            SeverityArg::Medium => Self::Medium,
            SeverityArg::High => Self::High,
            SeverityArg::Critical => Self::Critical,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusArg {
    Fail,
    Unknown,
    Manual,
    Pass,
    NotApplicable,
}

impl From<StatusArg> for Status {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Fail => Self::Fail,
            StatusArg::Unknown => Self::Unknown,
            StatusArg::Manual => Self::Manual,
            StatusArg::Pass => Self::Pass,
            StatusArg::NotApplicable => Self::NotApplicable,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Info,
    Low,
    Medium,
    High,
    Critical,
    /// Findings never change the exit code.
    Never,
}

impl FailOn {
    /// The least severity that counts; none for `never`.
    pub fn limit(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Low => Some(Severity::Low),
            Self::Medium => Some(Severity::Medium),
            Self::High => Some(Severity::High),
            Self::Critical => Some(Severity::Critical),
            Self::Never => None,
        }
    }
}

impl LiveArgs {
    /// How to get at AWS.
    pub fn access(&self) -> Access {
        Access {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            timeouts: self.timeout.map(|s| Timeouts::of_attempt(Duration::from_secs(s))).unwrap_or_default(),
            mfa: terminal::can_ask().then(|| MfaPrompt::new(terminal::ask_mfa_code)),
        }
    }

    /// What to collect.
    pub fn request(&self, config: &Config) -> CollectRequest {
        let organization = self.org.then(|| OrganizationRequest {
            role: self.role.clone(),
            external_id: self.external_id.clone(),
            units: self.ou.clone(),
            accounts: self.account.clone(),
            excludes: self.exclude.clone(),
            concurrency: self.concurrency.into(),
        });
        CollectRequest {
            organization,
            recheck: self.recheck.clone(),
            last_accessed: self.last_accessed,
            resources: self
                .resources
                .then(|| ResourceRequest { regions: self.resource_region.iter().cloned().collect() }),
            account_names: config.account_names.clone(),
        }
    }

    /// The first flag given that makes sense for a live account only.
    pub fn first_live_flag(&self) -> Option<&'static str> {
        let given = [
            (self.org, "--org"),
            (self.profile.is_some(), "--profile"),
            (self.region.is_some(), "--region"),
            (self.endpoint_url.is_some(), "--endpoint-url"),
            (self.timeout.is_some(), "--timeout"),
            (!self.recheck.is_empty(), "--recheck"),
            (self.last_accessed, "--last-accessed"),
            (self.resources, "--resources"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}

impl JudgeArgs {
    /// Which checks and frameworks.
    pub fn selection(&self) -> Selection {
        Selection {
            checks: self.check.iter().cloned().collect(),
            frameworks: self.framework.iter().cloned().collect(),
        }
    }
}

fn framework_ids() -> clap::builder::PossibleValuesParser {
    let ids: Vec<&'static str> = leastwise_checks::frameworks().iter().map(|f| f.id.as_str()).collect();
    clap::builder::PossibleValuesParser::new(ids)
}

fn groups() -> clap::builder::PossibleValuesParser {
    let frameworks = leastwise_checks::frameworks().iter().map(|f| f.id.as_str());
    let ids: Vec<&'static str> = ["check", "account"].into_iter().chain(frameworks).collect();
    clap::builder::PossibleValuesParser::new(ids)
}

fn check_ids() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(leastwise_checks::all().iter().map(|check| check.id))
}

/// The name of a region: it becomes part of host names.
///
/// Source: [regions](https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html).
fn region(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    match parts.as_slice() {
        [words @ .., number]
            if words.len() >= 2
                && words.iter().all(|word| is_word(word))
                && number.parse::<u8>().is_ok_and(|n| n > 0) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("write a region as `eu-west-1`".to_owned()),
    }
}

/// An instant, or the midnight (UTC) with which a day begins.
fn day_or_instant(text: &str) -> Result<Timestamp, String> {
    let midnight = format!("{text}T00:00:00Z");
    let instant = text.parse().or_else(|_| midnight.parse());
    instant.map_err(|_: jiff::Error| {
        "write a day as `2026-03-01`, or an instant as `2026-03-01T12:00:00Z`".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_agree_with_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn regions_are_names_of_regions() {
        for good in ["eu-west-1", "us-gov-west-1", "ap-southeast-7", "us-iso-east-1"] {
            assert_eq!(region(good).as_deref(), Ok(good));
        }
        for bad in ["", "eu", "eu-west", "EU-WEST-1", "eu-west-1.example.com/", "eu--1", "eu-west-0", "all"] {
            assert!(region(bad).unwrap_err().contains("eu-west-1"), "{bad}");
        }
    }
}
