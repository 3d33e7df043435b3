//! Who made a call, from `userIdentity`.

use leastwise_iam::AccountId;
use leastwise_model::{Caller, CallerKind};

use crate::json::Value;
use crate::{Event, Field};

/// The members of `userIdentity` that tell who it is.
///
/// Source: [CloudTrail userIdentity element](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Identity<'r> {
    pub(crate) kind: Option<&'r str>,
    arn: Option<&'r str>,
    account: Option<&'r str>,
    principal: Option<&'r str>,
    pub(crate) key: Option<&'r str>,
    name: Option<&'r str>,
    pub(crate) invoked_by: Option<&'r str>,
    provider: Option<&'r str>,
    /// The ARN of the role or user that issued the session.
    issuer: Option<&'r str>,
    on_behalf_of: Option<Value<'r>>,
}

impl<'r> Identity<'r> {
    pub(crate) fn of(event: &Event<'r>) -> Self {
        let mut identity = Self::default();
        let members = event.field(Field::UserIdentity).into_iter().flat_map(Value::members);
        for (name, value) in members {
            match name {
                "type" => identity.kind = value.as_str(),
                "arn" => identity.arn = value.as_str(),
                "accountId" => identity.account = value.as_str(),
                "principalId" => identity.principal = value.as_str(),
                "accessKeyId" => identity.key = value.as_str(),
                "userName" => identity.name = value.as_str(),
                "invokedBy" => identity.invoked_by = value.as_str(),
                "identityProvider" => identity.provider = value.as_str(),
                "sessionContext" => identity.issuer = issuer(value),
                "onBehalfOf" => identity.on_behalf_of = Some(value),
                _ => {}
            }
        }
        identity
    }

    /// True if the call was made by a service for itself.
    pub(crate) fn is_service(&self) -> bool {
        self.kind == Some("AWSService")
    }

    /// The account of the caller.
    pub(crate) fn account(&self) -> Option<&'r str> {
        self.account
    }

    /// The service that made the call in the caller's name, as a forward access session.
    ///
    /// Source: [Forward access sessions](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html).
    pub(crate) fn via(&self) -> Option<&'r str> {
        self.invoked_by.filter(|_| !self.is_service())
    }

    /// The long-term access key that signed the call; temporary ones begin with `ASIA`.
    ///
    /// Source: [Unique identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids).
    pub(crate) fn long_term_key(&self) -> Option<&'r str> {
        self.key.filter(|key| key.starts_with("AKIA"))
    }

    /// All that caller, session and key are made of.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Option<&'r str>> {
        let first = [self.kind, self.arn, self.issuer, self.account, self.long_term_key()];
        let more = [self.principal, self.name, self.invoked_by, self.provider, self.on_behalf_of("userId")];
        let store = self.on_behalf_of("identityStoreArn");
        let needed = if self.arn.is_some() && self.kind != Some("AWSAccount") { 0 } else { more.len() };
        first.into_iter().chain(more.into_iter().take(needed)).chain(std::iter::once(store).take(needed))
    }

    fn on_behalf_of(&self, member: &str) -> Option<&'r str> {
        self.on_behalf_of?.get(member)?.as_str()
    }

    /// The caller.
    pub(crate) fn caller(&self) -> Caller {
        self.known().unwrap_or_else(|| Caller {
            kind: CallerKind::Unknown,
            account: self.account_id(),
            id: self.kind.unwrap_or("no identity").to_owned(),
        })
    }

    fn known(&self) -> Option<Caller> {
        Some(match self.kind? {
            "Root" => self.root(),
            "IAMUser" => caller(CallerKind::User, self.iam_arn("user", self.arn, self.name)?),
            "AssumedRole" => caller(CallerKind::Role, self.role()?),
            "FederatedUser" => caller(CallerKind::FederatedUser, self.arn?.to_owned()),
            "AWSAccount" => plain(CallerKind::Account, self.account_id(), self.account?),
            "AWSService" => plain(CallerKind::Service, None, self.invoked_by?),
            "WebIdentityUser" => plain(CallerKind::WebIdentityProvider, self.account_id(), self.provider?),
            "SAMLUser" => plain(CallerKind::SamlProvider, self.account_id(), self.provider()?),
            "IdentityCenterUser" => {
                plain(CallerKind::IdentityCenterUser, self.account_id(), &self.identity_center_user()?)
            }
            _ => return None,
        })
    }

    fn root(&self) -> Caller {
        let account = self.account_id().or_else(|| account_of(self.arn?));
        let id = self.arn.map_or_else(|| "root".to_owned(), ToOwned::to_owned);
        Caller { kind: CallerKind::Root, account, id }
    }

    fn role(&self) -> Option<String> {
        self.iam_arn("role", self.issuer.filter(|arn| arn.contains(":role/")), self.session_role())
    }

    /// The ARN as it stands, or one with the name and an unknown path.
    fn iam_arn(&self, kind: &str, arn: Option<&str>, name: Option<&str>) -> Option<String> {
        if let Some(arn) = arn {
            return Some(arn.to_owned());
        }
        let partition = self.arn.and_then(|arn| arn.split(':').nth(1)).unwrap_or("aws");
        let account = self.account_id().or_else(|| account_of(self.arn?))?;
        Some(format!("arn:{partition}:iam::{account}:{kind}/{{path}}{}", name?))
    }

    /// The name of the role in the ARN of a session, `arn:…:assumed-role/ROLE/SESSION`.
    fn session_role(&self) -> Option<&'r str> {
        let (_, path) = self.arn?.split_once(":assumed-role/")?;
        path.split('/').next()
    }

    fn account_id(&self) -> Option<AccountId> {
        self.account?.parse().ok()
    }

    /// The provider of a user of SAML: `userIdentity` has it there, or at the head of the principal's id.
    fn provider(&self) -> Option<&'r str> {
        self.provider.or_else(|| Some(self.principal?.split_once(':')?.0))
    }

    /// The id of a user of IAM Identity Center, with the store that knows it.
    ///
    /// Source: [Identity Center user identity](https://docs.aws.amazon.com/singlesignon/latest/userguide/sso-cloudtrail-use-cases.html).
    fn identity_center_user(&self) -> Option<String> {
        let (user, store) = (self.on_behalf_of("userId")?, self.on_behalf_of("identityStoreArn"));
        Some(store.map_or_else(|| user.to_owned(), |store| format!("{store}/user/{user}")))
    }

    /// The session's name, or the name of a provider's user.
    pub(crate) fn session(&self) -> Option<&'r str> {
        match self.kind? {
            "AssumedRole" => {
                let of_arn = self.arn.and_then(|arn| Some(arn.rsplit_once('/')?.1));
                of_arn.or_else(|| Some(self.principal?.split_once(':')?.1))
            }
            "WebIdentityUser" | "SAMLUser" | "AWSAccount" => self.name.or(self.principal),
            "IdentityCenterUser" => self.name,
            _ => None,
        }
    }
}

