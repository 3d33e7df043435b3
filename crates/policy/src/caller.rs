use leastwise_iam::{AccountId, Arn};

/// Who makes a request.
///
/// Source: [principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    kind: CallerKind,
    /// The ARN or name; empty for anonymous callers.
    text: Box<str>,
    /// The ARN of the role behind a session.
    role: Option<Box<str>>,
    /// `AIDA…` or `AROA…`, where it is known.
    id: Option<Box<str>>,
    account: Option<AccountId>,
    account_text: Box<str>,
}

/// The kinds of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// Nobody who has signed in.
    Anonymous,
    /// An AWS service acting for itself, such as `cloudtrail.amazonaws.com`.
    Service,
    /// The root user of an account.
    Root,
    /// An IAM user.
    User,
    /// A role, whatever the session is called.
    Role,
    /// A session of a role.
    RoleSession,
    /// A session of `sts:GetFederationToken`.
    FederatedUser,
    /// Somebody whom a SAML or web identity provider vouches for, before a role is assumed.
    Provider,
}

/// The text names no caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no principal: {why}; write the ARN of a user, role, role session, federated user, identity \
     provider or root user, `service:NAME`, or `anonymous`"
)]
pub struct CallerError {
    text: String,
    why: String,
}

impl Caller {
    /// Nobody who has signed in.
    pub fn anonymous() -> Self {
        Self::new(CallerKind::Anonymous, "", None)
    }

    /// An AWS service, by its principal's name.
    pub fn service(name: &str) -> Self {
        Self::new(CallerKind::Service, name, None)
    }

    /// Reads `anonymous`, `service:NAME`, or an ARN.
    ///
    /// # Errors
    /// The text is none of these.
    pub fn parse(text: &str) -> Result<Self, CallerError> {
        let error = |why: &str| CallerError { text: text.to_owned(), why: why.to_owned() };
        if text.eq_ignore_ascii_case("anonymous") {
            return Ok(Self::anonymous());
        }
        if let Some(name) = text.strip_prefix("service:") {
            return if name.is_empty() {
                Err(error("the service has no name"))
            } else {
                Ok(Self::service(name))
            };
        }
        let arn: Arn = text.parse().map_err(|why: leastwise_iam::ArnError| error(why.why()))?;
        let account = arn.account().ok_or_else(|| error("the ARN has no account"))?;
        let (prefix, name) = arn.resource().split_once('/').unwrap_or((arn.resource(), ""));
        let kind = match (arn.service(), prefix, name.is_empty()) {
            ("iam", "root", true) => CallerKind::Root,
            ("iam", "user", false) => CallerKind::User,
            ("iam", "role", false) => CallerKind::Role,
            ("iam", "saml-provider" | "oidc-provider", false) => CallerKind::Provider,
            ("sts", "federated-user", false) => CallerKind::FederatedUser,
            ("sts", "assumed-role", false) => return Self::session(&arn, account, name, error),
            _ => return Err(error("this kind of resource makes no requests")),
        };
        Ok(Self::new(kind, text, Some(account)))
    }

    fn session(
        arn: &Arn,
        account: AccountId,
        name: &str,
        error: impl Fn(&str) -> CallerError,
    ) -> Result<Self, CallerError> {
        let (role, session) = name.split_once('/').ok_or_else(|| error("the session has no name"))?;
        if role.is_empty() || session.is_empty() {
            return Err(error("role and session need a name"));
        }
        let role = Arn::iam(arn.partition(), account, &format!("role/{role}"));
        let caller = Self::new(CallerKind::RoleSession, arn.as_str(), Some(account));
        Ok(Self { role: Some(role.as_str().into()), ..caller })
    }

    fn new(kind: CallerKind, text: &str, account: Option<AccountId>) -> Self {
        let account_text = account.map(|account| account.to_string()).unwrap_or_default().into();
        Self { kind, text: text.into(), role: None, id: None, account, account_text }
    }

    /// Says which role is behind a session: its session's ARN does not tell the role's path.
    ///
    /// # Errors
    /// The caller is no session, or one of another role.
    pub fn with_role(self, role: &str) -> Result<Self, CallerError> {
        let error = |why: &str| CallerError { text: role.to_owned(), why: why.to_owned() };
        let arn: Arn = role.parse().map_err(|why: leastwise_iam::ArnError| error(why.why()))?;
        let assumed = self.role.as_deref().and_then(|assumed| assumed.parse::<Arn>().ok());
        let Some(assumed) = assumed else {
            return if self.kind == CallerKind::Role && &*self.text == role {
                Ok(self)
            } else {
                Err(error("only a role session has a role behind it"))
            };
        };
        if !arn.resource().starts_with("role/")
            || (arn.name(), arn.account()) != (assumed.name(), assumed.account())
        {
            return Err(error("it is not the role of the session"));
        }
        Ok(Self { role: Some(role.into()), ..self })
    }

