use super::condition_key::{ConditionKey, KeyType};
use KeyType::{Arn, Bool, Date, IpAddress, Numeric, String};

/// The keys that AWS can put into the request of any service: those with the prefix `aws:`, and the few of
/// services that reach beyond their own (`ec2:SourceInstanceArn` and the like).
///
/// Source: [Global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html),
/// with data type and value type as that page gives them. The page writes `aws:PrincipalTag/tag-key`; here the part
/// to choose is `${TagKey}`, as in the Service Authorization Reference.
///
/// ```
/// # use leastwise_iam::catalogue::global_condition_keys;
/// let keys = global_condition_keys();
/// assert!(keys.iter().any(|key| key.name() == "aws:CalledVia" && key.is_multivalued()));
/// ```
pub fn global_condition_keys() -> &'static [ConditionKey] {
    &GLOBAL
}

const fn one(name: &'static str, key_type: KeyType) -> ConditionKey {
    ConditionKey { name, key_type, multivalued: false, global: true }
}

const fn many(name: &'static str) -> ConditionKey {
    ConditionKey { name, key_type: String, multivalued: true, global: true }
}

static GLOBAL: [ConditionKey; 62] = [
    // Properties of the principal.
    one("aws:PrincipalArn", Arn),
    one("aws:PrincipalAccount", String),
    many("aws:PrincipalOrgPaths"),
    one("aws:PrincipalOrgID", String),
    one("aws:PrincipalTag/${TagKey}", String),
    one("aws:PrincipalIsAWSService", Bool),
    one("aws:PrincipalServiceName", String),
    many("aws:PrincipalServiceNamesList"),
    one("aws:PrincipalType", String),
    one("aws:userid", String),
    one("aws:username", String),
    // Properties of a role session. A federated provider outside AWS is an ARN, one built into AWS a name.
    one("aws:AssumedRoot", Bool),
    one("aws:FederatedProvider", String),
    one("aws:TokenIssueTime", Date),
    one("aws:SignInSessionArn", Arn),
    one("aws:MultiFactorAuthAge", Numeric),
    one("aws:MultiFactorAuthPresent", Bool),
    one("aws:ChatbotSourceArn", Arn),
    one("aws:Ec2InstanceSourceVpc", String),
    one("aws:Ec2InstanceSourcePrivateIPv4", IpAddress),
    one("aws:SourceIdentity", String),
    one("ec2:RoleDelivery", Numeric),
    one("ec2:SourceInstanceArn", Arn),
    one("glue:RoleAssumedBy", String),
    one("glue:CredentialIssuingService", String),
    one("codebuild:BuildArn", Arn),
    one("codebuild:ProjectArn", Arn),
    one("lambda:SourceFunctionArn", Arn),
    one("ssm:SourceInstanceArn", Arn),
    one("identitystore:UserId", String),
    // Properties of the network.
    one("aws:SourceIp", IpAddress),
    one("aws:SourceVpc", String),
    one("aws:SourceVpcArn", Arn),
    one("aws:SourceVpce", String),
    one("aws:VpceAccount", String),
    one("aws:VpceOrgID", String),
    many("aws:VpceOrgPaths"),
    one("aws:VpcSourceIp", IpAddress),
    // Properties of the resource.
    one("aws:ResourceAccount", String),
    one("aws:ResourceOrgID", String),
    many("aws:ResourceOrgPaths"),
    one("aws:ResourceTag/${TagKey}", String),
    // Properties of the request.
    many("aws:CalledVia"),
    one("aws:CalledViaFirst", String),
    one("aws:CalledViaLast", String),
    one("aws:CalledViaAWSMCP", String),
    one("aws:ViaAWSService", Bool),
    one("aws:ViaAWSMCPService", Bool),
    one("aws:CurrentTime", Date),
    one("aws:EpochTime", Date),
    one("aws:referer", String),
    one("aws:RequestedRegion", String),
    one("aws:RequestTag/${TagKey}", String),
    many("aws:TagKeys"),
    one("aws:SecureTransport", Bool),
    one("aws:SourceAccount", String),
    one("aws:SourceArn", Arn),
    one("aws:SourceOrgID", String),
    many("aws:SourceOrgPaths"),
    one("aws:UserAgent", String),
    one("aws:IsMcpServiceAction", Bool),
    // No longer on the page, but still set by Amazon SNS and accepted in its policies.
    one("aws:SourceOwner", String),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_here_twice() {
        for (place, key) in GLOBAL.iter().enumerate() {
            let first = GLOBAL.iter().position(|other| other.name.eq_ignore_ascii_case(key.name));
            assert_eq!(first, Some(place), "{key}");
        }
    }

    #[test]
    fn types_are_those_of_the_page() {
        let table = [
            ("aws:SourceVpcArn", Arn, false),
            ("aws:PrincipalOrgPaths", String, true),
            ("aws:tagkeys", String, true),
            ("aws:CurrentTime", Date, false),
            ("aws:SourceIp", IpAddress, false),
            ("aws:MultiFactorAuthPresent", Bool, false),
            ("aws:PrincipalTag/team", String, false),
        ];
        for (name, key_type, multivalued) in table {
            let key = GLOBAL.iter().find(|key| key.matches(name)).unwrap();
            assert_eq!((key.key_type, key.multivalued), (key_type, multivalued), "{name}");
        }
    }
}
