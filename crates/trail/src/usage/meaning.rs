//! From the names of an event to the actions that it needs.

use leastwise_iam::catalogue::{Action, Catalogue};

use super::condition::Condition;
use super::hash::Map;
use super::table::{Meaning, Step, Tables};

/// Finds what events mean.
pub(super) struct Meanings {
    tables: &'static Tables,
    /// All actions by their lower-case full names: quicker than a search in the catalogue.
    actions: Map<&'static str, &'static Action>,
}

impl Meanings {
    pub(super) fn new() -> Self {
        let actions = Catalogue::get().actions().iter().map(|action| (action.lower_name(), action)).collect();
        Self { tables: Tables::get(), actions }
    }

    /// What a call of this event needs: what the tables say, else the action of that name, else the action of that
    /// name without the version of the interface that some services put at its end.
    pub(super) fn of(&self, event_source: &str, event_name: &str) -> Meaning {
        let Some(source) = service(event_source) else { return Meaning::Unmapped };
        let lower = event_name.to_ascii_lowercase();
        let without_version = without_version(&lower);
        let of_table = |name: &str| self.tables.event(source, name).cloned();
        let of_name = |name: &str| self.action(source, name).map(only);
        of_table(&lower)
            .or_else(|| of_name(&lower))
            .or_else(|| of_table(without_version?))
            .or_else(|| of_name(without_version?))
            .unwrap_or(Meaning::Unmapped)
    }

    fn action(&self, source: &str, lower: &str) -> Option<&'static Action> {
        let prefix = self.tables.services.get(source).copied().unwrap_or(source);
        self.actions.get(format!("{prefix}:{lower}").as_str()).copied()
    }
}

fn only(action: &'static Action) -> Meaning {
    Meaning::All(vec![Step { action, condition: Condition::Always }])
}

/// The event source without its ending, which differs in China.
fn service(event_source: &str) -> Option<&str> {
    event_source.strip_suffix(".amazonaws.com").or_else(|| event_source.strip_suffix(".amazonaws.com.cn"))
}

/// The name without the version of the interface at its end: `2015_07_27`, `20150331`, `20150331v2` or `v2`.
fn without_version(name: &str) -> Option<&str> {
    let head = name.trim_end_matches(|c: char| c.is_ascii_digit());
    match name.len() - head.len() {
        0 => None,
        2 if head.ends_with('_') => without_date(name),
        8 => Some(head),
        _ => {
            let head = head.strip_suffix('v')?;
            let shorter = head.trim_end_matches(|c: char| c.is_ascii_digit());
            Some(if head.len() - shorter.len() == 8 { shorter } else { head })
        }
    }
}

/// The name without `2015_07_27` at its end.
fn without_date(name: &str) -> Option<&str> {
    let at = name.len().checked_sub("2015_07_27".len())?;
    let (head, date) = name.split_at_checked(at)?;
    let fits = date.bytes().zip("0000_00_00".bytes()).all(|(b, form)| match form {
        b'_' => b == b'_',
        _ => b.is_ascii_digit(),
    });
    fits.then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str, event: &str) -> String {
        let names =
            |steps: Vec<Step>| steps.iter().map(|step| step.action.full_name()).collect::<Vec<_>>().join(" ");
        match Meanings::new().of(&format!("{source}.amazonaws.com"), event) {
            Meaning::Nothing => "nothing".to_owned(),
            Meaning::Unmapped => "unmapped".to_owned(),
            Meaning::All(steps) => names(steps),
            Meaning::OneOf(steps) => format!("one of {}", names(steps)),
        }
    }

    #[test]
    fn events() {
        let table = [
            ("iam", "CreateUser", "iam:CreateUser"),
            ("s3", "listbuckets", "s3:ListAllMyBuckets"),
            ("s3", "GetBucketAcl", "s3:GetBucketAcl"),
            ("s3", "CopyObject", "s3:PutObject s3:GetObject"),
            ("monitoring", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
            ("streams.dynamodb", "GetRecords", "dynamodb:GetRecords"),
            ("lambda", "ListFunctions20150331", "lambda:ListFunctions"),
            ("lambda", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
            ("lambda", "Invoke", "lambda:InvokeFunction"),
            ("cloudfront", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution"),
            ("s3", "ListObjectsV2", "s3:ListBucket"),
            ("sts", "GetCallerIdentity", "nothing"),
            ("apigateway", "GetRestApis", "apigateway:GET"),
            ("elasticbeanstalk", "CreateEnvironmentEC2", "unmapped"),
            ("billingconsole", "GetBillsForBillingPeriod", "unmapped"),
            ("nosuchservice", "GetThing", "unmapped"),
            ("s3", "", "unmapped"),
        ];
        for (source, event, expected) in table {
            assert_eq!(names(source, event), expected, "{source} {event}");
        }
        assert!(matches!(Meanings::new().of("example.com", "GetObject"), Meaning::Unmapped));
    }

    #[test]
    fn versions() {
        let table = [
            ("x2015_07_27", Some("x")),
            ("x20150331", Some("x")),
            ("x20150331v2", Some("x")),
            ("xv2", Some("x")),
            ("xec2", None),
            ("x2015_7_27", None),
            ("x", None),
            ("", None),
            ("x_27", None),
        ];
        for (name, expected) in table {
            assert_eq!(without_version(name), expected, "{name}");
        }
    }
}
