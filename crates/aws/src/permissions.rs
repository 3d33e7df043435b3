//! Every operation that is called, and the policy that permits those of a collection.

use std::collections::BTreeSet;

use leastwise_iam::Partition;
use serde_json::{Value, json};

/// An operation that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// The IAM action that permits it, such as `iam:GetAccountSummary`.
    pub action: &'static str,
    /// When it is called.
    pub mode: Mode,
    /// What it is read for, in words.
    pub needed_for: &'static str,
    /// Where the permission comes from.
    pub grant: Grant,
}

/// When an operation is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// In each account.
    Always,
    /// Once; AWS permits it to the organisation's management account and to delegated administrators.
    Organization,
    /// In the management account, to get into the other accounts.
    Assume,
    /// Where service last-accessed data is asked for.
    LastAccessed,
    /// Where resource policies are asked for.
    Resources,
    /// Where CloudTrail's log files or its event history are read; never in a collection.
    Trail,
}

/// Whether AWS's managed policy `SecurityAudit` permits an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// It does.
    SecurityAudit,
    /// It does not; a policy of one's own has to.
    Lacking,
    /// No permission is needed.
    NotNeeded,
}

impl Operation {
    /// The service's prefix in IAM actions, such as `iam`.
    pub fn service(&self) -> &'static str {
        self.action.split_once(':').map_or("", |(service, _)| service)
    }

    /// True if AWS's managed policy `SecurityAudit` permits it.
    pub const fn in_security_audit(&self) -> bool {
        matches!(self.grant, Grant::SecurityAudit)
    }

    /// True if the caller needs a permission for it.
    pub const fn needs_permission(&self) -> bool {
        !matches!(self.grant, Grant::NotNeeded)
    }
}

/// The version of AWS's managed policy `SecurityAudit` that [`Operation::grant`] was taken from.
pub const SECURITY_AUDIT_VERSION: &str = "v92";

