use std::sync::Arc;

use leastwise_iam::{Document, Json};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Missing;

/// A policy document as AWS gave it, and what it says.
///
/// In a snapshot file a document stands as JSON within the JSON; one that is no JSON stands as a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    text: Box<str>,
    parsed: Result<Arc<Document>, Missing>,
}

impl PolicyText {
    /// Takes a document's text; white space between tokens is not kept.
    pub fn new(text: &str) -> Self {
        match serde_json::from_str::<Json>(text) {
            Ok(json @ Json::Object(_)) => Self::from_json(&json),
            Ok(_) | Err(_) => Self::invalid(text),
        }
    }

    /// The document's text: compact JSON, or whatever AWS gave where that is no JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the document says.
    ///
    /// # Errors
    /// The text is not a policy document; the reason names the place.
    pub fn document(&self) -> Result<&Document, Missing> {
        self.parsed.as_deref().map_err(Clone::clone)
    }

    /// Why the text is not a policy document, if it is none.
    pub const fn invalid_because(&self) -> Option<&Missing> {
        match &self.parsed {
            Ok(_) => None,
            Err(missing) => Some(missing),
        }
    }

    fn from_json(json: &Json) -> Self {
        match serde_json::to_string(json) {
            Ok(text) => {
                let parsed =
                    Document::parse(&text).map(Arc::new).map_err(|e| Missing::invalid(e.to_string()));
                Self { text: text.into(), parsed }
            }
            Err(error) => Self { text: "".into(), parsed: Err(Missing::invalid(error.to_string())) },
        }
    }

    fn invalid(text: &str) -> Self {
        let why = match Document::parse(text) {
            Ok(_) => "not a policy document".to_owned(),
            Err(error) => error.to_string(),
        };
        Self { text: text.into(), parsed: Err(Missing::invalid(why)) }
    }
}

impl Serialize for PolicyText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<Json>(&self.text) {
            Ok(json @ Json::Object(_)) => json.serialize(serializer),
            Ok(_) | Err(_) => serializer.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for PolicyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            json @ Json::Object(_) => Ok(Self::from_json(&json)),
            Json::String(text) => Ok(Self::new(&text)),
            other => Err(serde::de::Error::custom(format!(
                "a policy document is an object or a string, not {}",
                other.kind()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_read_back() {
        let policy = PolicyText::new(r#"{ "Statement": [ {"Effect": "Allow", "Action": "*"} ] }"#);
        assert!(policy.document().is_ok());
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(json, r#"{"Statement":[{"Effect":"Allow","Action":"*"}]}"#);
        assert_eq!(serde_json::from_str::<PolicyText>(&json).unwrap(), policy);
    }

    #[test]
    fn what_is_no_document_is_kept_and_unknown() {
        for text in ["", "no json", "[]", "\"quoted\"", "{\"Statement\":", "{\"Version\":\"2012-10-17\"}"] {
            let policy = PolicyText::new(text);
            assert!(policy.document().is_err(), "{text}");
            assert_eq!(policy.text(), text);
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<PolicyText>(&json).unwrap(), policy, "{text}");
        }
    }
}
