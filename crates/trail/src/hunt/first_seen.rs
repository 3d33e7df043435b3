//! What everybody did so far, for one first-seen rule.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::sigma::Span;

use super::SEEN;

/// Who was seen, and doing what.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// When somebody was seen first and last.
    people: HashMap<Box<str>, (i64, i64), FixedState>,
    /// When somebody did something last.
    seen: HashMap<Box<str>, i64, FixedState>,
}

impl Habits {
    /// Notes that somebody did something from `time` to `last`; returns since when they are known if it is new and
    /// they are known for long enough.
    pub fn see(
        &mut self,
        who: &str,
        what: &str,
        (time, last): (i64, i64),
        (within, learn): (Span, Span),
        evicted: &mut u64,
    ) -> Option<i64> {
        let micros = |span: Span| span.0.saturating_mul(1_000_000);
        let horizon = time.saturating_sub(micros(within));
        let person = self.people.entry(who.into()).or_insert((time, last));
        person.1 = person.1.max(last);
        let since = person.0;
        let before = self.seen.get(what).copied();
        self.seen.insert(what.into(), before.map_or(last, |before| before.max(last)));
        let is_new = before.is_none_or(|before| before < horizon);
        self.forget(horizon, evicted);
        (is_new && time.saturating_sub(since) >= micros(learn)).then_some(since)
    }

    /// Forgets what is too old to matter, then what is oldest.
    fn forget(&mut self, horizon: i64, evicted: &mut u64) {
        if self.seen.len() > SEEN {
            self.seen.retain(|_, last| *last >= horizon);
            *evicted += forget_oldest(&mut self.seen, |last| *last);
        }
        if self.people.len() > SEEN {
            *evicted += forget_oldest(&mut self.people, |(_, last)| *last);
        }
    }
}

/// Makes room for an eighth of all.
fn forget_oldest<V>(map: &mut HashMap<Box<str>, V, FixedState>, last: impl Fn(&V) -> i64) -> u64 {
    let fits = SEEN / 8 * 7;
    let mut oldest: Vec<_> = map.iter().map(|(key, value)| (last(value), key.clone())).collect();
    oldest.sort();
    oldest.truncate(map.len().saturating_sub(fits));
    for (_, key) in &oldest {
        map.remove(key);
    }
    oldest.len().try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_is_what_was_not_done_within_the_span_by_somebody_known() {
        const DAY: i64 = 86_400_000_000;
        let spans = (Span(30 * 86_400), Span(7 * 86_400));
        let mut habits = Habits::default();
        let mut evicted = 0;
        let mut see = |what: &str, day: i64| {
            habits.see("anna", what, (day * DAY, day * DAY), spans, &mut evicted).map(|since| since / DAY)
        };
        assert_eq!(see("s3", 0), None);
        assert_eq!(see("ec2", 6), None);
        assert_eq!(see("iam", 7), Some(0));
        assert_eq!(see("iam", 8), None);
        assert_eq!(see("s3", 30), None);
        assert_eq!(see("ec2", 37), Some(0));
        assert_eq!(evicted, 0);
    }
}