/// Declares the operations: a call takes one of these, so there is none that the table lacks.
macro_rules! operations {
    ($(#[$doc:meta])* $table:ident; $($name:ident = $action:literal, $mode:ident, $grant:ident, $needed_for:literal;)*) => {
        $(pub(crate) static $name: Operation = Operation {
            action: $action,
            mode: Mode::$mode,
            needed_for: $needed_for,
            grant: Grant::$grant,
        };)*

        $(#[$doc])*
        pub static $table: &[&Operation] = &[$(&$name),*];
    };
}

operations! {
    /// Every operation that a collection calls.
    ///
    /// Source: [actions for IAM](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html),
    /// [AWS Account Management](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html),
    /// [AWS Organizations](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html),
    /// [AWS STS](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html),
    /// [S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html),
    /// [KMS](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html),
    /// [SQS](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html),
    /// [SNS](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html),
    /// [Lambda](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html),
    /// [Secrets Manager](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html),
    /// [ECR](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html);
    /// [`SecurityAudit`](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/SecurityAudit.html).
    OPERATIONS;

    GET_CALLER_IDENTITY = "sts:GetCallerIdentity", Always, NotNeeded, "which account this is";
    GET_ACCOUNT_SUMMARY = "iam:GetAccountSummary", Always, SecurityAudit, "the root user's MFA, keys and password, and counts";
    GENERATE_CREDENTIAL_REPORT = "iam:GenerateCredentialReport", Always, SecurityAudit, "passwords, MFA and access keys of all users";
    GET_CREDENTIAL_REPORT = "iam:GetCredentialReport", Always, SecurityAudit, "passwords, MFA and access keys of all users";
    GET_ACCOUNT_AUTHORIZATION_DETAILS = "iam:GetAccountAuthorizationDetails", Always, SecurityAudit, "users, groups, roles and policies";
    LIST_VIRTUAL_MFA_DEVICES = "iam:ListVirtualMFADevices", Always, SecurityAudit, "whether the root user's MFA is hardware";
    GET_ACCOUNT_PASSWORD_POLICY = "iam:GetAccountPasswordPolicy", Always, SecurityAudit, "the password policy";
    LIST_SERVER_CERTIFICATES = "iam:ListServerCertificates", Always, SecurityAudit, "expired certificates";
    LIST_SAML_PROVIDERS = "iam:ListSAMLProviders", Always, SecurityAudit, "federation";
    LIST_OPEN_ID_CONNECT_PROVIDERS = "iam:ListOpenIDConnectProviders", Always, SecurityAudit, "federation";
    GET_OPEN_ID_CONNECT_PROVIDER = "iam:GetOpenIDConnectProvider", Always, SecurityAudit, "audiences of web identity providers";
    LIST_ACCOUNT_ALIASES = "iam:ListAccountAliases", Always, SecurityAudit, "the account's alias";
    GET_CONTACT_INFORMATION = "account:GetContactInformation", Always, Lacking, "the primary contact";
    GET_ALTERNATE_CONTACT = "account:GetAlternateContact", Always, SecurityAudit, "billing, operations and security contacts";
    DESCRIBE_ORGANIZATION = "organizations:DescribeOrganization", Always, SecurityAudit, "whether the account is in an organisation";
    LIST_ACCOUNTS = "organizations:ListAccounts", Organization, SecurityAudit, "the organisation's accounts";
    LIST_ROOTS = "organizations:ListRoots", Organization, SecurityAudit, "the organisation's tree";
    LIST_ORGANIZATIONAL_UNITS_FOR_PARENT = "organizations:ListOrganizationalUnitsForParent", Organization, SecurityAudit, "the organisation's tree";
    LIST_ACCOUNTS_FOR_PARENT = "organizations:ListAccountsForParent", Organization, SecurityAudit, "the organisation's tree";
    LIST_POLICIES = "organizations:ListPolicies", Organization, SecurityAudit, "service and resource control policies";
    DESCRIBE_POLICY = "organizations:DescribePolicy", Organization, SecurityAudit, "service and resource control policies";
    LIST_TARGETS_FOR_POLICY = "organizations:ListTargetsForPolicy", Organization, SecurityAudit, "service and resource control policies";
    LIST_DELEGATED_ADMINISTRATORS = "organizations:ListDelegatedAdministrators", Organization, SecurityAudit, "delegated administrators";
    LIST_DELEGATED_SERVICES_FOR_ACCOUNT = "organizations:ListDelegatedServicesForAccount", Organization, SecurityAudit, "delegated administrators";
    LIST_ORGANIZATIONS_FEATURES = "iam:ListOrganizationsFeatures", Organization, SecurityAudit, "whether root credentials are managed centrally";
    ASSUME_ROLE = "sts:AssumeRole", Assume, Lacking, "reading the organisation's other accounts";
    GET_USER = "iam:GetUser", Always, SecurityAudit, "the last use of a password, for users newer than the credential report, and `--recheck`";
    GET_LOGIN_PROFILE = "iam:GetLoginProfile", Always, SecurityAudit, "whether a user has a password, for users newer than the credential report, and `--recheck`";
    LIST_MFA_DEVICES = "iam:ListMFADevices", Always, SecurityAudit, "a user's MFA, for users newer than the credential report, and `--recheck`";
    LIST_ACCESS_KEYS = "iam:ListAccessKeys", Always, SecurityAudit, "a user's access keys, for users newer than the credential report, and `--recheck`";
    GET_ACCESS_KEY_LAST_USED = "iam:GetAccessKeyLastUsed", Always, SecurityAudit, "the last use of an access key, for users newer than the credential report, and `--recheck`";
    GENERATE_SERVICE_LAST_ACCESSED_DETAILS = "iam:GenerateServiceLastAccessedDetails", LastAccessed, SecurityAudit, "services that a principal used";
    GET_SERVICE_LAST_ACCESSED_DETAILS = "iam:GetServiceLastAccessedDetails", LastAccessed, SecurityAudit, "services that a principal used";
    LIST_BUCKETS = "s3:ListAllMyBuckets", Resources, SecurityAudit, "S3 buckets";
    GET_BUCKET_POLICY = "s3:GetBucketPolicy", Resources, SecurityAudit, "policies of S3 buckets";
    GET_BUCKET_PUBLIC_ACCESS_BLOCK = "s3:GetBucketPublicAccessBlock", Resources, SecurityAudit, "block public access of S3 buckets";
    GET_ACCOUNT_PUBLIC_ACCESS_BLOCK = "s3:GetAccountPublicAccessBlock", Resources, SecurityAudit, "block public access of the account";
    LIST_KEYS = "kms:ListKeys", Resources, SecurityAudit, "KMS keys";
    DESCRIBE_KEY = "kms:DescribeKey", Resources, SecurityAudit, "who manages a KMS key, and its state";
    GET_KEY_POLICY = "kms:GetKeyPolicy", Resources, SecurityAudit, "policies of KMS keys";
    LIST_GRANTS = "kms:ListGrants", Resources, SecurityAudit, "grants of KMS keys";
    LIST_QUEUES = "sqs:ListQueues", Resources, SecurityAudit, "SQS queues";
    GET_QUEUE_ATTRIBUTES = "sqs:GetQueueAttributes", Resources, SecurityAudit, "policies of SQS queues";
    LIST_TOPICS = "sns:ListTopics", Resources, SecurityAudit, "SNS topics";
    GET_TOPIC_ATTRIBUTES = "sns:GetTopicAttributes", Resources, SecurityAudit, "policies of SNS topics";
    LIST_FUNCTIONS = "lambda:ListFunctions", Resources, SecurityAudit, "Lambda functions";
    GET_POLICY = "lambda:GetPolicy", Resources, SecurityAudit, "policies of Lambda functions";
    LIST_SECRETS = "secretsmanager:ListSecrets", Resources, SecurityAudit, "secrets: that they exist, not what they hold";
    GET_RESOURCE_POLICY = "secretsmanager:GetResourcePolicy", Resources, SecurityAudit, "policies of secrets";
    DESCRIBE_REPOSITORIES = "ecr:DescribeRepositories", Resources, SecurityAudit, "ECR repositories";
    GET_REPOSITORY_POLICY = "ecr:GetRepositoryPolicy", Resources, SecurityAudit, "policies of ECR repositories";
}

operations! {
    /// Every operation that reading CloudTrail calls; they belong to no collection, and so to no policy for one.
    ///
    /// Source: [actions for CloudTrail](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html),
    /// [S3 operations and their permissions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
    TRAIL_OPERATIONS;

    LOOKUP_EVENTS = "cloudtrail:LookupEvents", Trail, SecurityAudit, "events of the last 90 days";
    LIST_PUBLIC_KEYS = "cloudtrail:ListPublicKeys", Trail, Lacking, "keys of digest files";
    LIST_BUCKET = "s3:ListBucket", Trail, SecurityAudit, "the log files in a bucket";
    GET_OBJECT = "s3:GetObject", Trail, Lacking, "log files";
}

/// Which of the operations a policy shall permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyScope {
    /// The modes besides [`Mode::Always`], which is always in.
    pub modes: BTreeSet<Mode>,
    /// The partition in which roles are assumed.
    pub partition: Partition,
    /// The name of the role to assume; it may have a path.
    pub role: String,
    /// Only what AWS's managed policy `SecurityAudit` does not permit already.
    pub beyond_security_audit: bool,
}

impl PolicyScope {
    /// Every mode.
    pub fn everything(partition: Partition, role: &str) -> Self {
        let modes = OPERATIONS.iter().map(|operation| operation.mode).collect();
        Self { modes, partition, role: role.to_owned(), beyond_security_audit: false }
    }

    /// True if the policy permits the operation.
    pub fn permits(&self, operation: &Operation) -> bool {
        operation.needs_permission()
            && !(self.beyond_security_audit && operation.in_security_audit())
            && (operation.mode == Mode::Always || self.modes.contains(&operation.mode))
    }
}

/// The exact policy document for a scope, as JSON.
pub fn policy(scope: &PolicyScope) -> Value {
    let wanted = || OPERATIONS.iter().filter(|operation| scope.permits(operation));
    let reads: BTreeSet<&str> = wanted()
        .filter(|operation| operation.mode != Mode::Assume)
        .map(|operation| operation.action)
        .collect();
    let mut statements = vec![json!({
        "Sid": "LeastwiseRead",
        "Effect": "Allow",
        "Action": reads,
        "Resource": "*",
    })];
    if scope.modes.contains(&Mode::Assume) {
        statements.push(json!({
            "Sid": "LeastwiseAssume",
            "Effect": "Allow",
            "Action": ASSUME_ROLE.action,
            "Resource": format!("arn:{}:iam::*:role/{}", scope.partition, scope.role.trim_start_matches('/')),
        }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

#[cfg(test)]
mod tests {
    use leastwise_model::PolicyText;

    use super::*;

    #[test]
    fn each_action_stands_once_and_reads() {
        let actions: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.action).collect();
        assert_eq!(actions.len(), OPERATIONS.len());
        for operation in OPERATIONS {
            let services = ["iam", "sts", "organizations", "account"];
            let is_core = services.contains(&operation.service());
            assert_eq!(is_core, operation.mode != Mode::Resources, "{}", operation.action);
            let (_, name) = operation.action.split_once(':').unwrap();
            let reads = ["Get", "List", "Describe", "Generate", "AssumeRole"];
            assert!(reads.iter().any(|verb| name.starts_with(verb)), "{name}");
        }
    }

    #[test]
    fn what_security_audit_lacks() {
        let lacking: Vec<&str> =
            OPERATIONS.iter().filter(|o| o.grant == Grant::Lacking).map(|o| o.action).collect();
        assert_eq!(lacking, ["account:GetContactInformation", "sts:AssumeRole"]);
    }

    #[test]
    fn the_policy_is_a_policy_of_just_the_scope() {
        let all = policy(&PolicyScope::everything(Partition::AwsCn, "/audit/reader"));
        let text = PolicyText::new(&all.to_string());
        assert_eq!(text.document().unwrap().statements.len(), 2);
        assert!(text.text().contains("arn:aws-cn:iam::*:role/audit/reader"));
        assert!(!text.text().contains("GetCallerIdentity"));

        let scope = PolicyScope { modes: BTreeSet::new(), ..PolicyScope::everything(Partition::Aws, "") };
        let least = policy(&scope).to_string();
        assert!(
            least.contains("iam:GetAccountSummary") && least.contains("organizations:DescribeOrganization")
        );
        assert!(least.contains("iam:ListMFADevices"), "a few users are read live in every audit");
        for absent in ["sts:AssumeRole", "LastAccessed", "organizations:ListAccounts", "s3:", "kms:"] {
            assert!(!least.contains(absent), "{absent}");
        }
    }
}
