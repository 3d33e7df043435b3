use std::process::Command;

use anyhow::Result;

use crate::lab::Lab;
use crate::process::{release_binary, root, run, target};

/// Plants the example in the lab and collects it into `examples/organization.json`.
pub(crate) fn make() -> Result<()> {
    let leastwise = release_binary()?;
    let lab = Lab::with("example", &target().join("lab/example-truth.json"))?;
    let snapshot = root().join("examples/organization.json");
    let mut collect = Command::new(leastwise);
    collect
        .args(["snapshot", "--org", "--endpoint-url", &lab.endpoint, "--region", "us-east-1", "--output"])
        .arg(&snapshot)
        .env("AWS_ACCESS_KEY_ID", "example")
        .env("AWS_SECRET_ACCESS_KEY", "example");
    run("collect the example", &mut collect)
}
