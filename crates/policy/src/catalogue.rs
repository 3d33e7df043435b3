//! What the catalogue of actions says that changes decisions.

use leastwise_iam::catalogue::{Action, Catalogue, Service};

/// What is known of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The action concerns no single resource, so that it is asked for on `*`.
    pub account_level: bool,
    /// Resource control policies bind the action.
    pub honours_rcps: bool,
}

impl Facts {
    pub fn of(action: &Action) -> Self {
        Self { account_level: !action.is_resource_level(), honours_rcps: action.honours_rcps() }
    }
}

/// What the catalogue knows of an action in lower case.
///
/// Of an action that it lacks nothing is assumed but that it may concern single resources; resource control
/// policies bind it if they bind its service.
pub(crate) fn facts(action: &str) -> Facts {
    let catalogue = Catalogue::get();
    if let Some(action) = catalogue.action(action) {
        return Facts::of(action);
    }
    let service = action.split(':').next().and_then(|prefix| catalogue.service(prefix));
    Facts { account_level: false, honours_rcps: service.is_some_and(Service::honours_rcps) }
}
