use std::sync::LazyLock;

use serde::Deserialize;

/// A list of controls that somebody published, and the checks that decide them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// The name on the command line, such as `cis_aws_1_4`.
    pub id: String,
    /// The name for people.
    pub title: String,
    /// Where it is published.
    pub source: String,
    /// The controls in the published order.
    #[serde(rename = "control")]
    pub controls: Vec<Control>,
}

/// One control of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// The id as published, such as `1.4` or `BP-26`.
    pub id: String,
    /// What it demands, in our words.
    pub title: String,
    /// The section it stands in.
    pub section: String,
    /// The profile, where the framework has profiles, such as `Level 1`.
    #[serde(default)]
    pub level: Option<String>,
    /// Ids of the checks that decide it; all of them have to pass.
    #[serde(default)]
    pub checks: Vec<String>,
    /// What nothing decides yet: the control, or a part of it. Such a control never passes.
    #[serde(default)]
    pub undecided: Option<String>,
}

static FRAMEWORKS: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    [include_str!("../frameworks/bp.toml"), include_str!("../frameworks/cis_aws_1_4.toml")]
        .map(embedded)
        .into()
});

#[allow(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
fn embedded(text: &str) -> Framework {
    toml::from_str(text).expect("an embedded framework is whole")
}

/// Every framework.
pub fn frameworks() -> &'static [Framework] {
    &FRAMEWORKS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_embedded_files_are_whole() {
        let ids: Vec<_> = frameworks().iter().map(|f| (f.id.as_str(), f.controls.len())).collect();
        assert_eq!(ids, [("bp", 26), ("cis_aws_1_4", 58)]);
        for framework in frameworks() {
            let unique: BTreeSet<_> = framework.controls.iter().map(|control| &control.id).collect();
            assert_eq!(unique.len(), framework.controls.len(), "{}", framework.id);
        }
    }

    #[test]
    fn controls_cite_checks_that_exist_and_say_what_is_undecided() {
        for control in frameworks().iter().flat_map(|framework| &framework.controls) {
            for check in &control.checks {
                assert!(crate::find(check).is_some(), "{} cites `{check}`", control.id);
            }
            assert!(!control.checks.is_empty() || control.undecided.is_some(), "{}", control.id);
        }
    }

    #[test]
    fn every_check_is_cited() {
        let cited: BTreeSet<_> = frameworks()
            .iter()
            .flat_map(|f| &f.controls)
            .flat_map(|c| &c.checks)
            .map(String::as_str)
            .collect();
        for check in crate::all() {
            assert!(cited.contains(check.id), "no control cites `{}`", check.id);
        }
    }
}
