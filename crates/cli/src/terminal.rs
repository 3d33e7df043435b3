//! What is known of the terminal: width, colours, how remarks are printed and questions asked.

use std::io::{self, ErrorKind, IsTerminal, Write, stderr, stdin, stdout};

use anyhow::{Context, Result};
use leastwise_report::{By, Style, clean};

const USUAL_WIDTH: usize = 80;

/// How text for the standard output looks. Colours only on a terminal, and not with `NO_COLOR`
/// ([no-color.org](https://no-color.org)).
pub fn style(by: By, to_file: bool) -> Style {
    let terminal = !to_file && stdout().is_terminal();
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    Style { color: terminal && wanted, width: if terminal { width() } else { USUAL_WIDTH }, by }
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0))
}

/// Prints remarks to the standard error.
pub fn notice(remarks: &[String]) {
    for remark in remarks {
        eprintln!("note: {}", clean(remark));
    }
}

/// Replaces control characters in a message of several lines.
pub fn clean_lines(message: &str) -> String {
    message.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// Prints to the standard output. Whoever reads it, such as `head`, may have had enough: that is no error.
///
/// # Errors
/// It cannot be written to, for instance because the disk is full.
pub fn print(text: &[u8]) -> Result<()> {
    let mut stdout = stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to the standard output")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// True if a user can be asked something.
pub fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

/// Asks for the code that an MFA device shows, in the AWS CLI's words.
///
/// # Errors
/// The terminal cannot be read.
pub fn ask_mfa_code(serial: &str) -> io::Result<String> {
    eprint!("Enter MFA code for {}: ", clean(serial));
    stderr().flush()?;
    let mut code = String::new();
    stdin().read_line(&mut code)?;
    Ok(code)
}
