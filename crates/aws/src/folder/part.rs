use leastwise_model::Missing;

/// The parts of a snapshot that files can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Details,
    Summary,
    CredentialReport,
    PasswordPolicy,
    VirtualMfaDevices,
    ServerCertificates,
    SamlProviders,
    OidcProviders,
    OidcProvider,
    Aliases,
    PrimaryContact,
    BillingContact,
    OperationsContact,
    SecurityContact,
    Caller,
    Organization,
    OrganizationAccounts,
}

/// A part, the operation that answers it, the CLI command that writes it, and words in names of its files.
type Entry = (Part, &'static str, &'static str, &'static [&'static str]);

/// The table; where a file's name fits several entries, the first one counts.
const PARTS: &[Entry] = &[
    (
        Part::Details,
        "GetAccountAuthorizationDetails",
        "iam get-account-authorization-details",
        &["authorization-details"],
    ),
    (Part::CredentialReport, "GetCredentialReport", "iam get-credential-report", &["credential-report"]),
    (Part::Summary, "GetAccountSummary", "iam get-account-summary", &["account-summary"]),
    (
        Part::PasswordPolicy,
        "GetAccountPasswordPolicy",
        "iam get-account-password-policy",
        &["password-policy"],
    ),
    (
        Part::VirtualMfaDevices,
        "ListVirtualMFADevices",
        "iam list-virtual-mfa-devices --assignment-status Assigned",
        &["virtual-mfa", "mfa-devices"],
    ),
    (
        Part::ServerCertificates,
        "ListServerCertificates",
        "iam list-server-certificates",
        &["server-certificate"],
    ),
    (Part::SamlProviders, "ListSAMLProviders", "iam list-saml-providers", &["saml-provider"]),
    (
        Part::OidcProvider,
        "GetOpenIDConnectProvider",
        "iam get-open-id-connect-provider --open-id-connect-provider-arn ARN",
        &["get-open-id-connect-provider"],
    ),
    (
        Part::OidcProviders,
        "ListOpenIDConnectProviders",
        "iam list-open-id-connect-providers",
        &["open-id-connect-providers", "openid-connect-providers", "oidc-providers"],
    ),
    (Part::Aliases, "ListAccountAliases", "iam list-account-aliases", &["account-alias"]),
    (
        Part::BillingContact,
        "GetAlternateContact",
        "account get-alternate-contact --alternate-contact-type BILLING",
        &["billing"],
    ),
    (
        Part::OperationsContact,
        "GetAlternateContact",
        "account get-alternate-contact --alternate-contact-type OPERATIONS",
        &["operations"],
    ),
    (
        Part::SecurityContact,
        "GetAlternateContact",
        "account get-alternate-contact --alternate-contact-type SECURITY",
        &["security"],
    ),
    (
        Part::PrimaryContact,
        "GetContactInformation",
        "account get-contact-information",
        &["contact-information", "primary-contact"],
    ),
    (Part::Caller, "GetCallerIdentity", "sts get-caller-identity", &["caller-identity"]),
    (
        Part::Organization,
        "DescribeOrganization",
        "organizations describe-organization",
        &["describe-organization", "organization.json"],
    ),
    (
        Part::OrganizationAccounts,
        "ListAccounts",
        "organizations list-accounts",
        &["list-accounts", "organization-accounts"],
    ),
];

impl Part {
    /// The part that a file of this name most likely holds; asked only where its content does not tell.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace(['_', ' '], "-");
        let fits = |entry: &&Entry| entry.3.iter().any(|word| name.contains(word));
        PARTS.iter().find(fits).map(|entry| entry.0)
    }

    /// The part that an operation answers; for alternate contacts, the file's name has to tell which.
    pub(super) fn of_operation(operation: &str, file: &str) -> Option<Self> {
        let mut fitting = PARTS.iter().filter(|entry| entry.1 == operation).map(|entry| entry.0);
        match (fitting.next(), fitting.next()) {
            (Some(part), None) => Some(part),
            _ => Self::of_name(file).filter(|part| part.entry().is_some_and(|entry| entry.1 == operation)),
        }
    }

    /// The alternate contact of this type.
    pub(super) fn of_contact(kind: &str) -> Option<Self> {
        match kind {
            "BILLING" => Some(Self::BillingContact),
            "OPERATIONS" => Some(Self::OperationsContact),
            "SECURITY" => Some(Self::SecurityContact),
            _ => None,
        }
    }

    /// That the folder does not hold the part, and how to get it.
    pub(super) fn absent(self) -> Missing {
        let command = self.entry().map_or("", |entry| entry.2);
        let words: Vec<&str> = command.split(' ').collect();
        let verb = words.get(1).copied().unwrap_or_default();
        let file = match self {
            Self::BillingContact => "billing-contact",
            Self::OperationsContact => "operations-contact",
            Self::SecurityContact => "security-contact",
            _ => verb.trim_start_matches("get-").trim_start_matches("list-"),
        };
        Missing::not_collected(format!("no `{verb}` output in the folder; run `aws {command} > {file}.json`"))
    }

    fn entry(self) -> Option<&'static Entry> {
        PARTS.iter().find(|entry| entry.0 == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_operations() {
        let names = [
            ("Account_Authorization_Details-2.json", Some(Part::Details)),
            ("credential-report.csv", Some(Part::CredentialReport)),
            ("billing contact.json", Some(Part::BillingContact)),
            ("notes.txt", None),
        ];
        for (name, part) in names {
            assert_eq!(Part::of_name(name), part, "{name}");
        }
        assert_eq!(Part::of_operation("GetAccountSummary", "x"), Some(Part::Summary));
        assert_eq!(Part::of_operation("GetAlternateContact", "x"), None);
        assert_eq!(Part::of_operation("GetAlternateContact", "security.json"), Some(Part::SecurityContact));
        assert_eq!(Part::of_operation("RunInstances", "security.json"), None);
    }

    #[test]
    fn absent_parts_say_how_to_get_them() {
        let detail = Part::Summary.absent().detail;
        assert!(detail.contains("`aws iam get-account-summary > account-summary.json`"), "{detail}");
        assert!(Part::BillingContact.absent().detail.contains("> billing-contact.json"));
    }

    #[test]
    fn each_operation_is_one_that_a_collection_calls() {
        for (part, operation, ..) in PARTS {
            let known =
                crate::permissions::OPERATIONS.iter().any(|o| o.action.ends_with(&format!(":{operation}")));
            assert!(known, "{part:?}");
        }
    }
}
