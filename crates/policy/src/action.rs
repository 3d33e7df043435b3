use crate::catalogue;

/// What a request wants to do: `service:Action`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    text: Box<str>,
    /// In lower case: the case of actions does not matter.
    lower: Box<str>,
    /// Where the colon stands.
    colon: usize,
    facts: catalogue::Facts,
}

/// The text is not an action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an action of a request; write one such as `s3:GetObject`, without wildcards")]
pub struct ActionError(String);

impl Action {
    /// Reads `service:Action`.
    ///
    /// # Errors
    /// There is no colon with text on both sides, or there are wildcards.
    pub fn parse(text: &str) -> Result<Self, ActionError> {
        let colon = text.find(':').filter(|colon| *colon > 0 && colon + 1 < text.len());
        let Some(colon) = colon.filter(|_| !text.contains(['*', '?', ' '])) else {
            return Err(ActionError(text.to_owned()));
        };
        let lower: Box<str> = text.to_ascii_lowercase().into();
        let facts = catalogue::facts(&lower);
        Ok(Self { text: text.into(), lower, colon, facts })
    }

    /// An action of the catalogue.
    pub(crate) fn of(action: &leastwise_iam::catalogue::Action) -> Self {
        let lower = action.lower_name();
        let facts = catalogue::Facts::of(action);
        Self {
            text: action.full_name().into(),
            lower: lower.into(),
            colon: lower.find(':').unwrap_or(lower.len()),
            facts,
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The service's prefix in lower case, such as `s3`.
    pub fn service(&self) -> &str {
        self.lower.get(..self.colon).unwrap_or_default()
    }

    /// The whole in lower case.
    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }

    pub(crate) const fn facts(&self) -> catalogue::Facts {
        self.facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let action = Action::parse("S3:GetObject").unwrap();
        assert_eq!(
            (action.as_str(), action.lower(), action.service()),
            ("S3:GetObject", "s3:getobject", "s3")
        );
        for bad in ["", "s3", ":x", "s3:", "s3:Get*", "s3:Get Object"] {
            assert!(Action::parse(bad).is_err(), "{bad}");
        }
    }
}
