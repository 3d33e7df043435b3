//! The lab's Python environment, and the lab itself; see `lab/README.md`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{root, run, target};

/// Installs the lab's environment, unless it is there and current. Returns its Python.
pub(crate) fn setup() -> Result<PathBuf> {
    let requirements = root().join("lab/requirements.txt");
    let wanted =
        fs::read_to_string(&requirements).with_context(|| format!("reading {}", requirements.display()))?;
    let environment = target().join("lab/venv");
    let python = environment.join("bin/python");
    let stamp = environment.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!(
        "==> the lab's Python environment is not there or not current; installing it (once, about a minute)"
    );
    create(&environment)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run("install the lab's packages", Command::new(&python).args(install).arg(&requirements))?;
    fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))?;
    Ok(python)
}

/// `python3 -m venv`; where Debian's Python lacks it, the `virtualenv` command.
fn create(environment: &Path) -> Result<()> {
    let venv = run("create it", Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment));
    if venv.is_ok() {
        return Ok(());
    }
    run("create it with virtualenv", Command::new("virtualenv").arg("--clear").arg(environment))
        .context("the lab needs Python 3 with venv; on Debian and Ubuntu: `apt-get install python3-venv`")
}

/// A command that runs the lab.
fn lab(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.current_dir(root().join("lab")).args(["-m", "leastwise_lab"]);
    command
}

pub(crate) fn up(scenario: &str, truth: Option<&Path>) -> Result<()> {
    let python = setup()?;
    let mut command = lab(&python);
    command.args(["up", scenario]);
    if let Some(truth) = truth {
        command.arg("--truth").arg(std::path::absolute(truth)?);
    }
    run(&format!("the lab with scenario {scenario}; stop it with Ctrl-C"), &mut command)
}

pub(crate) fn test() -> Result<()> {
    let python = setup()?;
    let mut command = Command::new(python);
    run("the lab's own tests", command.current_dir(root().join("lab")).args(["-m", "unittest", "--quiet"]))
}

/// A lab that runs until it is dropped.
pub(crate) struct Lab {
    process: Child,
    _stdin: Option<ChildStdin>,
    /// Where it listens.
    pub(crate) endpoint: String,
}

impl Lab {
    /// Starts a lab and plants a scenario in it.
    pub(crate) fn with(scenario: &str, truth: &Path) -> Result<Self> {
        let python = setup()?;
        let mut process = lab(&python)
            .args(["serve", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the lab")?;
        let stdin = process.stdin.take();
        let mut endpoint = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut endpoint)?;
        }
        let endpoint = endpoint.trim().to_owned();
        let started = Self { process, _stdin: stdin, endpoint };
        if !started.endpoint.starts_with("http://") {
            bail!("the lab did not start: it printed `{}`", started.endpoint);
        }
        let populate = ["populate", scenario, "--endpoint", &started.endpoint, "--truth"];
        run(&format!("plant scenario {scenario}"), lab(&python).args(populate).arg(truth))?;
        Ok(started)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about either.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
