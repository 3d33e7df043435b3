//! Sign-in calls, and trust policies.

use crate::caller::CallerKind;
use crate::request::View;
use crate::tri::Tri;

/// Calls that no policy decides.
///
/// `sts:GetCallerIdentity` succeeds whatever policies say; `sts:GetSessionToken` needs no permission and cannot
/// be controlled by policies, but only users and root users can call it.
///
/// Source: [GetCallerIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html),
/// [GetSessionToken](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
pub(crate) fn beyond_policies(view: &View<'_>) -> Option<Tri> {
    let kind = view.request.caller.kind();
    match view.request.action.lower() {
        "sts:getcalleridentity" => Some(Tri::from(kind != CallerKind::Anonymous)),
        "sts:getsessiontoken" => Some(Tri::from(matches!(kind, CallerKind::User | CallerKind::Root))),
        _ => None,
    }
}

/// True for calls that the trust policy of a role has to allow.
///
/// Source: [trust policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html).
pub(crate) fn is_about_trust(view: &View<'_>) -> bool {
    is_for_roles(view.request.action.lower()) && view.resource.name().starts_with("role/")
}

/// True for actions, in lower case, that come with assuming a role.
pub(crate) fn is_for_roles(action: &str) -> bool {
    let assumes = action.starts_with("sts:assumerole") && action != "sts:assumeroot";
    assumes || matches!(action, "sts:tagsession" | "sts:setsourceidentity" | "sts:setcontext")
}

/// True for calls that the service does not take from such a caller: root users cannot assume roles, sessions
/// cannot start a federation, and federated users can call neither IAM nor STS.
///
/// Source: [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html),
/// [GetFederationToken](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html).
pub(crate) fn is_not_taken_from(view: &View<'_>) -> bool {
    let action = &view.request.action;
    match view.request.caller.kind() {
        CallerKind::Root => action.lower() == "sts:assumerole",
        CallerKind::Role | CallerKind::RoleSession => action.lower() == "sts:getfederationtoken",
        CallerKind::FederatedUser => matches!(action.service(), "iam" | "sts"),
        CallerKind::Anonymous | CallerKind::Service | CallerKind::User | CallerKind::Provider => false,
    }
}
