use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::keys::{KeyForm, names};
use crate::lint::rule::rule;
use crate::lint::subject::Subject;

rule! {
    /// ## What it finds
    /// A context key that no service has: a global key (`aws:…`) that AWS does not list, a key that its service does
    /// not have, a prefix of no service. Keys of web identity and SAML providers are taken as they are.
    /// ## Why it matters
    /// No request has the key. The condition of an `Allow` never holds; a negated one, or one with `IfExists`, always
    /// does, and so does one with `ForAllValues`.
    /// ## How to fix
    /// Take the key from the service's page in the Service Authorization Reference.
    ///
    /// Source: [Global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
    /// [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    static UNKNOWN_CONDITION_KEY = {
        id: "unknown-condition-key", title: "there is no such context key",
        severity: Severity::Error, find: unknown_condition_key,
    }
}

fn unknown_condition_key(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (_, condition, spot) in subject.conditions() {
        let key = &*condition.key;
        let what = match subject.key(key) {
            KeyForm::Known(_) | KeyForm::Free => continue,
            KeyForm::Malformed => "has not the form `service:name`".to_owned(),
            KeyForm::UnknownGlobal => {
                format!("is not a global context key{}", subject.did_you_mean(key, names(None)))
            }
            KeyForm::UnknownOfService(service) => {
                let hint = subject.did_you_mean(key, names(Some(service)));
                format!("is not a context key of {}{hint}", service.name())
            }
            KeyForm::UnknownPrefix => {
                format!("is a context key of no service{}", subject.did_you_mean(key, names(None)))
            }
        };
        found.add(spot, format!("`{key}` {what}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::check;

    #[test]
    fn keys() {
        let with = |key: &str| format!(r#""Action":"*","Condition":{{"StringEquals":{{"{key}":"x"}}}}"#);
        for fine in [
            "aws:PrincipalOrgID",
            "AWS:principalorgid",
            "aws:PrincipalTag/any thing",
            "s3:prefix",
            "kms:EncryptionContext:aws:s3:arn",
            "token.actions.githubusercontent.com:sub",
            "saml:aud",
            "secretsmanager:ResourceTag/owner",
            "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub",
        ] {
            check("unknown-condition-key", &[(&with(fine), "")]);
        }
        for (wrong, message) in [
            ("aws:PrincipalOrgId2", "not a global context key; did you mean `aws:PrincipalOrgID`?"),
            ("s3:prefixes", "not a context key of … did you mean `s3:prefix`?"),
            ("nosuch:key", "of no service"),
            ("username", "has not the form"),
            ("aws:PrincipalTag/", "not a global context key"),
        ] {
            check("unknown-condition-key", &[(&with(wrong), message)]);
        }
    }
}
