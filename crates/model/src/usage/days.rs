use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A set of days (UTC), as runs of days that follow each other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<(Date, Date)>", into = "Vec<(Date, Date)>")]
pub struct Days {
    /// The first and last day of each run, as days since 1970; at least one day lies between runs.
    runs: Vec<(i32, i32)>,
}

impl Days {
    /// Adds the day of an instant.
    pub fn add(&mut self, time: Timestamp) {
        let Ok(day) = i32::try_from(time.as_second().div_euclid(24 * 60 * 60)) else { return };
        match self.runs.last() {
            Some((first, last)) if *first <= day && day <= *last => {}
            _ => self.add_run((day, day)),
        }
    }

    /// Adds all days of another set.
    pub fn merge(&mut self, other: Self) {
        other.runs.into_iter().for_each(|run| self.add_run(run));
    }

    /// True if there is no day.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        self.runs.iter().filter_map(|(first, last)| usize::try_from(last - first + 1).ok()).sum()
    }

    /// The runs: first and last day of each, in order.
    pub fn runs(&self) -> impl Iterator<Item = (Date, Date)> {
        self.runs.iter().filter_map(|(first, last)| Some((date(*first)?, date(*last)?)))
    }

    /// The runs of days between the first and the last that are not in the set.
    pub fn gaps(&self) -> impl Iterator<Item = (Date, Date)> {
        self.runs.windows(2).filter_map(|pair| match pair {
            [(_, before), (after, _)] => Some((date(before + 1)?, date(after - 1)?)),
            _ => None,
        })
    }

    /// Adds days that follow each other, and joins what touches them.
    fn add_run(&mut self, (mut first, mut last): (i32, i32)) {
        let from = self.runs.partition_point(|run| run.1.saturating_add(1) < first);
        let to = self.runs.partition_point(|run| run.0 <= last.saturating_add(1));
        for run in self.runs.iter().take(to).skip(from) {
            first = first.min(run.0);
            last = last.max(run.1);
        }
        self.runs.splice(from..to.max(from), [(first, last)]);
    }
}

fn date(day: i32) -> Option<Date> {
    let time = Timestamp::from_second(i64::from(day) * 24 * 60 * 60).ok()?;
    Some(TimeZone::UTC.to_datetime(time).date())
}

impl From<Days> for Vec<(Date, Date)> {
    fn from(days: Days) -> Self {
        days.runs().collect()
    }
}

impl TryFrom<Vec<(Date, Date)>> for Days {
    type Error = String;

    fn try_from(runs: Vec<(Date, Date)>) -> Result<Self, String> {
        let mut days = Self::default();
        for (first, last) in runs {
            let day = |date: Date| {
                let hours = date.duration_since(Date::constant(1970, 1, 1)).as_hours();
                i32::try_from(hours.div_euclid(24)).map_err(|error| error.to_string())
            };
            if first > last {
                return Err(format!("a run of days from {first} to {last}"));
            }
            days.add_run((day(first)?, day(last)?));
        }
        Ok(days)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(numbers: &[i32]) -> Days {
        let mut days = Days::default();
        for number in numbers {
            days.add(Timestamp::from_second(i64::from(*number) * 86_400 + 86_399).unwrap());
        }
        days
    }

    #[test]
    fn runs_gaps_and_files() {
        let days = days(&[19_000, 19_001, 19_005, 19_004, 19_000, 19_009]);
        let text = serde_json::to_string(&days).unwrap();
        assert_eq!(
            text,
            r#"[["2022-01-08","2022-01-09"],["2022-01-12","2022-01-13"],["2022-01-17","2022-01-17"]]"#
        );
        assert_eq!(serde_json::from_str::<Days>(&text).unwrap(), days);
        assert_eq!(days.len(), 5);
        let gaps: Vec<String> = days.gaps().map(|(first, last)| format!("{first} {last}")).collect();
        assert_eq!(gaps, ["2022-01-10 2022-01-11", "2022-01-14 2022-01-16"]);
        assert!(serde_json::from_str::<Days>(r#"[["2022-01-09","2022-01-08"]]"#).is_err());
    }

    proptest! {
        /// It is the set of its days.
        #[test]
        fn is_a_set(one in proptest::collection::vec(0i32..40, 0..20), two in proptest::collection::vec(0i32..40, 0..20)) {
            let mut merged = days(&one);
            merged.merge(days(&two));
            let all: std::collections::BTreeSet<i32> = one.iter().chain(&two).copied().collect();
            let listed: Vec<i32> = merged.runs.iter().flat_map(|(first, last)| *first..=*last).collect();
            prop_assert_eq!(listed, all.iter().copied().collect::<Vec<_>>());
            prop_assert!(merged.runs.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0));
            let sorted: Vec<i32> = all.into_iter().collect();
            prop_assert_eq!(days(&sorted), merged);
        }
    }
}
