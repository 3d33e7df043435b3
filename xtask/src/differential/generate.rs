//! Random cases that both engines understand: the peer knows no grants, no management account and no request for
//! several resources, and its levels of RCPs are allowed by themselves.

mod conditions;
mod policies;
mod requests;

use serde_json::{Value, json};

use super::random::Random;
use policies::Kind;
use requests::Target;

/// So many cases from a seed.
pub(super) fn cases(seed: u64, count: usize) -> Vec<Value> {
    let mut random = Random::new(seed);
    (0..count).map(|number| case(&mut random, &format!("case-{number}"))).collect()
}

fn case(random: &mut Random, name: &str) -> Value {
    let target = requests::target(random);
    let request = requests::request(random, &target);
    let policies = policies(random, &target);
    json!({"name": name, "request": request, "policies": policies})
}

/// Policies as AWS lets them be: strangers, services and root users have none of their own, and only sessions have
/// session policies.
fn policies(random: &mut Random, target: &Target) -> Value {
    let mut one = |kind| policies::document(random, target, kind);
    let [identity, more, resource, boundary, session, endpoint] =
        [Kind::Identity, Kind::Identity, Kind::Resource, Kind::Identity, Kind::Identity, Kind::Endpoint]
            .map(&mut one);
    let owns = target.is_of_an_account() && !target.principal.ends_with(":root");
    let is_session = owns && target.principal.contains(":sts:");
    let mut list = |percent, value: Value| if random.percent(percent) { vec![value] } else { Vec::new() };
    let identity = if owns { [list(75, identity), list(20, more)].concat() } else { Vec::new() };
    let some = |list: Vec<Value>| if list.is_empty() { Value::Null } else { Value::Array(list) };
    let boundary = some(if owns { list(20, boundary) } else { Vec::new() });
    let session = some(if is_session { list(40, session) } else { Vec::new() });
    let endpoint = some(list(8, endpoint));
    let resource = if target.needs_resource_policy() || (target.has_resource_policy && random.percent(60)) {
        resource
    } else {
        Value::Null
    };
    let scp = if target.is_of_an_account() && random.percent(25) {
        levels(random, target, Kind::Scp)
    } else {
        Value::Null
    };
    let rcp = if random.percent(15) { levels(random, target, Kind::Rcp) } else { Value::Null };
    json!({"identity": identity, "resource": resource, "boundary": boundary, "session": session,
           "scp": scp, "rcp": rcp, "endpoint": endpoint})
}

/// The root and perhaps the account, each with AWS's policy that allows everything, or with others.
fn levels(random: &mut Random, target: &Target, kind: Kind) -> Value {
    let mut level = || {
        let everything = policies::everything(kind);
        let other = policies::document(random, target, kind);
        match random.between(0, 9) {
            0..=3 => json!([everything]),
            4..=7 => json!([everything, other]),
            _ if kind == Kind::Rcp => json!([everything, other]),
            _ => json!([other]),
        }
    };
    let first = level();
    let second = level();
    if random.percent(50) { json!([first]) } else { json!([first, second]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_its_cases_and_they_have_everything() {
        assert_eq!(cases(7, 20), cases(7, 20));
        assert_ne!(cases(7, 20), cases(8, 20));
        let all = Value::from(cases(1, 2_000)).to_string();
        for part in [
            "NotPrincipal",
            "NotAction",
            "NotResource",
            "ForAllValues:",
            "ForAnyValue:",
            "IfExists",
            "Null",
            "BinaryEquals",
            "NotIpAddress",
            "ArnNotLike",
            "NumericLessThanEquals",
            "DateGreaterThan",
            "${*}",
            "2008-10-17",
            "RestrictPublicBuckets",
            "federated-user",
            "\"anonymous\"",
            "\"service:",
            ":root",
        ] {
            assert!(all.contains(part), "no case has {part}");
        }
    }
}
