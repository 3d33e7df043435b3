use leastwise_iam::{AccountId, Arn};

use crate::{Account, Known, Missing, Organization, PolicyText, Reason, Resources, Snapshot};

/// A part of a snapshot that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread<'a> {
    /// The account, or `None` for the organisation.
    pub account: Option<AccountId>,
    /// Which part, such as `password policy` or `credentials of user alice`.
    pub part: String,
    /// Whose it is, where many of the account's things have such a part.
    pub share: Option<Share>,
    /// Why, and what would mend it.
    pub why: &'a Missing,
}

/// What a part is of one of many, so that reports can sum up: `credentials` of the `user` `alice`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// What they all have.
    pub what: String,
    /// What they are, in the singular.
    pub kind: &'static str,
    /// Which one of them.
    pub name: String,
}

impl Snapshot {
    /// Everything that could not be read, in the order of the snapshot. Last-accessed data and resources
    /// that were not asked for are not among it.
    pub fn unread(&self) -> Vec<Unread<'_>> {
        let mut list = List { account: None, entries: Vec::new() };
        list.add("organisation", &self.organization);
        if let Some(Some(organization)) = self.organization.value() {
            list.organization(organization);
        }
        for account in &self.accounts {
            list.account = Some(account.id);
            list.account(account);
        }
        list.entries
    }
}

/// A kind of things, and the name of one.
type Whose<'n> = (&'static str, &'n str);

struct List<'a> {
    account: Option<AccountId>,
    entries: Vec<Unread<'a>>,
}

impl<'a> List<'a> {
    fn add<T>(&mut self, part: impl Into<String>, value: &'a Known<T>) {
        if let Some(why) = value.missing() {
            self.entries.push(Unread { account: self.account, part: part.into(), share: None, why });
        }
    }

    /// Adds what one of many things lacks.
    fn of<T>(&mut self, what: &str, (kind, name): Whose<'_>, value: &'a Known<T>) {
        if let Some(why) = value.missing() {
            self.lacks(format!("{what} of {kind} {name}"), what, (kind, name), why);
        }
    }

    fn lacks(&mut self, part: String, what: &str, (kind, name): Whose<'_>, why: &'a Missing) {
        let share = Some(Share { what: what.to_owned(), kind, name: name.to_owned() });
        self.entries.push(Unread { account: self.account, part, share, why });
    }

    fn organization(&mut self, organization: &'a Organization) {
        self.add("accounts of the organisation", &organization.accounts);
        for account in organization.accounts.value().into_iter().flatten() {
            self.of("place", ("account", &account.id.to_string()), &account.parent);
        }
        self.add("organisational units", &organization.units);
        self.add("organisation policies", &organization.policies);
        for policy in organization.policies.value().into_iter().flatten() {
            let whose = ("organisation policy", policy.name.as_str());
            self.of("document", whose, &policy.document);
            self.of("targets", whose, &policy.targets);
        }
        self.add("delegated administrators", &organization.delegated_administrators);
        for administrator in organization.delegated_administrators.value().into_iter().flatten() {
            let name = administrator.account.to_string();
            self.of("services", ("delegated administrator", &name), &administrator.services);
        }
        self.add("central management of root credentials", &organization.central_root);
    }

    fn account(&mut self, account: &'a Account) {
        self.add("caller identity", &account.caller);
        self.add("account alias", &account.alias);
        self.add("account summary", &account.summary);
        if let Some(summary) = account.summary.value() {
            self.add("root MFA in the account summary", &summary.root_mfa_enabled);
            self.add("root access keys in the account summary", &summary.root_access_keys_present);
            self.add("root password in the account summary", &summary.root_password_present);
        }
        self.add("credential report", &account.credential_report);
        self.root(account);
        self.add("virtual MFA devices", &account.virtual_mfa_devices);
        self.add("password policy", &account.password_policy);
        self.add("primary contact", &account.primary_contact);
        self.add("billing contact", &account.alternate_contacts.billing);
        self.add("operations contact", &account.alternate_contacts.operations);
        self.add("security contact", &account.alternate_contacts.security);
        self.providers(account);
        self.add("users", &account.users);
        account.users.value().into_iter().flatten().for_each(|user| self.user(user));
        self.add("groups", &account.groups);
        self.add("roles", &account.roles);
        self.add("policies", &account.policies);
        self.documents(account);
        self.optional("service last-accessed data", &account.last_accessed);
        for (arn, services) in account.last_accessed.value().into_iter().flatten() {
            self.of("service last-accessed data", ("principal", &arn.to_string()), services);
        }
        self.optional("resource policies", &account.resources);
        if let Some(resources) = account.resources.value() {
            self.resources(resources);
        }
    }

    /// What is read only when asked for.
    fn optional<T>(&mut self, part: &str, value: &'a Known<T>) {
        if value.missing().is_none_or(|why| why.reason != Reason::NotRequested) {
            self.add(part, value);
        }
    }

