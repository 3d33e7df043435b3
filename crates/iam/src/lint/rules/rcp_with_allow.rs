use crate::lint::finding::Found;
use crate::lint::rule::rule;
use crate::lint::subject::Subject;
use crate::lint::{PolicyKind, Severity};

rule! {
    /// ## What it finds
    /// An `Allow` in a resource control policy.
    /// ## Why it matters
    /// AWS refuses it: the policy `RCPFullAWSAccess`, which is always attached, allows everything, and others can only
    /// deny.
    /// ## How to fix
    /// Say what to deny.
    ///
    /// Source: [RCP syntax](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
    static RCP_WITH_ALLOW = {
        id: "rcp-with-allow", title: "a resource control policy has an `Allow`",
        severity: Severity::Error, find: rcp_with_allow,
    }
}

fn rcp_with_allow(subject: &Subject<'_>, found: &mut Found<'_>) {
    let rcp = subject.kind == PolicyKind::Rcp;
    for facts in subject.statements.iter().filter(|facts| rcp && facts.allows()) {
        found.add(facts.element("Effect"), "a resource control policy can only deny");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::PolicyKind;
    use crate::lint::testing::check_kind;

    #[test]
    fn effects() {
        let allow = r#""Principal":"*","Action":"s3:*","Resource":"*""#;
        let deny = format!(r#""Effect":"Deny",{allow}"#);
        check_kind("rcp-with-allow", PolicyKind::Rcp, &[(allow, ".Effect: a resource"), (&deny, "")]);
        check_kind("rcp-with-allow", PolicyKind::Resource, &[(allow, "")]);
    }
}
