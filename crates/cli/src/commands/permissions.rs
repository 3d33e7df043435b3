use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::ExitCode;

use anyhow::Result;
use leastwise_aws::permissions::{
    Grant, Mode, OPERATIONS, Operation, PolicyScope, SECURITY_AUDIT_VERSION, policy,
};

use crate::args::{PermissionsArgs, PermissionsFormat};
use crate::terminal;

pub fn run(args: &PermissionsArgs) -> Result<ExitCode> {
    let text = match args.format {
        PermissionsFormat::Json => document(args)?,
        PermissionsFormat::Text => table(args),
        PermissionsFormat::Md => page(args),
    };
    terminal::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn scope(args: &PermissionsArgs) -> PolicyScope {
    let wanted = [
        (args.org, Mode::Organization),
        (args.org, Mode::Assume),
        (args.last_accessed, Mode::LastAccessed),
        (args.resources, Mode::Resources),
    ];
    PolicyScope {
        modes: wanted.into_iter().filter(|(wanted, _)| *wanted).map(|(_, mode)| mode).collect(),
        partition: args.partition,
        role: args.role.clone(),
        beyond_security_audit: args.beyond_security_audit,
    }
}

/// The policy document.
fn document(args: &PermissionsArgs) -> Result<String> {
    let mut text = serde_json::to_string_pretty(&policy(&scope(args)))?;
    text.push('\n');
    Ok(text)
}

/// The operations of the scope, one a line.
fn table(args: &PermissionsArgs) -> String {
    let scope = scope(args);
    let operations: Vec<&Operation> =
        OPERATIONS.iter().copied().filter(|operation| scope.permits(operation)).collect();
    let width = operations.iter().map(|operation| operation.action.len()).max().unwrap_or_default();
    let mut text = String::new();
    for operation in operations {
        let lacking = if operation.in_security_audit() { "" } else { " (not in SecurityAudit)" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {}{lacking}", operation.action, operation.needed_for);
    }
    text
}

/// Everything, as a page of the documentation.
fn page(args: &PermissionsArgs) -> String {
    let lacking: BTreeSet<&str> =
        OPERATIONS.iter().filter(|o| o.grant == Grant::Lacking).map(|o| o.action).collect();
    let lacking = lacking.into_iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(" and ");
    let flags = flags_of(OPERATIONS.iter().filter(|o| o.grant == Grant::Lacking).map(|o| o.mode));
    let everything = PolicyScope::everything(args.partition, &args.role);
    let policy = serde_json::to_string_pretty(&policy(&everything)).unwrap_or_default();
    let mut text = format!(
        "# Permissions

An audit reads; it changes nothing. These are all the operations it may call. `leastwise permissions` prints
the policy for a single account, with `--org`, `--last-accessed` and `--resources` for what those need besides.
AWS's managed policy `SecurityAudit` ({SECURITY_AUDIT_VERSION}) permits all of it but {lacking};
`leastwise permissions {flags}--beyond-security-audit` prints just these.

| action | called | for | in SecurityAudit |
|---|---|---|---|
"
    );
    for operation in OPERATIONS {
        let grant = match operation.grant {
            Grant::SecurityAudit => "yes",
            Grant::Lacking => "**no**",
            Grant::NotNeeded => "needs no permission",
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {grant} |",
            operation.action,
            when(operation.mode),
            operation.needed_for
        );
    }
    let _ = write!(text, "\n## The whole policy\n\n```json\n{policy}\n```\n");
    text
}

/// The flags with which the policy has operations of all these modes, each followed by a space.
fn flags_of(modes: impl Iterator<Item = Mode>) -> String {
    let flag = |mode: Mode| match mode {
        Mode::Always | Mode::Trail => None,
        Mode::Organization | Mode::Assume => Some("--org "),
        Mode::LastAccessed => Some("--last-accessed "),
        Mode::Resources => Some("--resources "),
    };
    let flags: BTreeSet<&str> = modes.filter_map(flag).collect();
    flags.into_iter().collect()
}

const fn when(mode: Mode) -> &'static str {
    match mode {
        Mode::Always => "always",
        Mode::Organization => "in the management account",
        Mode::Assume => "with `--org`",
        Mode::LastAccessed => "with `--last-accessed`",
        Mode::Resources => "with `--resources`",
        Mode::Trail => "where CloudTrail is read",
    }
}
