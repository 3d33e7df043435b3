//! What the catalogue of actions says that changes decisions.

/// What is known of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The action concerns no single resource, so that it is asked for on `*`.
    pub account_level: bool,
    /// Resource control policies bind the service.
    pub honours_rcps: bool,
}

/// `action` is in lower case. Nothing is assumed of an action that the catalogue lacks but that it may concern
/// single resources.
pub(crate) fn facts(action: &str) -> Facts {
    let service = action.split(':').next().unwrap_or_default();
    Facts {
        account_level: false,
        honours_rcps: ["s3", "sts", "kms", "sqs", "secretsmanager"].contains(&service),
    }
}