    /// Says what the unique id of the user, or of the role, is.
    #[must_use]
    pub fn with_id(self, id: &str) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The kind.
    pub const fn kind(&self) -> CallerKind {
        self.kind
    }

    /// The ARN of the user, role, session or provider; the name of the service; empty for anonymous callers.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The account that the caller belongs to; services and anonymous callers belong to none.
    pub const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// The role's ARN, of a role or a role session.
    pub fn role(&self) -> Option<&str> {
        match self.kind {
            CallerKind::Role => Some(&self.text),
            _ => self.role.as_deref(),
        }
    }

    /// True for users, roles, sessions and root users: those that belong to an account.
    pub(crate) fn is_of_an_account(&self) -> bool {
        matches!(
            self.kind,
            CallerKind::Root
                | CallerKind::User
                | CallerKind::Role
                | CallerKind::RoleSession
                | CallerKind::FederatedUser
        )
    }

    /// True for a role below the path that AWS keeps for itself.
    ///
    /// Source: [service-linked roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html).
    pub(crate) fn is_service_linked(&self) -> bool {
        self.role().is_some_and(|role| role.contains(":role/aws-service-role/"))
    }

    pub(crate) fn account_text(&self) -> Option<&str> {
        self.account.map(|_| &*self.account_text)
    }

    /// `aws:PrincipalArn`: of a session, the role's.
    pub(crate) fn principal_arn(&self) -> Option<&str> {
        match self.kind {
            CallerKind::Anonymous | CallerKind::Service | CallerKind::Provider => None,
            CallerKind::RoleSession => self.role.as_deref(),
            _ => Some(&self.text),
        }
    }

    /// `aws:PrincipalType`.
    pub(crate) const fn principal_type(&self) -> Option<&'static str> {
        match self.kind {
            CallerKind::Anonymous => Some("Anonymous"),
            CallerKind::Root => Some("Account"),
            CallerKind::User => Some("User"),
            CallerKind::Role | CallerKind::RoleSession => Some("AssumedRole"),
            CallerKind::FederatedUser => Some("FederatedUser"),
            CallerKind::Service | CallerKind::Provider => None,
        }
    }

    /// `aws:username`: only users have one.
    pub(crate) fn user_name(&self) -> Option<&str> {
        match self.kind {
            CallerKind::User => self.text.rsplit_once('/').map(|(_, name)| name),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_callers() {
        let table = [
            ("anonymous", CallerKind::Anonymous),
            ("service:sns.amazonaws.com", CallerKind::Service),
            ("arn:aws:iam::123456789012:root", CallerKind::Root),
            ("arn:aws:iam::123456789012:user/a/bob", CallerKind::User),
            ("arn:aws:iam::123456789012:role/app", CallerKind::Role),
            ("arn:aws-cn:sts::123456789012:assumed-role/app/i-1", CallerKind::RoleSession),
            ("arn:aws:sts::123456789012:federated-user/bob", CallerKind::FederatedUser),
            ("arn:aws:iam::123456789012:oidc-provider/token.example.com", CallerKind::Provider),
        ];
        for (text, kind) in table {
            assert_eq!(Caller::parse(text).unwrap().kind(), kind, "{text}");
        }
        for bad in [
            "",
            "*",
            "service:",
            "arn:aws:iam::123456789012:group/x",
            "arn:aws:iam:::user/x",
            "arn:aws:iam::123456789012:user/",
            "arn:aws:sts::123456789012:assumed-role/app",
        ] {
            assert!(Caller::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_role_behind_a_session() {
        let session = Caller::parse("arn:aws:sts::123456789012:assumed-role/app/i-1").unwrap();
        assert_eq!(session.role(), Some("arn:aws:iam::123456789012:role/app"));
        let path = "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/app";
        let linked = session.clone().with_role(path).unwrap();
        assert_eq!(linked.principal_arn(), Some(path));
        assert!(linked.is_service_linked());
        for other in ["arn:aws:iam::123456789012:role/other", "arn:aws:iam::999999999999:role/app", "app"] {
            assert!(session.clone().with_role(other).is_err(), "{other}");
        }
        assert!(Caller::anonymous().with_role(path).is_err());
    }

    #[test]
    fn names() {
        let user = Caller::parse("arn:aws:iam::123456789012:user/a/bob").unwrap();
        assert_eq!(user.user_name(), Some("bob"));
        assert_eq!(user.account_text(), Some("123456789012"));
        assert_eq!(Caller::service("x").account_text(), None);
    }
}
