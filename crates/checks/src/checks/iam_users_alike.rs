use std::collections::{BTreeMap, BTreeSet};

use leastwise_model::{Account, Missing, Severity, User};

use crate::check::check;
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// No two users that share no group have the same policies directly, or ones that differ by a single
    /// policy with at least two in common (BP-07). Embedded policies are compared by what they say.
    /// ## Why it matters
    /// Two people with the same permissions have the same job; a group says so once.
    /// ## How to fix
    /// Make a group with these policies, put the users in, detach the policies from the users.
    pub static IAM_USERS_ALIKE = {
        id: "iam-users-alike", title: "users with like permissions share a group",
        severity: Severity::Info, judge: Judge::User(iam_users_alike),
    }
}

fn iam_users_alike(user: &User, context: &Context<'_>) -> Judged {
    user.details.get()?;
    let index = context.alike.get_or_init(|| alike(context.account));
    match index.as_ref().map_err(Clone::clone)?.get(user.name.as_str()) {
        Some(other) => {
            Verdict::fail(format!("has the policies of user `{other}`, and shares no group with it"))
        }
        None => Verdict::pass("no other user has like policies"),
    }
}

/// Users with the same policies in the same groups.
struct Class<'a> {
    policies: Vec<&'a str>,
    groups: BTreeSet<&'a str>,
    /// In order of names.
    members: BTreeSet<&'a str>,
}

/// For each user with a like one: that one's name, the first in order of names.
fn alike(account: &Account) -> Result<BTreeMap<&str, &str>, Missing> {
    let classes = classes(account.users.get()?)?;
    let mut by_variant: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for (index, class) in classes.iter().enumerate() {
        for variant in variants(&class.policies) {
            by_variant.entry(variant).or_default().push(index);
        }
    }
    let mut found = BTreeMap::new();
    for class in &classes {
        let near =
            variants(&class.policies).into_iter().filter_map(|variant| by_variant.get(&variant)).flatten();
        let like: Vec<&Class<'_>> = near
            .filter_map(|index| classes.get(*index))
            .filter(|other| class.groups.is_disjoint(&other.groups))
            .filter(|other| differ_by_at_most_one(&class.policies, &other.policies))
            .collect();
        for &name in &class.members {
            let others = like.iter().filter_map(|other| other.members.iter().find(|&&other| other != name));
            if let Some(other) = others.min() {
                found.insert(name, *other);
            }
        }
    }
    Ok(found)
}

fn classes(users: &[User]) -> Result<Vec<Class<'_>>, Missing> {
    let mut members: BTreeMap<(Vec<&str>, BTreeSet<&str>), BTreeSet<&str>> = BTreeMap::new();
    for user in users {
        let groups = user.details.get()?.groups.iter().map(String::as_str).collect();
        members.entry((policies(user)?, groups)).or_default().insert(&user.name);
    }
    let class = |((policies, groups), members)| Class { policies, groups, members };
    Ok(members.into_iter().map(class).collect())
}

/// What identifies a user's direct policies: ARNs, and the text of embedded ones; sorted, each once.
fn policies(user: &User) -> Result<Vec<&str>, Missing> {
    let policies = &user.details.get()?.policies;
    let mut all: Vec<&str> = policies.attached.iter().map(|attachment| attachment.arn.as_str()).collect();
    for policy in &policies.inline {
        all.push(policy.document.get()?.text());
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Users with more policies of their own than this are compared as a whole only; AWS allows 20 attached ones.
const MOST_COMPARED: usize = 40;

/// The set itself, and, where at least two remain, the set without each of its members. Two sets that
/// differ by one member meet in one of these.
fn variants<'a>(set: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut variants = Vec::new();
    if !set.is_empty() {
        variants.push(set.to_vec());
    }
    if (3..=MOST_COMPARED).contains(&set.len()) {
        for left_out in set {
            variants.push(set.iter().filter(|policy| policy != &left_out).copied().collect());
        }
    }
    variants
}

fn differ_by_at_most_one(a: &[&str], b: &[&str]) -> bool {
    let only_in = |x: &[&str], y: &[&str]| x.iter().filter(|policy| y.binary_search(policy).is_err()).count();
    only_in(a, b) + only_in(b, a) <= 1
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, attach, details, embed, missing, user};

    fn with(name: &str, groups: &[&str], attached: &[&str]) -> User {
        let mut user = user(name);
        details(&mut user).groups = groups.iter().map(|&group| group.to_owned()).collect();
        for policy in attached {
            attach(&mut user, &format!("arn:aws:iam::aws:policy/{policy}"));
        }
        user
    }

    #[test]
    fn same_or_off_by_one() {
        let mut account = testing::account();
        account.users = Known::Known(vec![
            with("same-1", &[], &["A"]),
            with("same-2", &["x"], &["A"]),
            with("grouped-1", &["g"], &["B"]),
            with("grouped-2", &["g"], &["B"]),
            with("near-1", &[], &["C", "D"]),
            with("near-2", &[], &["C", "D", "E"]),
            with("one-in-common", &[], &["F"]),
            with("two-of-which-one", &[], &["F", "G"]),
            with("replaced-1", &[], &["H", "I", "J"]),
            with("replaced-2", &[], &["H", "I", "K"]),
            with("none-1", &[], &[]),
            with("none-2", &[], &[]),
        ]);
        let fails = ["user/same-1", "user/same-2", "user/near-1", "user/near-2"];
        let names = account.users.value().unwrap().iter().map(|user| format!("user/{}", user.name));
        let names: Vec<String> = names.collect();
        let expected: Vec<_> = names
            .iter()
            .map(|name| {
                (name.as_str(), if fails.contains(&name.as_str()) { Status::Fail } else { Status::Pass })
            })
            .collect();
        testing::expect(&IAM_USERS_ALIKE, &account, &expected);
    }

    #[test]
    fn embedded_policies_are_compared_by_text() {
        let mut account = testing::account();
        let (mut a, mut b) = (with("a", &[], &[]), with("b", &[], &[]));
        embed(&mut a, "mine", r#"{"Statement": []}"#);
        embed(&mut b, "yours", r#"{"Statement":[]}"#);
        account.users = Known::Known(vec![a, b]);
        testing::expect(&IAM_USERS_ALIKE, &account, &[("user/a", Status::Fail), ("user/b", Status::Fail)]);
    }

    #[test]
    fn an_unread_user_could_be_like_any() {
        let mut account = testing::account();
        let mut unread = user("unread");
        unread.details = Known::Unknown(missing());
        account.users = Known::Known(vec![with("a", &[], &["A"]), unread]);
        testing::expect(
            &IAM_USERS_ALIKE,
            &account,
            &[("user/a", Status::Unknown), ("user/unread", Status::Unknown)],
        );
    }
}
