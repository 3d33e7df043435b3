//! The organisation that the logs are of. Names and numbers are made up; addresses are those for documentation.

use fastrand::Rng;

pub(super) const ORGANIZATION: &str = "o-exampleorgid";

/// Number and purpose of each account; those first have most of the traffic.
pub(super) const ACCOUNTS: [(&str, &str); 6] = [
    ("111122223333", "production"),
    ("444455556666", "staging"),
    ("777788889999", "data"),
    ("123456789012", "shared"),
    ("210987654321", "security"),
    ("999988887777", "management"),
];

pub(super) const REGIONS: [&str; 5] =
    ["us-east-1", "eu-west-1", "us-west-2", "eu-central-1", "ap-southeast-2"];

/// Users of each account, with their paths.
pub(super) const USERS: [&str; 5] = ["alice", "bob", "ops/deploy-bot", "ops/backup", "contractors/carol"];

/// Roles of each account, with their paths, and the service that assumes each; none for roles of people.
pub(super) const ROLES: [(&str, &str); 12] = [
    ("app-server", "ec2.amazonaws.com"),
    ("api-handler", "lambda.amazonaws.com"),
    ("service-role/stream-processor", "lambda.amazonaws.com"),
    ("etl-job", "glue.amazonaws.com"),
    ("web-task", "ecs-tasks.amazonaws.com"),
    ("aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", "config.amazonaws.com"),
    ("aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com"),
    ("pipeline/deployer", "codebuild.amazonaws.com"),
    ("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Administrator_0123456789abcdef", ""),
    ("aws-reserved/sso.amazonaws.com/AWSReservedSSO_ReadOnly_fedcba9876543210", ""),
    ("monitoring", ""),
    ("cross-account-audit", ""),
];

pub(super) const PEOPLE: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"];

pub(super) const BUCKETS: [&str; 6] =
    ["app-assets", "app-uploads", "data-lake", "access-logs", "backups", "artifacts"];

pub(super) fn account(index: usize) -> &'static str {
    ACCOUNTS.get(index).map_or("000000000000", |(number, _)| number)
}

pub(super) fn purpose(index: usize) -> &'static str {
    ACCOUNTS.get(index).map_or("", |(_, purpose)| purpose)
}

/// One of a list; nothing of an empty one.
pub(super) fn pick<T: Copy + Default>(rng: &mut Rng, list: &[T]) -> T {
    rng.choice(list).copied().unwrap_or_default()
}

/// So many hexadecimal digits.
pub(super) fn hex(rng: &mut Rng, digits: usize) -> String {
    std::iter::repeat_with(|| rng.digit(16)).take(digits).collect()
}

/// A random UUID, of version 4.
pub(super) fn uuid(rng: &mut Rng) -> String {
    let (head, tail) = ([8, 4].map(|digits| hex(rng, digits)).join("-"), hex(rng, 12));
    let [version, variant] = [3, 3].map(|digits| hex(rng, digits));
    format!("{head}-4{version}-a{variant}-{tail}")
}

/// One of a few resources of a kind: the same names come again.
pub(super) fn known(kind: &str, account: usize, number: usize) -> String {
    let mut rng = Rng::with_seed(kind.bytes().fold(account as u64 * 1_000 + number as u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    }));
    format!("{kind}-0{}", hex(&mut rng, 16))
}

/// The id that IAM gives an identity.
pub(super) fn unique_id(beginning: &str, account: usize, name: &str) -> String {
    let mut rng = Rng::with_seed(
        name.bytes().fold(account as u64, |sum, byte| sum.wrapping_mul(131) + u64::from(byte)),
    );
    let rest: String = std::iter::repeat_with(|| rng.alphanumeric().to_ascii_uppercase()).take(17).collect();
    format!("{beginning}{rest}")
}
