//! Whom the policy of a resource names besides the principals of the snapshot.

use leastwise_iam::{AccountId, Effect, PrincipalKind, Principals};
use leastwise_policy::{Action, Caller, CallerKind, Context, Grant, Policies, Policy, Resource, Unsaid};

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

/// Asks everybody whom the resource's policy or a grant allows something. What their own accounts allow them is
/// theirs.
pub(crate) fn ask(estate: &Estate<'_>, question: &Question, resource: &Resource) -> Vec<Row> {
    let scene = Scene::new(estate, question.action(), resource);
    let statements = scene.policy().into_iter().flat_map(|policy| &policy.document().statements);
    let allowing = statements.filter(|statement| statement.effect == Effect::Allow);
    let named = allowing.flat_map(|s| strangers(&s.principals, question.action(), estate));
    let mut rows: Vec<Row> = Vec::new();
    for (stranger, callers) in named.chain(grantees(scene.grants(), estate)) {
        if rows.iter().any(|row| row.principal == stranger.name) {
            continue;
        }
        let answers = callers.into_iter().map(|(caller, context)| {
            let context = question.context(&context);
            let (request, policies, unread) = scene.asked_by(caller, context, own_account_allows());
            answer(&request, &policies, &unread)
        });
        let best = answers.reduce(|a, b| if b.rank() > a.rank() { b } else { a });
        rows.extend(best.map(|best| stranger.into_row(scene.resource().as_str(), best)));
    }
    rows
}

/// Somebody, and the callers that stand for it: the best answer counts.
type Asked = (Stranger, Vec<(Caller, Context)>);

fn context() -> Context {
    let mut context = Context::new();
    context.unsaid = Unsaid::Unknown;
    context
}

/// Whom the grants of a key name, and who is not in the snapshot.
fn grantees(grants: &[Grant], estate: &Estate<'_>) -> Vec<Asked> {
    let caller =
        |grant: &Grant| Caller::parse(&grant.grantee).unwrap_or_else(|_| Caller::service(&grant.grantee));
    let is_known = |grant: &Grant| estate.principals().iter().any(|p| p.arn.as_str() == &*grant.grantee);
    let unknown = grants.iter().filter(|grant| !is_known(grant));
    unknown
        .map(|grant| {
            let caller = caller(grant);
            let (name, account) = (grant.grantee.to_string(), caller.account());
            (Stranger { name, kind: "grantee", account }, vec![(caller, context())])
        })
        .collect()
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
fn strangers(principals: &Principals, action: &Action, estate: &Estate<'_>) -> Vec<Asked> {
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
            PrincipalKind::Service => {
                strangers.push((named("service", None), vec![(Caller::service(name), context())]));
            }
            PrincipalKind::Federated => {
                let caller = Caller::parse(name).unwrap_or_else(|_| Caller::anonymous());
                strangers.push((named("identity provider", caller.account()), vec![(caller, context())]));
            }
            PrincipalKind::Aws => {
                if let Some(account) = principal.account().filter(|account| !is_ours(*account)) {
                    let somebody = format!("arn:aws:iam::{account}:user/somebody");
                    let named_itself = Caller::parse(name).ok().filter(|c| c.kind() != CallerKind::Root);
                    let caller = named_itself.or_else(|| Caller::parse(&somebody).ok());
                    let caller = caller.unwrap_or_else(Caller::anonymous);
                    strangers.push((named("of another account", Some(account)), vec![(caller, context())]));
                }
            }
            PrincipalKind::Everyone | PrincipalKind::CanonicalUser => {}
        }
    }
    strangers
}

/// Whoever asks: nobody who has signed in, or some principal of some account.
fn anyone(action: &Action) -> Asked {
    let mut of_somebody = context();
    for prefix in ["aws:Principal", "aws:userid", "aws:username"] {
        of_somebody.forget(prefix);
    }
    let somebody = Caller::parse("arn:aws:iam::000000000000:user/somebody").ok();
    let somebody = somebody.map(|somebody| (somebody, of_somebody));
    // Roles are assumed by somebody with an account only.
    let anonymous = (action.service() != "sts").then(|| (Caller::anonymous(), context()));
    let kind = if anonymous.is_some() { "also anonymous" } else { "of any account" };
    (
        Stranger { name: "anyone".to_owned(), kind, account: None },
        anonymous.into_iter().chain(somebody).collect(),
    )
}
