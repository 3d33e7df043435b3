use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use crate::managed_policies::Step;
use crate::process::{cargo, release_binary, run};
use crate::{catalogue, docs, lab, managed_policies};

/// Runs what CI runs, in the order that fails soonest.
pub(crate) fn all() -> Result<()> {
    run("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    lab::setup()?;
    let lint = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    run("lints", cargo().args(lint))?;
    let fuzz = ["check", "--manifest-path", "fuzz/Cargo.toml", "--lib", "--no-default-features", "--locked"];
    run("what the fuzz targets share compiles", cargo().args(fuzz))?;
    release_binary()?;
    readme_example()?;
    docs::run(true)?;
    catalogue::check_where_possible()?;
    run("tests", &mut tests())?;
    run(
        "examples in the documentation",
        cargo().args(["test", "--workspace", "--locked", "--doc", "--quiet"]),
    )?;
    lab::test()?;
    let ran = managed_policies::run()?;
    let but = match ran {
        Step::Ran => "",
        Step::CouldNotRun => " but the AWS-managed policies, which could NOT be checked: see above",
    };
    println!("==> everything passed{but}");
    Ok(())
}

/// The README's first command, as it stands there. It exits with 1, because the example has findings.
const README_EXAMPLE: &str = "run --release -- audit examples/organization.json";

fn readme_example() -> Result<()> {
    println!("==> the README's first command");
    let mut example = cargo();
    let status =
        example.args(README_EXAMPLE.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    ensure!(status.code() == Some(1), "cargo {README_EXAMPLE} ended with {status}, not with exit code 1");
    Ok(())
}

/// Property tests draw the same cases in every run of CI, so that a change is judged by what it changes. Run by hand
/// (`cargo nextest run`), they draw new ones.
const PROPERTY_SEED: &str = "20261125";

/// cargo-nextest where it is installed, else the built-in runner.
fn tests() -> Command {
    let mut nextest = cargo();
    nextest.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut command = cargo();
    command.env("PROPTEST_RNG_SEED", PROPERTY_SEED);
    if nextest.status().is_ok_and(|status| status.success()) {
        command.args(["nextest", "run", "--workspace", "--locked"]);
    } else {
        command.args(["test", "--workspace", "--locked", "--all-targets"]);
    }
    command
}
