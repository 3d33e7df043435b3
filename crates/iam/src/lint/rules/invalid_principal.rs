use crate::lint::Severity;
use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::spot::Spot;
use crate::lint::subject::Subject;
use crate::{Arn, Principal, PrincipalKind, Principals};

rule! {
    /// ## What it finds
    /// A principal that has not the form of one: a wildcard within an ARN, an account id without twelve digits, a
    /// service that is not named like one. A unique id (`AIDA…`, `AROA…`) is what is left of a principal that was
    /// deleted.
    /// ## Why it matters
    /// AWS refuses the policy, or, with the id of a deleted principal, the entry means nobody. A wildcard means
    /// nothing but everyone: `arn:aws:iam::123456789012:role/*` is not "all roles".
    /// ## How to fix
    /// Name the principal, or name the account and add a condition with `ArnLike` on `aws:PrincipalArn`.
    ///
    /// Source: [Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    static INVALID_PRINCIPAL = {
        id: "invalid-principal", title: "a principal has not the form of one",
        severity: Severity::Error, find: invalid_principal,
    }
}

fn invalid_principal(subject: &Subject<'_>, found: &mut Found<'_>) {
    for facts in &subject.statements {
        let principals = &facts.statement.principals;
        let name = if let Principals::AllBut(_) = principals { "NotPrincipal" } else { "Principal" };
        let entries = principals.entries();
        for (i, principal) in entries.iter().enumerate() {
            if let Some(why) = why_invalid(principal) {
                let spot = Spot::Entry(facts.index, name, i, entries.len());
                found.add(spot, format!("`{}` is not a principal: {why}", principal.value));
            }
        }
    }
}

fn why_invalid(principal: &Principal) -> Option<&'static str> {
    match principal.kind {
        PrincipalKind::Everyone => None,
        PrincipalKind::Aws => why_no_aws_principal(&principal.value),
        PrincipalKind::Service => {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.".contains(&b);
            let named = principal.value.contains('.') && principal.value.bytes().all(plain);
            (!named).then_some("a service such as `ec2.amazonaws.com` is expected")
        }
        PrincipalKind::Federated => {
            let wild = principal.value.contains(['*', '?']) && &*principal.value != "*";
            let empty = principal.value.is_empty();
            (wild || empty).then_some("a provider's ARN or host name, without wildcards, is expected")
        }
        PrincipalKind::CanonicalUser => {
            let id = principal.value.len() == 64 && principal.value.bytes().all(|b| b.is_ascii_hexdigit());
            (!id && &*principal.value != "*").then_some("a canonical id of 64 hexadecimal digits is expected")
        }
    }
}

fn why_no_aws_principal(value: &str) -> Option<&'static str> {
    if value == "*" {
        return None;
    }
    if value.contains(['*', '?']) {
        return Some("wildcards within a principal mean nothing; use a condition on `aws:PrincipalArn`");
    }
    if value.bytes().all(|b| b.is_ascii_digit()) {
        return (value.len() != 12).then_some("an account id has twelve digits");
    }
    if value.get(..4).is_some_and(|start| matches!(start, "AIDA" | "AROA")) {
        return Some("it is the id of a principal that was deleted; remove it");
    }
    match value.parse::<Arn>() {
        Err(_) => Some("an ARN, an account id or `*` is expected"),
        Ok(arn) if !matches!(arn.service(), "iam" | "sts") => Some("an ARN of IAM or STS is expected"),
        // The account of CloudFront's origin access identities is the word `cloudfront`.
        Ok(arn) if arn.account().is_none() && !value.contains("::cloudfront:") => {
            Some("the account id in its ARN has not twelve digits")
        }
        Ok(arn) if arn.resource().starts_with("group/") => Some("a group cannot be a principal"),
        Ok(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::check_kind;

    #[test]
    fn principals() {
        for (kind, value, message) in [
            ("AWS", "*", ""),
            ("AWS", "123456789012", ""),
            ("AWS", "arn:aws:iam::123456789012:root", ""),
            ("AWS", "arn:aws:sts::123456789012:assumed-role/a/b", ""),
            ("Service", "ec2.amazonaws.com", ""),
            ("Federated", "arn:aws:iam::123456789012:saml-provider/x", ""),
            ("Federated", "cognito-identity.amazonaws.com", ""),
            ("AWS", "arn:aws:iam::123456789012:role/*", "wildcards within a principal"),
            ("AWS", "12345", "twelve digits"),
            ("AWS", "arn:aws:iam::12345:root", "twelve digits"),
            ("AWS", "arn:aws:s3:::bucket", "IAM or STS"),
            ("AWS", "arn:aws:iam::123456789012:group/x", "a group cannot"),
            ("AWS", "AROAEXAMPLEEXAMPLE12", "deleted"),
            ("AWS", "alice", "an ARN, an account id"),
            ("Service", "ec2", "a service such as"),
            ("Federated", "*.example.com", "without wildcards"),
            ("CanonicalUser", "abc", "canonical id"),
        ] {
            let statement = format!(r#""Principal":{{"{kind}":"{value}"}},"Action":"*","Resource":"*""#);
            check_kind("invalid-principal", PolicyKind::Resource, &[(&statement, message)]);
        }
    }
}
