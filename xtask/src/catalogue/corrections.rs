//! What both packages say wrongly, by AWS's documentation. Each entry of these tables that no longer changes anything
//! is an error, so that the tables do not outlive their cause.

use anyhow::{Context, Result, ensure};
use leastwise_iam::catalogue::AccessLevel::{self, PermissionsManagement};

use super::resource_policies::POLICIES;
use super::source::{Action, ConditionKey, Source};

/// Access levels: action, what it should be, why.
const LEVELS: [(&str, AccessLevel, &str); 1] = [(
    "iam:PassRole",
    PermissionsManagement,
    "it hands a role's permissions to a service (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)",
)];

/// Forms of ARNs: service, resource type, what the packages have, what it should be. The rule behind it, that no form
/// has `//` in it, is checked when the catalogue is compiled. The pinned versions have none that is wrong.
const ARNS: [(&str, &str, &str, &str); 0] = [];

/// Condition keys of actions that AWS documents outside the Service Authorization Reference: action, key, type.
///
/// Every OpenID Connect provider has these, under its own host name and path, which the reference can list for
/// well-known providers only. Source: [Available keys for AWS OIDC federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
const KEYS: [(&str, &str, &str); 5] = [
    ("sts:AssumeRoleWithWebIdentity", "${ProviderName}.${ProviderDomain}:amr", "ArrayOfString"),
    ("sts:AssumeRoleWithWebIdentity", "${ProviderName}.${ProviderDomain}:aud", "String"),
    ("sts:AssumeRoleWithWebIdentity", "${ProviderName}.${ProviderDomain}:email", "String"),
    ("sts:AssumeRoleWithWebIdentity", "${ProviderName}.${ProviderDomain}:oaud", "String"),
    ("sts:AssumeRoleWithWebIdentity", "${ProviderName}.${ProviderDomain}:sub", "String"),
];

/// Applies everything; returns how many values changed.
pub(super) fn apply(source: &mut Source) -> Result<usize> {
    let mut changed = 0;
    for (full_name, level, _) in LEVELS {
        let action = find(source, full_name)?;
        ensure!(action.access_level != level, "`{full_name}` is {level} in the packages by now; take it out");
        action.access_level = level;
        changed += 1;
    }
    for (prefix, kind, wrong, right) in ARNS {
        let kinds = source.services.get_mut(prefix).map(|service| &mut service.resource_types);
        let kind =
            kinds.and_then(|kinds| kinds.get_mut(kind)).with_context(|| format!("no `{prefix}:{kind}`"))?;
        ensure!(kind.arn == wrong, "the form of `{prefix}:{}` has changed; take it out", kind.key);
        right.clone_into(&mut kind.arn);
        changed += 1;
    }
    for (full_name, key, kind) in KEYS {
        let action = find(source, full_name)?;
        ensure!(
            !action.condition_keys.iter().any(|k| k == key),
            "`{full_name}` has `{key}` by now; take it out"
        );
        action.condition_keys.push(key.to_owned());
        let prefix = full_name.split(':').next().unwrap_or(full_name);
        let table = source.services.get_mut(prefix).map(|service| &mut service.condition_keys);
        let key = ConditionKey { key: key.to_owned(), kind: kind.to_owned() };
        table.with_context(|| format!("no service `{prefix}`"))?.insert(key.key.to_ascii_lowercase(), key);
        changed += 1;
    }
    Ok(changed + policy_changers(source)?)
}

/// An action that does nothing but set or delete a resource's policy manages permissions, by AWS's own definition of
/// the level ("permission to grant or modify resource permissions in the service"), also where AWS's table says
/// that it writes.
///
/// Source: [Access levels](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html).
fn policy_changers(source: &mut Source) -> Result<usize> {
    let mut changed = 0;
    for policy in POLICIES {
        for name in policy.changed_by {
            let action = find(source, &format!("{}:{name}", policy.service))?;
            if action.access_level != PermissionsManagement {
                action.access_level = PermissionsManagement;
                changed += 1;
            }
        }
    }
    Ok(changed)
}

fn find<'a>(source: &'a mut Source, full_name: &str) -> Result<&'a mut Action> {
    let lower = full_name.to_ascii_lowercase();
    let found = lower
        .split_once(':')
        .and_then(|(prefix, name)| source.services.get_mut(prefix)?.actions.get_mut(name));
    found.with_context(|| format!("the corrections name `{full_name}`, which the packages lack"))
}
