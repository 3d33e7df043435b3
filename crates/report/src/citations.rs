use std::collections::BTreeMap;

use leastwise_checks::Framework;

/// Which controls cite a check: `bp/BP-26`, `cis_aws_1_4/1.4`.
pub(crate) struct Citations(BTreeMap<&'static str, Vec<String>>);

impl Citations {
    pub(crate) fn of(frameworks: impl IntoIterator<Item = &'static Framework>) -> Self {
        let mut citations: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for framework in frameworks {
            for control in &framework.controls {
                for check in &control.checks {
                    citations.entry(check).or_default().push(format!("{}/{}", framework.id, control.id));
                }
            }
        }
        Self(citations)
    }

    pub(crate) fn get(&self, check: &str) -> &[String] {
        self.0.get(check).map(Vec::as_slice).unwrap_or_default()
    }
}
