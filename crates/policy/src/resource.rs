use leastwise_iam::AccountId;

/// What a request concerns: an ARN, or `*` for actions that concern no single resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    text: Box<str>,
    owner: Option<AccountId>,
    owner_text: Box<str>,
}

/// The text is no resource of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no resource of a request: {why}; write an ARN or `*`")]
pub struct ResourceError {
    text: String,
    why: &'static str,
}

/// The longest resource that is taken, in bytes; AWS's own limit for ARNs is 2,048 characters.
const LONGEST: usize = 8 * 1024;

impl Resource {
    /// Reads an ARN or `*`; the ARN says who owns the resource, if it names an account.
    ///
    /// # Errors
    /// The text is neither, or longer than 8 KiB.
    pub fn parse(text: &str) -> Result<Self, ResourceError> {
        let error = |why| ResourceError { text: text.chars().take(80).collect(), why };
        if text.len() > LONGEST {
            return Err(error("it is longer than 8 KiB"));
        }
        if text != "*" && !(text.starts_with("arn:") && text.split(':').count() >= 6) {
            return Err(error("an ARN has six parts separated by `:`, the first `arn`"));
        }
        let owner = text.split(':').nth(4).and_then(|account| account.parse().ok());
        Ok(Self::new(text, owner))
    }

    fn new(text: &str, owner: Option<AccountId>) -> Self {
        let owner_text = owner.map(|owner| owner.to_string()).unwrap_or_default().into();
        Self { text: text.into(), owner, owner_text }
    }

    /// No single resource.
    pub fn any() -> Self {
        Self::new("*", None)
    }

    /// Some resource of which nothing is known: only `*` surely includes it.
    pub fn unknown() -> Self {
        Self::new("", None)
    }

    /// True for [`unknown`](Self::unknown).
    pub(crate) fn is_unknown(&self) -> bool {
        self.text.is_empty()
    }

    /// Says which account owns the resource, where the ARN does not.
    #[must_use]
    pub fn owned_by(self, account: AccountId) -> Self {
        Self::new(&self.text, Some(account))
    }

    /// The ARN, or `*`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account that owns the resource, as far as the ARN or the caller of [`owned_by`](Self::owned_by) says.
    pub const fn owner(&self) -> Option<AccountId> {
        self.owner
    }

    pub(crate) fn owner_text(&self) -> Option<&str> {
        self.owner.map(|_| &*self.owner_text)
    }

    /// The region in the ARN.
    pub(crate) fn region(&self) -> Option<&str> {
        self.text.split(':').nth(3).filter(|region| !region.is_empty())
    }

    /// What follows the account, such as `key/1234`.
    pub(crate) fn name(&self) -> &str {
        self.text.splitn(6, ':').nth(5).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners() {
        let table = [
            ("*", None, None),
            ("arn:aws:s3:::bucket/key", None, None),
            ("arn:aws:sqs:eu-west-1:123456789012:q", Some("123456789012"), Some("eu-west-1")),
            ("arn:aws:iam::aws:policy/X", None, None),
        ];
        for (text, owner, region) in table {
            let resource = Resource::parse(text).unwrap();
            assert_eq!((resource.owner_text(), resource.region()), (owner, region), "{text}");
        }
        for bad in ["", "bucket", "arn:aws:s3:x", "**"] {
            assert!(Resource::parse(bad).is_err(), "{bad}");
        }
        let owned = Resource::any().owned_by("123456789012".parse().unwrap());
        assert_eq!(owned.owner_text(), Some("123456789012"));
    }
}
