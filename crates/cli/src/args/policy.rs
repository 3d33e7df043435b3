//! `leastwise policy …`

use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand, ValueEnum};
use leastwise_iam::AccountId;
use leastwise_iam::lint::{PolicyKind, Severity};

use super::access::{AnswerFormat, key_value};

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Decide written-down requests: one case a line, with its policies and what is expected
    ///
    /// Exit codes: 0 everything came out as expected · 1 something did not · 2 usage or internal error ·
    /// 3 nothing did, but some cases could not be decided.
    Simulate(SimulateArgs),
    /// Decide one request, and say why
    ///
    /// Exit codes: 0 allowed · 1 denied · 2 usage or internal error.
    Explain(Box<ExplainArgs>),
    /// Find what is wrong with policy documents, or is not what their author meant
    ///
    /// Exit codes: 0 nothing found at or above `--fail-on` · 1 something found · 2 usage or internal error, or
    /// a file that cannot be read; what is wrong with the others is printed all the same.
    Lint(LintArgs),
    /// Show a rule of the linter, or list them all
    Rules {
        /// The rule's id, such as `unknown-action`.
        id: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A case as for `simulate`, in a file of its own, instead of the other flags; `-` for the standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "principal", "action", "resource", "resource_account", "principal_role", "management_account", "context",
        "identity", "resource_policy", "boundary", "session", "scp", "rcp", "endpoint",
    ])]
    pub case: Option<PathBuf>,
    /// Who asks: an ARN, `service:NAME` or `anonymous`.
    #[arg(long, value_name = "PRINCIPAL", required_unless_present = "case")]
    pub principal: Option<String>,
    /// The action, such as `s3:GetObject`.
    #[arg(long, value_name = "ACTION", required_unless_present = "case")]
    pub action: Option<String>,
    /// The resource's ARN, or `*`; repeatable, for actions on several.
    #[arg(long, value_name = "RESOURCE", default_value = "*")]
    pub resource: Vec<String>,
    /// The account that owns the resource, where the ARN does not say.
    #[arg(long, value_name = "ACCOUNT")]
    pub resource_account: Option<AccountId>,
    /// The ARN of the role behind a session, with its path.
    #[arg(long, value_name = "ARN")]
    pub principal_role: Option<String>,
    /// The account that manages the organisation.
    #[arg(long, value_name = "ACCOUNT")]
    pub management_account: Option<AccountId>,
    /// What is said of the request, such as `aws:SourceIp=203.0.113.7`; repeatable.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub context: Vec<(String, String)>,
    /// An identity policy; repeatable.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub identity: Vec<PathBuf>,
    /// The policy of the resource.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub resource_policy: Option<PathBuf>,
    /// A permissions boundary; repeatable.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub boundary: Vec<PathBuf>,
    /// A session policy; repeatable.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub session: Vec<PathBuf>,
    /// The service control policies of a level, separated by commas; repeat for each level, the root first.
    #[arg(long, value_name = "FILE,…", help_heading = "Policies")]
    pub scp: Vec<String>,
    /// The resource control policies of a level, separated by commas; repeat for each level, the root first.
    #[arg(long, value_name = "FILE,…", help_heading = "Policies")]
    pub rcp: Vec<String>,
    /// A VPC endpoint's policy; repeatable.
    #[arg(long, value_name = "FILE", help_heading = "Policies")]
    pub endpoint: Vec<PathBuf>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text, help_heading = "Output")]
    pub format: AnswerFormat,
}

#[derive(Debug, Args)]
pub struct LintArgs {
    /// Policy documents as JSON; `-` for the standard input.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// What the documents are used as; without it, what each looks like.
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    pub kind: Option<PolicyKind>,
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub format: AnswerFormat,
    /// Exit with 1 if something this bad or worse is found; `never` to exit with 0.
    #[arg(long, value_enum, default_value_t = LintFailOn::Suggestion)]
    pub fail_on: LintFailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LintFailOn {
    Suggestion,
    Warning,
    Security,
    Error,
    /// Findings never change the exit code.
    Never,
}

impl LintFailOn {
    /// The least bad that counts; none for `never`.
    pub const fn limit(self) -> Option<Severity> {
        match self {
            Self::Suggestion => Some(Severity::Suggestion),
            Self::Warning => Some(Severity::Warning),
            Self::Security => Some(Severity::Security),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

fn kinds() -> impl clap::builder::TypedValueParser<Value = PolicyKind> {
    let names: Vec<&'static str> = PolicyKind::ALL.iter().map(|kind| kind.as_str()).collect();
    clap::builder::PossibleValuesParser::new(names).try_map(|name| name.parse::<PolicyKind>())
}

#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// The cases, as JSON Lines; `-` for the standard input.
    #[arg(long, value_name = "FILE")]
    pub cases: PathBuf,
    /// How to print what became of each case.
    #[arg(long, value_enum, default_value_t = SimulateFormat::Text)]
    pub format: SimulateFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulateFormat {
    /// For reading: what did not come out as expected, errors, and the decisions of cases that expect nothing.
    Text,
    /// One JSON object a line for each case: `name`, `decision`, `decided_by`, `expected`, `error`.
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use crate::args::Cli;

    #[test]
    fn a_case_of_its_own_stands_alone() {
        let command = Cli::command();
        let policy = command.find_subcommand("policy").unwrap();
        let explain = policy.find_subcommand("explain").unwrap();
        let others = explain.get_arguments().filter_map(|argument| argument.get_long());
        for flag in others.filter(|flag| !["case", "format", "help"].contains(flag)) {
            let value = match flag {
                "context" => "k=v",
                "management-account" | "resource-account" => "123456789012",
                _ => "x",
            };
            let line = ["leastwise", "policy", "explain", "--case", "x.json", &format!("--{flag}"), value];
            let error = Cli::command().try_get_matches_from(line).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "--{flag}");
        }
    }

    #[test]
    fn accounts_are_accounts() {
        let line = ["leastwise", "policy", "explain", "--case", "x", "--management-account", "7"];
        let error = Cli::command().try_get_matches_from(line).unwrap_err();
        assert!(error.to_string().contains("twelve digits"), "{error}");
    }
}