fn issuer(context: Value<'_>) -> Option<&str> {
    context.get("sessionIssuer")?.get("arn")?.as_str()
}

fn caller(kind: CallerKind, arn: String) -> Caller {
    Caller { kind, account: account_of(&arn), id: arn }
}

fn plain(kind: CallerKind, account: Option<AccountId>, id: &str) -> Caller {
    Caller { kind, account, id: id.to_owned() }
}

fn account_of(arn: &str) -> Option<AccountId> {
    arn.split(':').nth(4)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Record;

    #[test]
    fn callers() {
        let table = [
            (
                r#"{"type":"IAMUser","principalId":"AIDA","arn":"arn:aws:iam::111111111111:user/a/Alice","accountId":"111111111111","accessKeyId":"AKIAEXAMPLE","userName":"Alice"}"#,
                "User arn:aws:iam::111111111111:user/a/Alice -",
            ),
            (
                r#"{"type":"IAMUser","accountId":"111111111111","userName":"Alice"}"#,
                "User arn:aws:iam::111111111111:user/{path}Alice -",
            ),
            (r#"{"type":"IAMUser","accountId":"111111111111"}"#, "Unknown IAMUser -"),
            (
                r#"{"type":"AssumedRole","principalId":"AROA:s","arn":"arn:aws:sts::111111111111:assumed-role/R/s","accountId":"111111111111","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111111111111:role/p/R"}}}"#,
                "Role arn:aws:iam::111111111111:role/p/R s",
            ),
            (
                r#"{"type":"AssumedRole","arn":"arn:aws-cn:sts::111111111111:assumed-role/R/s"}"#,
                "Role arn:aws-cn:iam::111111111111:role/{path}R s",
            ),
            (
                r#"{"type":"Root","arn":"arn:aws:iam::111111111111:root","accountId":"111111111111"}"#,
                "Root arn:aws:iam::111111111111:root -",
            ),
            (
                r#"{"type":"FederatedUser","arn":"arn:aws:sts::111111111111:federated-user/F","accountId":"111111111111","sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/U"}}}"#,
                "FederatedUser arn:aws:sts::111111111111:federated-user/F -",
            ),
            (
                r#"{"type":"AWSAccount","accountId":"222222222222","principalId":"AROA:x"}"#,
                "Account 222222222222 AROA:x",
            ),
            (r#"{"type":"AWSAccount","accountId":"ANONYMOUS_PRINCIPAL"}"#, "Account ANONYMOUS_PRINCIPAL -"),
            (r#"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#, "Service ec2.amazonaws.com -"),
            (r#"{"type":"AWSService"}"#, "Unknown AWSService -"),
            (
                r#"{"type":"WebIdentityUser","principalId":"accounts.google.com:app:1","userName":"1","identityProvider":"accounts.google.com"}"#,
                "WebIdentityProvider accounts.google.com 1",
            ),
            (r#"{"type":"SAMLUser","principalId":"abc=:eve","userName":"eve"}"#, "SamlProvider abc= eve"),
            (
                r#"{"type":"IdentityCenterUser","accountId":"111111111111","onBehalfOf":{"userId":"u-1","identityStoreArn":"arn:aws:identitystore::111111111111:identitystore/d-1"}}"#,
                "IdentityCenterUser arn:aws:identitystore::111111111111:identitystore/d-1/user/u-1 -",
            ),
            (r#"{"type":"Directory"}"#, "Unknown Directory -"),
            (r#"{"type":7}"#, "Unknown no identity -"),
            ("null", "Unknown no identity -"),
        ];
        for (identity, expected) in table {
            let json = format!(r#"{{"userIdentity":{identity}}}"#);
            let record = Record::parse(json.as_bytes()).unwrap();
            let identity = Identity::of(&Event::new(record.root()).unwrap());
            let caller = identity.caller();
            let found = format!("{:?} {} {}", caller.kind, caller.id, identity.session().unwrap_or("-"));
            assert_eq!(found, expected, "{json}");
        }
    }

    #[test]
    fn keys_and_services_in_between() {
        let json = r#"{"userIdentity":{"type":"IAMUser","accessKeyId":"ASIAX","invokedBy":"cloudformation.amazonaws.com"}}"#;
        let record = Record::parse(json.as_bytes()).unwrap();
        let identity = Identity::of(&Event::new(record.root()).unwrap());
        assert_eq!((identity.long_term_key(), identity.via()), (None, Some("cloudformation.amazonaws.com")));
    }
}