    fn resources(&mut self, resources: &'a Resources) {
        self.add("S3 block public access of the account", &resources.public_access_block);
        self.add("S3 buckets", &resources.buckets);
        for bucket in resources.buckets.value().into_iter().flatten() {
            let name = bucket.arn.resource();
            self.resource_policy(&format!("policy of S3 bucket {name}"), &bucket.policy);
            self.add(format!("block public access of S3 bucket {name}"), &bucket.public_access_block);
        }
        for (region, resources) in &resources.regions {
            self.keys_of_kms(region, &resources.keys);
            for (kind, resources) in resources.kinds() {
                self.add(format!("{kind} list of {region}"), resources);
                for resource in resources.value().into_iter().flatten() {
                    let part = format!("policy of {kind} {}", named(&resource.arn));
                    self.resource_policy(&part, &resource.policy);
                }
            }
        }
    }

    fn keys_of_kms(&mut self, region: &str, keys: &'a Known<Vec<crate::Key>>) {
        self.add(format!("KMS key list of {region}"), keys);
        for key in keys.value().into_iter().flatten() {
            let name = named(&key.arn);
            self.add(format!("manager and state of KMS key {name}"), &key.metadata);
            self.resource_policy(&format!("policy of KMS key {name}"), &key.policy);
            self.add(format!("grants of KMS key {name}"), &key.grants);
        }
    }

    fn resource_policy(&mut self, part: &str, policy: &'a Known<Option<crate::PolicyText>>) {
        self.add(part, policy);
        let text = policy.value().and_then(Option::as_ref);
        if let Some(why) = text.and_then(crate::PolicyText::invalid_because) {
            self.entries.push(Unread { account: self.account, part: part.to_owned(), share: None, why });
        }
    }

    fn root(&mut self, account: &'a Account) {
        self.add("root user in the credential report", &account.root);
        if let Some(root) = account.root.value() {
            self.add("last use of root's password", &root.password_last_used);
            self.add("root's MFA in the credential report", &root.mfa_active);
            self.add("access keys of root", &root.access_keys);
            for key in root.access_keys.value().into_iter().flatten() {
                self.add(format!("creation of access key {} of root", key.slot), &key.created);
                self.add(format!("last use of access key {} of root", key.slot), &key.last_used);
            }
        }
    }

    fn providers(&mut self, account: &'a Account) {
        self.add("SAML providers", &account.saml_providers);
        self.add("OpenID Connect providers", &account.oidc_providers);
        for provider in account.oidc_providers.value().into_iter().flatten() {
            let issuer = provider.arn.resource();
            let issuer = issuer.strip_prefix("oidc-provider/").unwrap_or(issuer);
            self.of("audiences", ("OpenID Connect provider", issuer), &provider.client_ids);
        }
        self.add("server certificates", &account.server_certificates);
        for certificate in account.server_certificates.value().into_iter().flatten() {
            self.of("expiry", ("server certificate", &certificate.name), &certificate.expires);
        }
    }

    fn user(&mut self, user: &'a crate::User) {
        let whose = ("user", user.name.as_str());
        self.of("groups and policies", whose, &user.details);
        self.of("credentials", whose, &user.credentials);
        if let Some(credentials) = user.credentials.value() {
            self.of("password", whose, &credentials.password);
            if let Some(Some(password)) = credentials.password.value() {
                self.of("last use of the password", whose, &password.last_used);
                self.of("last change of the password", whose, &password.last_changed);
            }
            self.of("MFA", whose, &credentials.mfa_active);
            self.of("access keys", whose, &credentials.access_keys);
            for key in credentials.access_keys.value().into_iter().flatten() {
                self.of(&format!("creation of access key {}", key.slot), whose, &key.created);
                self.of(&format!("last use of access key {}", key.slot), whose, &key.last_used);
            }
        }
    }

    fn documents(&mut self, account: &'a Account) {
        let users = account.users.value().into_iter().flatten().filter_map(|user| {
            let details = user.details.value()?;
            Some(("user", &user.name, &details.policies))
        });
        let groups = account.groups.value().into_iter().flatten().map(|g| ("group", &g.name, &g.policies));
        let roles = account.roles.value().into_iter().flatten().map(|r| ("role", &r.name, &r.policies));
        for (kind, owner, policies) in users.chain(groups).chain(roles) {
            for policy in &policies.inline {
                if let Some(why) = illegible(&policy.document) {
                    let part = format!("inline policy {} of {kind} {owner}", policy.name);
                    self.lacks(part, "inline policies", (kind, owner), why);
                }
            }
        }
        for role in account.roles.value().into_iter().flatten() {
            self.document("trust policy", ("role", &role.name), &role.trust);
        }
        for policy in account.policies.value().into_iter().flatten() {
            self.document("document", ("policy", &policy.name), &policy.document);
        }
    }

    fn document(&mut self, what: &str, (kind, name): Whose<'_>, document: &'a Known<PolicyText>) {
        if let Some(why) = illegible(document) {
            self.lacks(format!("{what} of {kind} {name}"), what, (kind, name), why);
        }
    }
}

/// A regional resource's name, and its region.
fn named(arn: &Arn) -> String {
    format!("{} in {}", arn.resource(), arn.region())
}

/// Why nobody can tell what a document says, if so.
fn illegible(document: &Known<PolicyText>) -> Option<&Missing> {
    document.missing().or_else(|| document.value()?.invalid_because())
}
