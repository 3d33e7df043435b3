//! `leastwise who-can`, `can` and `why`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::LiveArgs;

#[derive(Debug, Args)]
pub struct WhoCanArgs {
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource's ARN, or `*`; without it, some resource.
    pub resource: Option<String>,
    #[command(flatten)]
    pub about: AboutArgs,
    /// List also those who never can.
    #[arg(long, help_heading = "What to show")]
    pub all: bool,
}

#[derive(Debug, Args)]
pub struct CanArgs {
    /// The principal: its ARN, `user/NAME`, `role/NAME`, `root`, or a name that only one has.
    #[arg(required_unless_present = "everyone")]
    pub principal: Option<String>,
    /// The action, such as `s3:GetObject`; without it, how many of all actions, with their names in `--format json`.
    pub action: Option<String>,
    /// The resource's ARN, or `*`; without it, some resource.
    pub resource: Option<String>,
    /// Every principal: how many of all actions it may carry out on `*`, in just the context that is said.
    #[arg(long, conflicts_with = "principal", help_heading = "What to ask")]
    pub everyone: bool,
    #[command(flatten)]
    pub about: AboutArgs,
}

#[derive(Debug, Args)]
pub struct WhyArgs {
    /// The principal: its ARN, `user/NAME`, `role/NAME`, `root`, or a name that only one has.
    pub principal: String,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource's ARN, or `*`.
    pub resource: String,
    #[command(flatten)]
    pub about: AboutArgs,
}

/// What is asked about, and how to answer.
#[derive(Debug, Args)]
pub struct AboutArgs {
    /// A snapshot file, or a folder of AWS CLI outputs; without it, the live account.
    #[arg(long, value_name = "SOURCE", help_heading = "What to ask")]
    pub from: Option<PathBuf>,
    /// What is said of the request, such as `aws:SourceIp=203.0.113.7`; several values for a key by repeating it.
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value, help_heading = "What to ask")]
    pub context: Vec<(String, String)>,
    /// The request has no other context keys than those that are said; without it, nothing is known of them.
    #[arg(long, help_heading = "What to ask")]
    pub exact: bool,
    #[command(flatten)]
    pub live: LiveArgs,
    /// The configuration; without it, `leastwise.toml` in this folder if there is one.
    #[arg(long, value_name = "FILE", help_heading = "AWS")]
    pub config: Option<PathBuf>,
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text, help_heading = "Output")]
    pub format: AnswerFormat,
    /// Write the answer to this file instead of the standard output.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Exit with 0 even if something could not be read.
    #[arg(long, help_heading = "Exit code")]
    pub allow_incomplete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AnswerFormat {
    /// For reading in a terminal.
    Text,
    /// For programs.
    Json,
}

/// A context key and one of its values.
pub fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write a context key and its value as `aws:SourceIp=203.0.113.7`".to_owned()),
    }
}

/// Values by key, in the order of their first mention.
pub fn grouped(pairs: &[(String, String)]) -> Vec<(String, Vec<String>)> {
    let mut grouped: Vec<(String, Vec<String>)> = Vec::new();
    for (key, value) in pairs {
        match grouped.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
            Some((_, values)) => values.push(value.clone()),
            None => grouped.push((key.clone(), vec![value.clone()])),
        }
    }
    grouped
}
