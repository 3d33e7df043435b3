//! Where the actions of a call are counted.

use std::borrow::Cow;
use std::sync::Arc;

use leastwise_iam::catalogue::ActionId;

use super::Call;
use super::lean::Lean;
use super::pairs::{Held, HeldCall};
use super::part::{Key, UsagePart};
use super::who::Who;

/// How many resources of one call are looked at.
const MOST_RESOURCES: usize = 100;

/// Where the actions of a call are counted: at their caller, or apart until their pair is found.
pub(super) enum Sink<'p> {
    Here { part: &'p mut UsagePart, row: u32, region: Option<u16>, via: Option<u16> },
    Apart(Held),
}

impl<'p> Sink<'p> {
    pub(super) fn here(part: &'p mut UsagePart, row: u32, call: &Call<'_, '_>) -> Self {
        let region = part.regions.number(call.place.region);
        let via = call.identity.via().and_then(|service| part.services.number(service));
        Self::Here { part, row, region, via }
    }

    pub(super) fn apart(id: u128, call: &Call<'_, '_>, who: Arc<Who>) -> Self {
        Self::Apart(Held {
            id,
            of_service: call.identity.is_service(),
            who,
            region: call.place.region.into(),
            via: call.identity.via().map(Box::from),
            calls: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, action: ActionId, denied: bool, lean: Lean, arns: &[Cow<'_, str>]) {
        let more = arns.len().saturating_sub(MOST_RESOURCES);
        let arns = arns.iter().take(MOST_RESOURCES);
        match self {
            Self::Here { part, row, region, via } => {
                let key = Key { caller: *row, action, denied, region: *region, via: *via };
                part.add(key, lean, arns.map(|arn| &**arn), more);
            }
            Self::Apart(held) => {
                let arns = arns.map(|arn| Box::from(&**arn)).collect();
                held.calls.push(HeldCall { action, denied, lean, arns, more: more as u64 });
            }
        }
    }

    /// The call, if it is counted apart.
    pub(super) fn held(self) -> Option<Held> {
        match self {
            Self::Apart(held) => Some(held),
            Self::Here { .. } => None,
        }
    }
}
