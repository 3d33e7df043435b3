//! The lab, the real binary, and what they print.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The workspace's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The shipped example.
pub fn example() -> PathBuf {
    root().join("examples/organization.json")
}

/// The binary, away from the user's AWS settings and in a folder without a configuration.
pub fn leastwise() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env_remove("NO_COLOR")
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null());
    command
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

pub fn run(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: status.code().expect("the binary was killed"), stdout: text(stdout), stderr: text(stderr) }
}

/// Audits and reads the JSON report; any exit code that a finished audit can have will do.
pub fn audit(command: &mut Command) -> Value {
    let ran = run(command.args(["--format", "json"]));
    assert!([0, 1, 3].contains(&ran.code), "exit {}: {}", ran.code, ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// A text that was cut off.
pub fn first_half(text: &str) -> &str {
    text.get(..text.len() / 2).unwrap()
}

/// Account, check and subject.
pub type Row = (String, String, String);

/// The rows of a report with one of these verdicts.
pub fn rows(report: &Value, statuses: &[&str]) -> BTreeSet<Row> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|f| statuses.contains(&f["status"].as_str().unwrap())).map(row).collect()
}

pub fn row(entry: &Value) -> Row {
    let text = |key: &str| entry[key].as_str().unwrap().to_owned();
    (text("account"), text("check"), text("subject"))
}

/// A fake AWS with a scenario in it; it ends with the test.
pub struct Lab {
    process: Child,
    stdin: Option<ChildStdin>,
    pub endpoint: String,
    folder: TempDir,
}

impl Lab {
    /// Starts an empty lab.
    pub fn start() -> Self {
        let mut process = lab_command()
            .args(["serve", "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = process.stdin.take();
        let mut endpoint = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        let endpoint = endpoint.trim().to_owned();
        assert!(endpoint.starts_with("http://127.0.0.1:"), "the lab printed `{endpoint}`");
        Self { process, stdin, endpoint, folder: tempfile::tempdir().unwrap() }
    }

    /// Starts a lab and plants a scenario in it.
    pub fn with(scenario: &str) -> Self {
        let lab = Self::start();
        let truth = lab.folder.path().join("truth.json");
        let populate = ["populate", scenario, "--endpoint", &lab.endpoint, "--truth"];
        let output = lab_command().args(populate).arg(truth).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        lab
    }

    /// A folder that lives as long as the lab.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What was planted.
    pub fn truth(&self) -> Value {
        let text = std::fs::read_to_string(self.folder.path().join("truth.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// The rows that must fail.
    pub fn planted(&self) -> BTreeSet<Row> {
        self.truth()["fail"].as_array().unwrap().iter().map(row).collect()
    }

    /// Writes the configuration that the truth file asks for.
    pub fn configuration(&self) -> PathBuf {
        let config = &self.truth()["config"];
        let list = |key: &str| config[key].to_string();
        let text = format!(
            "break_glass_users = {}\n[trust]\naccounts = {}\norganizations = {}\n[root]\npeople = {}\ngroup_mailboxes = {}\n",
            list("break_glass_users"),
            list("trusted_accounts"),
            list("trusted_organizations"),
            list("people"),
            list("group_mailboxes"),
        );
        let path = self.folder.path().join("leastwise.toml");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The binary with a subcommand, pointed at the lab.
    pub fn leastwise(&self, subcommand: &str) -> Command {
        let mut command = leastwise();
        command
            .arg(subcommand)
            .args(["--endpoint-url", &self.endpoint])
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1");
        command
    }

    /// An audit with the configuration that the truth file asks for.
    pub fn audit(&self) -> Command {
        let mut command = self.leastwise("audit");
        command.arg("--config").arg(self.configuration());
        command
    }

    /// The snapshot of what the lab holds.
    pub fn snapshot(&self, arguments: &[&str]) -> Value {
        let ran = run(self.leastwise("snapshot").args(arguments));
        assert!([0, 3].contains(&ran.code), "exit {}: {}", ran.code, ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// A folder of what the AWS CLI would print.
    pub fn export(&self) -> PathBuf {
        let folder = self.folder.path().join("aws-cli");
        let output =
            lab_command().args(["export", "--endpoint", &self.endpoint]).arg(&folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder
    }

    /// A request to the lab's own control interface.
    pub fn control(&self, method: &str, path: &str, body: &str) -> String {
        let host = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /_lab/{path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{method} {path}: {answer}");
        body.to_owned()
    }

    /// The IAM actions that were called since the last time they were forgotten.
    pub fn calls(&self) -> Vec<String> {
        let calls: Value = serde_json::from_str(&self.control("GET", "calls", "")).unwrap();
        let calls = calls.as_array().unwrap().iter();
        calls.map(|call| call["action"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.stdin.take();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The Python of the environment that `cargo xtask lab setup` installs below the target folder.
pub fn lab_python() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_leastwise")).parent().unwrap().parent().unwrap();
    let python = target.join("lab/venv/bin/python");
    assert!(python.exists(), "the lab is not installed; run `cargo xtask lab setup`");
    python
}

fn lab_command() -> Command {
    let mut command = Command::new(lab_python());
    command.current_dir(root().join("lab")).args(["-m", "leastwise_lab"]);
    command
}
