//! The two engines, each a program that is run on a file of cases.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::process::{root, run, target};

/// The released simulator that is compared with. It is run as it comes from the registry, below the target folder;
/// nothing of it is read or linked.
pub(super) const PACKAGE: &str = "@cloud-copilot/iam-simulate";
pub(super) const VERSION: &str = "0.1.173";

/// What an engine says to a case: a decision, or why it gives none.
pub(super) type Answer = Result<String, String>;

/// Both engines, ready to run.
pub(super) struct Engines {
    leastwise: PathBuf,
    folder: PathBuf,
}

/// What both say, case by case, and what the peer's decisions took.
pub(super) struct Answers {
    pub ours: Vec<Answer>,
    pub peers: Vec<Answer>,
    pub peer_microseconds: f64,
}

/// One line of either program.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    decision: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    ignored: Vec<String>,
    #[serde(default)]
    cpu_microseconds: Option<f64>,
}

impl Engines {
    pub fn prepare(leastwise: PathBuf) -> Result<Self> {
        let folder = target().join("differential");
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        let manifest = folder.join("node_modules").join(PACKAGE).join("package.json");
        let installed = fs::read_to_string(manifest).unwrap_or_default();
        if !installed.contains(&format!("\"version\": \"{VERSION}\"")) {
            let mut npm = Command::new("npm");
            npm.args(["install", "--silent", "--no-save", "--prefix", ".", &format!("{PACKAGE}@{VERSION}")]);
            run(&format!("fetch {PACKAGE} {VERSION} (once)"), npm.current_dir(&folder))?;
        }
        // Modules are found from where the driver lies.
        let driver = root().join("xtask/differential/driver.mjs");
        fs::copy(&driver, folder.join("driver.mjs"))
            .with_context(|| format!("copying {}", driver.display()))?;
        Ok(Self { leastwise, folder })
    }

    pub fn ask(&self, cases: &[Value]) -> Result<Answers> {
        let file = self.folder.join("cases.jsonl");
        write(&file, cases)?;
        let mut ours = Command::new(&self.leastwise);
        ours.args(["policy", "simulate", "--format", "json", "--cases"]).arg(&file);
        // Its status tells what the cases come to, too; whether it answered all of them is checked below.
        let ours = ours.stderr(Stdio::null()).output().context("cannot start leastwise")?;
        let mut peer = Command::new("node");
        peer.arg("driver.mjs").arg(&file).current_dir(&self.folder).stderr(Stdio::inherit());
        let peer = peer.output().context("cannot start `node`; install Node.js 20 or newer")?;
        let (ours, _) = lines(&ours.stdout, cases)?;
        let (peers, cost) = lines(&peer.stdout, cases)?;
        Ok(Answers { ours, peers, peer_microseconds: cost.unwrap_or(f64::NAN) })
    }
}

fn write(file: &Path, cases: &[Value]) -> Result<()> {
    let mut text = Vec::new();
    for case in cases {
        serde_json::to_writer(&mut text, case)?;
        text.write_all(b"\n")?;
    }
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))
}

/// The answers in the order of the cases, and what a last line says of the cost.
fn lines(output: &[u8], cases: &[Value]) -> Result<(Vec<Answer>, Option<f64>)> {
    let mut answers = BTreeMap::new();
    let mut cost = None;
    for line in output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let line: Line = serde_json::from_slice(line)
            .with_context(|| format!("reading the answer `{}`", String::from_utf8_lossy(line)))?;
        match line.name.clone() {
            Some(name) => drop(answers.insert(name, answer(line)?)),
            None => cost = line.cpu_microseconds,
        }
    }
    let found =
        cases.iter().filter_map(|case| answers.remove(case.get("name")?.as_str()?)).collect::<Vec<_>>();
    ensure!(found.len() == cases.len(), "{} answers to {} cases", found.len(), cases.len());
    Ok((found, cost))
}

fn answer(line: Line) -> Result<Answer> {
    Ok(match (line.error, line.decision) {
        (Some(error), _) => Err(error),
        (None, Some(_)) if !line.ignored.is_empty() => Err(format!("ignores {}", line.ignored.join(", "))),
        (None, Some(decision)) => Ok(decision),
        (None, None) => bail!("an answer has neither decision nor error"),
    })
}
