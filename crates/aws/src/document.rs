//! Policy documents in the two forms in which AWS hands them out.

use leastwise_model::PolicyText;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A policy document as it came: the IAM interface encodes it for URLs, the AWS CLI decodes it into JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document(Box<str>);

impl Document {
    /// Takes a document from the IAM interface, which encodes it by RFC 3986.
    ///
    /// Bytes that are not UTF-8 are replaced, so that the document is kept, and is invalid.
    ///
    /// Source: [GetAccountAuthorizationDetails](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html).
    pub(crate) fn encoded(text: &str) -> Self {
        Self(percent_decode_str(text).decode_utf8_lossy().into())
    }

    /// Takes a document that is not encoded.
    pub(crate) fn plain(text: &str) -> Self {
        Self(text.into())
    }

    /// What the document says.
    pub(crate) fn read(&self) -> PolicyText {
        PolicyText::new(&self.0)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        match serde_json::from_str::<String>(raw.get()) {
            Ok(text) if text.trim_start().starts_with('{') => Ok(Self::plain(&text)),
            Ok(text) => Ok(Self::encoded(&text)),
            Err(_) => Ok(Self::plain(raw.get())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;

    #[test]
    fn all_forms_mean_the_same() {
        let encoded = PLAIN.replace('{', "%7B").replace('"', "%22").replace(' ', "%20");
        assert_eq!(Document::encoded(&encoded).read(), PolicyText::new(PLAIN));
        for json in [PLAIN.to_owned(), format!("{PLAIN:?}"), format!("{encoded:?}")] {
            let document: Document = serde_json::from_str(&json).unwrap();
            assert_eq!(document.read().text(), PLAIN, "{json}");
        }
    }

    #[test]
    fn a_plus_is_a_plus() {
        assert_eq!(&*Document::encoded("a+b%2Bc").0, "a+b+c");
    }

    #[test]
    fn what_does_not_decode_is_invalid() {
        for bad in ["%ff%fe", "%7B", "", "%zz", "[]"] {
            assert!(Document::encoded(bad).read().invalid_because().is_some(), "{bad}");
        }
    }
}
