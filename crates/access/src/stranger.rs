//! Whom the policy of a resource names besides the principals of the snapshot.

use leastwise_iam::{AccountId, Effect, PrincipalKind, Principals};
use leastwise_policy::{Action, Caller, CallerKind, Context, Policies, Policy, Resource, Unsaid};

use crate::answer::answer;
use crate::estate::Estate;
use crate::question::{Question, Row, Scene};

/// Somebody who is not in the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The words for it.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// The account that it belongs to, where it has one.
    pub account: Option<AccountId>,
}

/// Asks everybody whom the resource's policy allows something. What their own accounts allow them is theirs.
pub(crate) fn ask(estate: &Estate<'_>, question: &Question, resource: &Resource) -> Vec<Row> {
    let scene = Scene::new(estate, question.action(), resource);
    let Some(policy) = scene.policy() else { return Vec::new() };
    let mut rows: Vec<Row> = Vec::new();
    for statement in policy.document().statements.iter().filter(|s| s.effect == Effect::Allow) {
        for (stranger, caller) in strangers(&statement.principals, question.action(), estate) {
            if rows.iter().any(|row| row.principal == stranger.name) {
                continue;
            }
            let mut context = Context::new();
            context.unsaid = Unsaid::Unknown;
            let context = question.context(&context);
            let (request, policies, unread) = scene.asked_by(caller, context, own_account_allows());
            let answer = answer(&request, &policies, &unread);
            rows.push(stranger.into_row(scene.resource().as_str(), answer));
        }
    }
    rows
}

/// What a stranger's own account allows is not known; the answer is about this side alone.
fn own_account_allows() -> Policies {
    const EVERYTHING: &str =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let policy = Policy::parse(EVERYTHING, leastwise_policy::PolicyKind::Identity);
    Policies { identity: policy.into_iter().collect(), ..Policies::default() }
}

/// Those of a statement's principals who are not in the snapshot, each with a caller that stands for it. Some
/// user stands for an account.
fn strangers(principals: &Principals, action: &Action, estate: &Estate<'_>) -> Vec<(Stranger, Caller)> {
    let list = match principals {
        Principals::Only(list) => list,
        Principals::AllBut(_) => return vec![anyone(action)],
        Principals::Unspecified => return Vec::new(),
    };
    let is_ours = |account| estate.principals().iter().any(|p| p.account() == Some(account));
    let mut strangers = Vec::new();
    for principal in list {
        let name = &*principal.value;
        let named = |kind, account| Stranger { name: name.to_owned(), kind, account };
        match principal.kind {
            _ if principal.is_anyone() => strangers.push(anyone(action)),
            PrincipalKind::Service => strangers.push((named("service", None), Caller::service(name))),
            PrincipalKind::Federated => {
                let caller = Caller::parse(name).unwrap_or_else(|_| Caller::anonymous());
                strangers.push((named("identity provider", caller.account()), caller));
            }
            PrincipalKind::Aws => {
                if let Some(account) = principal.account().filter(|account| !is_ours(*account)) {
                    let somebody = format!("arn:aws:iam::{account}:user/somebody");
                    let named_itself = Caller::parse(name).ok().filter(|c| c.kind() != CallerKind::Root);
                    let caller = named_itself.or_else(|| Caller::parse(&somebody).ok());
                    let caller = caller.unwrap_or_else(Caller::anonymous);
                    strangers.push((named("of another account", Some(account)), caller));
                }
            }
            PrincipalKind::Everyone | PrincipalKind::CanonicalUser => {}
        }
    }
    strangers
}

/// Whoever asks; but roles are assumed by somebody with an account only.
fn anyone(action: &Action) -> (Stranger, Caller) {
    let stranger = |kind| Stranger { name: "anyone".to_owned(), kind, account: None };
    let somebody = Caller::parse("arn:aws:iam::000000000000:user/somebody").ok();
    match somebody.filter(|_| action.service() == "sts") {
        Some(somebody) => (stranger("of any account"), somebody),
        None => (stranger("also anonymous"), Caller::anonymous()),
    }
}
