//! Roles that customers cannot change.
//!
//! Source: [service-linked roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html),
//! [roles that IAM Identity Center makes](https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html).

use crate::caller::CallerKind;
use crate::request::View;

/// Calls that change what a role may do, who may assume it, or whether it exists.
pub(crate) const CHANGES: [&str; 9] = [
    "iam:attachrolepolicy",
    "iam:detachrolepolicy",
    "iam:putrolepolicy",
    "iam:deleterolepolicy",
    "iam:updateassumerolepolicy",
    "iam:deleterole",
    "iam:createrole",
    "iam:putrolepermissionsboundary",
    "iam:deleterolepermissionsboundary",
];

/// True if the request would change a role that belongs to AWS, and does not come from AWS itself.
pub(crate) fn changes_a_role_of_aws(view: &View<'_>) -> bool {
    let caller = &view.request.caller;
    let name = view.resource.name();
    CHANGES.contains(&view.request.action.lower())
        && (name.starts_with("role/aws-service-role/") || name.starts_with("role/aws-reserved/"))
        && caller.kind() != CallerKind::Service
        && !caller.is_service_linked()
}
