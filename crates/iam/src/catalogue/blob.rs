//! The catalogue as it is stored: written by `cargo xtask catalogue`, read by [`Catalogue::decode`].
//!
//! What many actions share (sets of condition keys, lists of resource types) stands once and is referred to by
//! number; the whole is postcard, compressed with DEFLATE. The same value always gives the same bytes.
//!
//! [`Catalogue::decode`]: super::Catalogue::decode

use serde::{Deserialize, Serialize};

use super::{AccessLevel, KeyType, PolicyBearing};

/// The first byte of a blob; it changes with the form below.
const FORMAT: u8 = 1;

/// The most that a blob may unfold to. Today's is a tenth of it.
const LIMIT: usize = 16 << 20;

/// Best compression; it takes a second, once a version.
const LEVEL: u8 = 10;

/// A blob that is none, or damaged, or of another version of this program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the catalogue cannot be read: {0}; make it anew with `cargo xtask catalogue`")]
pub struct CatalogueError(pub(super) String);

/// The whole catalogue. Numbers refer to places in the lists above.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Blob<'a> {
    /// The version of the package that it was made from.
    pub version: &'a str,
    /// That package's day, as `YYYY-MM-DD`.
    pub date: &'a str,
    /// All condition keys, sorted by lower-case name.
    #[serde(borrow)]
    pub keys: Vec<BlobKey<'a>>,
    /// Sets of `keys`.
    pub key_sets: Vec<Vec<u32>>,
    /// Lists of resource types with what actions say of them.
    pub uses: Vec<Vec<BlobUse>>,
    /// Sets of actions, numbered through all services.
    pub action_sets: Vec<Vec<u32>>,
    /// All services, sorted by prefix with its colon.
    pub services: Vec<BlobService<'a>>,
}

/// A condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobKey<'a> {
    /// As AWS writes it.
    pub name: &'a str,
    /// The type of its values.
    pub key_type: KeyType,
    /// Whether a request can hold several values.
    pub multivalued: bool,
}

/// What an action says of a resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobUse {
    /// The type, numbered through all services.
    pub resource_type: u32,
    /// Whether every call names one.
    pub required: bool,
    /// The condition keys that come with it, of `key_sets`.
    pub keys: u32,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobService<'a> {
    /// What stands before the colon.
    pub prefix: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// Whether resource control policies apply.
    pub honours_rcps: bool,
    /// The keys of its own table, of `key_sets`.
    pub keys: u32,
    /// Sorted by lower-case name.
    #[serde(borrow)]
    pub resource_types: Vec<BlobType<'a>>,
    /// Sorted by lower-case name.
    pub actions: Vec<BlobAction<'a>>,
}

/// A resource type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobType<'a> {
    /// The name in AWS's tables.
    pub name: &'a str,
    /// The forms of its ARN.
    #[serde(borrow)]
    pub arns: Vec<&'a str>,
    /// Its condition keys, of `key_sets`.
    pub keys: u32,
    /// Whether a resource-based policy speaks for it.
    pub policy: PolicyBearing,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobAction<'a> {
    /// The name without the service.
    pub name: &'a str,
    /// What it lets its user do.
    pub level: AccessLevel,
    /// False where the service supports resource control policies and this action does not.
    pub honours_rcps: bool,
    /// Its resource types, of `uses`.
    pub uses: u32,
    /// Its own condition keys, of `key_sets`.
    pub keys: u32,
    /// What else the caller needs, of `action_sets`.
    pub dependents: u32,
}

/// Writes a catalogue.
///
/// # Errors
/// Where the value cannot be written, which no catalogue is too large for.
pub fn encode(blob: &Blob<'_>) -> Result<Vec<u8>, CatalogueError> {
    let plain = postcard::to_allocvec(blob).map_err(|e| CatalogueError(e.to_string()))?;
    let mut bytes = vec![FORMAT];
    bytes.extend(miniz_oxide::deflate::compress_to_vec(&plain, LEVEL));
    Ok(bytes)
}

/// Unfolds what [`encode`] wrote; [`read`] makes sense of it.
///
/// # Errors
/// Where the bytes are damaged, or of another format.
pub fn unfold(bytes: &[u8]) -> Result<Vec<u8>, CatalogueError> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => miniz_oxide::inflate::decompress_to_vec_with_limit(rest, LIMIT)
            .map_err(|e| CatalogueError(format!("it cannot be unfolded ({e})"))),
        Some((other, _)) => Err(CatalogueError(format!("it has format {other}, not {FORMAT}"))),
        None => Err(CatalogueError("it is empty".to_owned())),
    }
}

/// Reads what [`unfold`] gave.
///
/// # Errors
/// Where the bytes are no catalogue, or something follows it.
pub fn read(plain: &[u8]) -> Result<Blob<'_>, CatalogueError> {
    match postcard::take_from_bytes(plain) {
        Ok((blob, [])) => Ok(blob),
        Ok((_, rest)) => Err(CatalogueError(format!("{} bytes follow its end", rest.len()))),
        Err(error) => Err(CatalogueError(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_blob_is_what_it_encodes_to() {
        let committed = super::super::BLOB;
        let plain = unfold(committed).unwrap();
        assert_eq!(encode(&read(&plain).unwrap()).unwrap(), committed);
    }

    #[test]
    fn what_is_no_blob_is_an_error() {
        let good = super::super::BLOB;
        let mut other_format = good.to_vec();
        other_format[0] = 9;
        let table: [(&[u8], &str); 4] = [
            (&[], "it is empty"),
            (&other_format, "it has format 9, not 1"),
            (&good[..good.len() / 2], "it cannot be unfolded"),
            (b"\x01nonsense", "it cannot be unfolded"),
        ];
        for (bytes, why) in table {
            let error = unfold(bytes).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        let plain = unfold(good).unwrap();
        assert!(read(&plain[..plain.len() - 1]).is_err());
        let longer = [plain.as_slice(), b"x"].concat();
        assert!(read(&longer).unwrap_err().to_string().contains("1 bytes follow its end"));
    }
}
