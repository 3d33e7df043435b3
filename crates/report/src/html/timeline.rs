//! A picture of hits over time: a row for each principal, a mark for each hit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use leastwise_trail::hunt::Hit;
use leastwise_trail::sigma::Level;
use maud::{Markup, html};

use crate::clean;
use crate::figures::{count, instant};
use crate::trail::groups::OfPrincipal;

const WIDTH: i64 = 1000;
/// Where the time axis begins: to the left of it stand names.
const LEFT: i64 = 270;
const RIGHT: i64 = 20;
const ROW: i64 = 24;
const TOP: i64 = 24;
const TICKS: i64 = 4;
/// How many characters of a name have room.
const NAME: usize = 38;

/// The picture; nothing if no hit has a time.
pub(super) fn picture(rows: &[OfPrincipal<'_>]) -> Option<Markup> {
    let times = || rows.iter().flat_map(|of| of.hits.iter().filter_map(|hit| hit.time));
    let axis = Axis { first: times().min()?, last: times().max()? };
    let rows: Vec<(i64, &OfPrincipal<'_>)> = (0..).zip(rows).collect();
    let height = TOP + ROW * i64::try_from(rows.len()).unwrap_or(i64::MAX / ROW - 2) + 8;
    Some(html! {
        svg role="img" aria-label="Hits of each principal over time; the lists below say the same in words"
            viewBox=(format!("0 0 {WIDTH} {height}")) {
            @for tick in 0..=TICKS {
                @let (x, time) = axis.tick(tick);
                line class="rule" x1=(x) x2=(x) y1=(TOP - 4) y2=(height) {}
                text class="axis" x=(x) y="14" text-anchor=(anchor(tick)) { (axis.label(time)) }
            }
            @for (index, of) in &rows {
                @let y = TOP + ROW * index + ROW / 2;
                text x=(LEFT - 14) y=(y + 4) text-anchor="end" { (clean(&short(of.principal))) title { (clean(of.principal)) } }
                line class="rule" x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) {}
                @for ((x, level), hits) in axis.marks(of) { (mark(x, y, level, &hits)) }
            }
        }
    })
}

/// The shape that stands for a level.
pub(super) fn shape(level: Level, x: i64, y: i64) -> Markup {
    let class = format!("mark {}", level.name());
    let polygon = |points: &[(i64, i64)]| {
        let points: Vec<String> = points.iter().map(|(dx, dy)| format!("{},{}", x + dx, y + dy)).collect();
        html! { polygon class=(class) points=(points.join(" ")) {} }
    };
    match level {
        Level::Critical => polygon(&[(0, -8), (8, 0), (0, 8), (-8, 0)]),
        Level::High => polygon(&[(0, -7), (7, 6), (-7, 6)]),
        Level::Medium => polygon(&[(-5, -5), (5, -5), (5, 5), (-5, 5)]),
        Level::Low => html! { circle class=(class) cx=(x) cy=(y) r="5" {} },
        Level::Informational => html! { circle class=(class) cx=(x) cy=(y) r="3" {} },
    }
}

fn mark(x: i64, y: i64, level: Level, hits: &[&Hit]) -> Markup {
    html! { g { (shape(level, x, y)) title { (clean(&describe(level, hits))) } } }
}

fn describe(level: Level, hits: &[&Hit]) -> String {
    let time = hits.first().and_then(|hit| hit.time).map(instant).unwrap_or_default();
    let title = hits.first().map_or("", |hit| hit.info.title.as_str());
    match hits.len() {
        1 => format!("{time}: {title} ({level})"),
        several => format!("{time}: {} ({level}), first {title}", count(several, "hit")),
    }
}

fn anchor(tick: i64) -> &'static str {
    match tick {
        0 => "start",
        TICKS => "end",
        _ => "middle",
    }
}

/// The end of a name says more than its start, which principals of an account have in common.
fn short(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME {
        return name.to_owned();
    }
    let end: String = name.chars().skip(length - NAME + 1).collect();
    format!("…{end}")
}

struct Axis {
    first: Timestamp,
    last: Timestamp,
}

impl Axis {
    fn seconds(&self) -> i64 {
        (self.last.as_second() - self.first.as_second()).max(1)
    }

    fn tick(&self, tick: i64) -> (i64, Timestamp) {
        let x = LEFT + (WIDTH - RIGHT - LEFT) * tick / TICKS;
        let second = self.first.as_second() + self.seconds() * tick / TICKS;
        (x, Timestamp::from_second(second).unwrap_or(self.last))
    }

    fn label(&self, time: Timestamp) -> String {
        let format = match self.seconds() {
            ..600 => "%m-%d %H:%M:%S",
            600..172_800 => "%m-%d %H:%M",
            _ => "%Y-%m-%d",
        };
        time.strftime(format).to_string()
    }

    /// Hits by place and level: those that would lie on each other share a mark; the worst are painted last.
    fn marks<'h>(&self, of: &OfPrincipal<'h>) -> Vec<((i64, Level), Vec<&'h Hit>)> {
        let mut marks: BTreeMap<(Level, i64), Vec<&Hit>> = BTreeMap::new();
        for hit in &of.hits {
            let Some(time) = hit.time else { continue };
            let passed = time.as_second() - self.first.as_second();
            let x = LEFT + (WIDTH - RIGHT - LEFT) * passed / self.seconds();
            marks.entry((hit.info.level, x - x % 4)).or_default().push(hit);
        }
        marks.into_iter().map(|((level, x), hits)| ((x, level), hits)).collect()
    }
}
