//! The public keys of CloudTrail.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pkcs1::{RsaPublicKey, UintRef};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde::Deserialize;
use spki::SubjectPublicKeyInfoRef;

/// The sizes of keys that signatures can be verified with, in bits.
const SIZES: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Public keys by their fingerprints. Whoever gives them vouches for them: everything that is verified rests on them.
///
/// Signatures are verified by `ring`, which TLS needs anyway; so no other implementation of RSA comes into the program.
#[derive(Debug, Clone, Default)]
pub struct PublicKeys(BTreeMap<String, Key>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// What was given as public keys is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// The text has another form.
    #[error("{0}; give what `aws cloudtrail list-public-keys` prints")]
    Form(String),
    /// A key makes no sense.
    #[error("the key `{fingerprint}` {why}; get it again with `aws cloudtrail list-public-keys`")]
    Key {
        /// Its fingerprint.
        fingerprint: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "PublicKeyList", alias = "publicKeyList")]
    keys: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    value: String,
    fingerprint: String,
}

impl PublicKeys {
    /// Adds what `aws cloudtrail list-public-keys` printed, once or several times for several regions.
    ///
    /// Source: [retrieving public keys](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html#cloudtrail-log-file-custom-validation-steps-retrieve-public-key-cli).
    ///
    /// # Errors
    /// The text is something else, or a key in it is none.
    pub fn read(&mut self, text: &[u8]) -> Result<(), PublicKeyError> {
        for answer in serde_json::Deserializer::from_slice(text).into_iter::<Answer>() {
            let answer = answer.map_err(|error| PublicKeyError::Form(error.to_string()))?;
            for Entry { value, fingerprint } in answer.keys {
                let Ok(der) = BASE64_STANDARD.decode(&value) else {
                    return Err(PublicKeyError::Key { fingerprint, why: "is not in Base64" });
                };
                self.add(&fingerprint, &der)?;
            }
        }
        Ok(())
    }

    /// Adds a key, as `ListPublicKeys` gives it: in the form of PKCS #1, or within a `SubjectPublicKeyInfo`, as one of
    /// those on the documentation's page is.
    ///
    /// # Errors
    /// It is no RSA key of a size that is verified with, or another key has that fingerprint.
    pub fn add(&mut self, fingerprint: &str, der: &[u8]) -> Result<(), PublicKeyError> {
        let fingerprint = fingerprint.to_ascii_lowercase();
        let key = match Key::of(der) {
            Ok(key) => key,
            Err(why) => return Err(PublicKeyError::Key { fingerprint, why }),
        };
        match self.0.get(&fingerprint) {
            Some(other) if *other != key => {
                Err(PublicKeyError::Key { fingerprint, why: "is given twice, and differs" })
            }
            _ => {
                self.0.insert(fingerprint, key);
                Ok(())
            }
        }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the signature is one of that message by the key with that fingerprint; nothing without such a key.
    pub(super) fn verify(&self, fingerprint: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
        let Key { modulus, exponent } = self.0.get(fingerprint)?;
        let key = RsaPublicKeyComponents { n: modulus, e: exponent };
        Some(key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok())
    }

    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.0.contains_key(fingerprint)
    }
}

impl Key {
    fn of(der: &[u8]) -> Result<Self, &'static str> {
        let wrapped = SubjectPublicKeyInfoRef::try_from(der).ok();
        let inner = wrapped.as_ref().and_then(|info| info.subject_public_key.as_bytes()).unwrap_or(der);
        let key = RsaPublicKey::<UintRef<'_>>::try_from(inner).map_err(|_| "is no RSA key")?;
        let modulus = key.modulus.as_bytes();
        let unused = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        if !SIZES.contains(&(modulus.len() * 8 - unused)) {
            return Err("has not 2048 to 8192 bits");
        }
        Ok(Self { modulus: modulus.to_vec(), exponent: key.public_exponent.as_bytes().to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the last key of the documentation's page, of which the last is wrapped.
    const PAGE: &str = r#"{"publicKeyList": [
        {"ValidityStartTime": "1436317441.0", "ValidityEndTime": "1438909441.0",
         "Value": "MIIBCgKCAQEAn11L2YZ9h7onug2ILi1MWyHiMRsTQjfWE+pHVRLk1QjfWhirG+lpOa8NrwQ/r7Ah5bNL6HepznOU9XTDSfmmnP97mqyc7z/upfZdS/AHhYcGaz7n6Wc/RRBU6VmiPCrAUojuSk6/GjvA8iOPFsYDuBtviXarvuLPlrT9kAd4Lb+rFfR5peEgBEkhlzc5HuWO7S0y+KunqxX6jQBnXGMtxmPBPP0FylgWGNdFtks/4YSKcgqwH0YDcawP9GGGDAeCIqPWIXDLG1jOjRRzWfCmD0iJUkz8vTsn4hq/5ZxRFE7UBAUiVcGbdnDdvVfhF9C3dQiDq3k7adQIziLT0cShgQIDAQAB",
         "Fingerprint": "8eba5db5bea9b640d1c96a77256fe7f2"},
        {"ValidityStartTime": "1434589370.0", "ValidityEndTime": "1437181370.0",
         "Value": "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqlzPJbvZJ42UdcmLfPUqXYNfOs6I8lCfao/tOs8CmzPOEdtLWugB9xoIUz78qVHdKIqxbaG4jWHfJBiOSSFBM0lt8cdVo4TnRa7oG9io5pysS6DJhBBAeXsicufsiFJR+wrUNh8RSLxL4k6G1+BhLX20tJkZ/erT97tDGBujAelqseGg3vPZbTx9SMfOLN65PdLFudLP7Gat0Z9p5jw/rjpclKfo9Bfc3heeBxWGKwBBOKnFAaN9V57pOaosCvPKmHd9bg7jsQkI9Xp22IzGLsTFJZYVA3KiTAElDMu80iFXPHEq9hKNbt9e4URFam+1utKVEiLkR2disdCmPTK0VQIDAQAB",
         "Fingerprint": "31e8b5433410dfb61a9dc45cc65b22ff"}]}"#;

    #[test]
    fn keys_of_the_page() {
        let mut keys = PublicKeys::default();
        keys.read(PAGE.as_bytes()).unwrap();
        keys.read(PAGE.replace("publicKeyList", "PublicKeyList").repeat(2).as_bytes()).unwrap();
        assert_eq!(keys.len(), 2);
        for key in keys.0.values() {
            assert_eq!((key.modulus.len(), &*key.exponent), (256, &[1, 0, 1][..]));
        }
        assert_eq!(keys.verify("31e8b5433410dfb61a9dc45cc65b22ff", b"", &[0; 256]), Some(false));
        assert_eq!(keys.verify("00", b"", &[0; 256]), None);
    }

    #[test]
    fn what_is_no_key() {
        let table = [
            ("[]".to_owned(), "list-public-keys"),
            ("{}".to_owned(), "list-public-keys"),
            (PAGE.replace("\"MIIBCg", "\"MIIBCg-"), "Base64"),
            (PAGE.replace("\"MIIBCg", "\"MIIBCw"), "no RSA key"),
            (PAGE.replace("31e8b5433410dfb61a9dc45cc65b22ff", "8EBA5DB5bea9b640d1c96a77256fe7f2"), "twice"),
        ];
        for (text, why) in table {
            let error = PublicKeys::default().read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        let short = [&[0x30, 0x81, 0x88, 0x02, 0x81, 0x80, 0x7f][..], &[1; 127], &[2, 3, 1, 0, 1]].concat();
        assert!(PublicKeys::default().add("a", &short).unwrap_err().to_string().contains("2048"));
    }
}
