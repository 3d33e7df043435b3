//! Profiles, as the AWS CLI understands them: roles that want MFA, names that do not exist.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Lab, Ran, lab_python, run};

const CONFIG: &str = "
[profile keys]
aws_access_key_id = test
aws_secret_access_key = test
[profile auditor]
role_arn = arn:aws:iam::123456789012:role/admin-inline
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/alice
";

/// A pseudo-terminal of 80 columns around a command; it ends like the command.
const PTY: &str = "
import fcntl, os, pty, struct, sys, termios
def winsize(fd):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    return os.read(fd, 4096)
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], winsize)))
";

fn config(lab: &Lab) -> PathBuf {
    let path = lab.folder().join("config");
    std::fs::write(&path, CONFIG).unwrap();
    path
}

fn with_profile(command: &mut Command, profile: &str, config: &Path) {
    command
        .args(["--profile", profile])
        .env("AWS_CONFIG_FILE", config)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
}

/// Runs a command on a terminal where the user types a line.
fn on_a_terminal(command: &Command, typed: &str) -> Ran {
    let mut pty = Command::new(lab_python());
    pty.args(["-c", PTY]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => pty.env(name, value),
            None => pty.env_remove(name),
        };
    }
    let mut child = pty.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code().unwrap(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

#[test]
fn a_role_that_wants_mfa_asks_for_the_code() {
    let lab = Lab::with("small");
    lab.control("DELETE", "calls", "");
    let mut audit = lab.audit();
    with_profile(audit.env("AWS_ENDPOINT_URL", &lab.endpoint), "auditor", &config(&lab));
    let ran = on_a_terminal(&audit, "123456\n");
    assert!(
        ran.stdout.contains("Enter MFA code for arn:aws:iam::123456789012:mfa/alice: "),
        "{} {}",
        ran.stdout,
        ran.stderr
    );
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert_eq!(lab.calls().first().map(String::as_str), Some("sts:AssumeRole"));
}

#[test]
fn no_code_is_an_error_that_names_the_device() {
    let lab = Lab::start();
    let config = config(&lab);
    let mut audit = lab.leastwise("audit");
    with_profile(&mut audit, "auditor", &config);
    let typed = on_a_terminal(&audit, "\n");
    assert_eq!(typed.code, 2, "{}", typed.stdout);
    assert!(typed.stdout.contains("nothing was entered"), "{}", typed.stdout);
    let piped = run(&mut audit);
    assert_eq!(piped.code, 2);
    assert!(piped.stderr.contains("mfa/alice") && piped.stderr.contains("no terminal"), "{}", piped.stderr);
}

#[test]
fn a_profile_that_does_not_exist_is_named_with_those_that_do() {
    let lab = Lab::start();
    let mut audit = lab.leastwise("audit");
    with_profile(&mut audit, "auditr", &config(&lab));
    let ran = run(&mut audit);
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("no profile `auditr`") && ran.stderr.contains("auditor, keys"),
        "{}",
        ran.stderr
    );
}
