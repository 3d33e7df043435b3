/// Times as runs: in a run no time is further from the next than a stated number of seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Runs {
    /// First and last of each run, in order.
    spans: Vec<(i64, i64)>,
    /// The run that the last time went to: the next one mostly goes there too.
    last: usize,
    events: u64,
}

impl Runs {
    /// Adds a time.
    pub(super) fn add(&mut self, time: i64, gap: i64) {
        self.events += 1;
        if let Some((first, last)) = self.spans.get(self.last).copied()
            && (first..=last).contains(&time)
        {
            return;
        }
        self.add_run((time, time), gap);
    }

    /// Adds all times of another.
    pub(super) fn merge(&mut self, other: Self, gap: i64) {
        self.events += other.events;
        other.spans.into_iter().for_each(|run| self.add_run(run, gap));
    }

    /// How many times were added.
    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// The first and the last time.
    pub(super) fn ends(&self) -> Option<(i64, i64)> {
        Some((self.spans.first()?.0, self.spans.last()?.1))
    }

    /// The last time before and the first time after each gap.
    pub(super) fn gaps(&self) -> impl Iterator<Item = (i64, i64)> {
        self.spans.windows(2).filter_map(|pair| match pair {
            [(_, before), (after, _)] => Some((*before, *after)),
            _ => None,
        })
    }

    fn add_run(&mut self, (mut first, mut last): (i64, i64), gap: i64) {
        let from = self.spans.partition_point(|run| run.1.saturating_add(gap) < first);
        let to = self.spans.partition_point(|run| run.0 <= last.saturating_add(gap)).max(from);
        for run in self.spans.iter().take(to).skip(from) {
            first = first.min(run.0);
            last = last.max(run.1);
        }
        match self.spans.get_mut(from) {
            Some(run) if to == from + 1 => *run = (first, last),
            _ => drop(self.spans.splice(from..to, [(first, last)])),
        }
        self.last = from;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn runs(times: &[i64], gap: i64) -> Runs {
        let mut runs = Runs::default();
        for time in times {
            runs.add(*time, gap);
        }
        runs
    }

    proptest! {
        /// The gaps are those between times in order, however the times come.
        #[test]
        fn gaps_of_times(one in proptest::collection::vec(0i64..200, 0..30), two in proptest::collection::vec(0i64..200, 0..30), gap in 1i64..30) {
            let mut merged = runs(&one, gap);
            merged.merge(runs(&two, gap), gap);
            let mut all: Vec<i64> = one.iter().chain(&two).copied().collect();
            all.sort_unstable();
            let expected: Vec<_> =
                all.windows(2).filter(|pair| pair[1] - pair[0] > gap).map(|pair| (pair[0], pair[1])).collect();
            prop_assert_eq!(merged.gaps().collect::<Vec<_>>(), expected);
            prop_assert_eq!(merged.ends(), all.first().map(|first| (*first, *all.last().unwrap())));
            prop_assert_eq!(merged.events(), all.len() as u64);
        }
    }
}
