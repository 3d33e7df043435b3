//! Context keys, and those that AWS itself derives from caller and resource.

/// A condition context key; its case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    /// In lower case.
    pub name: Box<str>,
    /// Where its value comes from if the request does not give one.
    pub derived: Option<Derived>,
}

/// Keys whose values follow from who calls and what is asked for.
///
/// Source: [global condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Derived {
    PrincipalArn,
    PrincipalAccount,
    PrincipalType,
    PrincipalIsAwsService,
    PrincipalServiceName,
    UserName,
    UserId,
    ViaAwsService,
    CalledViaFirst,
    CalledViaLast,
    ResourceAccount,
    RequestedRegion,
    /// `kms:CallerAccount`, in requests to AWS KMS only.
    KmsCallerAccount,
    /// `s3:ResourceAccount`, in requests to Amazon S3 only.
    S3ResourceAccount,
    FederatedProvider,
}

impl Key {
    pub fn new(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let derived = derived(&name);
        Self { name: name.into(), derived }
    }
}

fn derived(name: &str) -> Option<Derived> {
    Some(match name {
        "aws:principalarn" => Derived::PrincipalArn,
        "aws:principalaccount" => Derived::PrincipalAccount,
        "aws:principaltype" => Derived::PrincipalType,
        "aws:principalisawsservice" => Derived::PrincipalIsAwsService,
        "aws:principalservicename" => Derived::PrincipalServiceName,
        "aws:username" => Derived::UserName,
        "aws:userid" => Derived::UserId,
        "aws:viaawsservice" => Derived::ViaAwsService,
        "aws:calledviafirst" => Derived::CalledViaFirst,
        "aws:calledvialast" => Derived::CalledViaLast,
        "aws:resourceaccount" => Derived::ResourceAccount,
        "aws:requestedregion" => Derived::RequestedRegion,
        "aws:federatedprovider" => Derived::FederatedProvider,
        "kms:calleraccount" => Derived::KmsCallerAccount,
        "s3:resourceaccount" => Derived::S3ResourceAccount,
        _ => return None,
    })
}
