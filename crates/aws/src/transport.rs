//! The one HTTP client of a run: TLS, extra certificate authorities, proxies.

use std::path::Path;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::base64;

use crate::access::ConnectError;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A client whose connections all services and accounts share.
///
/// `ca_bundle` names a PEM file whose certificates are trusted besides the system's; proxies come from
/// `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.
///
/// # Errors
/// The bundle cannot be read, or holds no certificate.
pub(crate) fn client(ca_bundle: Option<&Path>) -> Result<SharedHttpClient, ConnectError> {
    let context = tls_context(ca_bundle)?;
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone())
            .proxy_config(ProxyConfig::from_env());
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        builder.build()
    });
    Ok(client)
}

fn tls_context(ca_bundle: Option<&Path>) -> Result<TlsContext, ConnectError> {
    let store = match ca_bundle {
        Some(path) => TrustStore::default().with_pem_certificate(read_bundle(path)?),
        None => TrustStore::default(),
    };
    TlsContext::builder()
        .with_trust_store(store)
        .build()
        .map_err(|error| ConnectError::Tls(error.to_string()))
}

fn read_bundle(path: &Path) -> Result<String, ConnectError> {
    let unreadable = |why: String| ConnectError::CaBundle { path: path.to_owned(), why };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    certificates(&text).map_err(|why| unreadable(why.to_owned()))
}

/// The certificates of a PEM text and nothing else; the TLS library takes only what is well-formed.
fn certificates(text: &str) -> Result<String, &'static str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (body, after) = after.split_once(END).ok_or("a certificate has no end")?;
        let body: String = body.split_whitespace().collect();
        if !base64::decode(&body).is_ok_and(|der| is_sequence(&der)) {
            return Err("a certificate is damaged");
        }
        found.push(format!("{BEGIN}\n{body}\n{END}\n"));
        rest = after;
    }
    if found.is_empty() { Err("it holds no PEM certificate") } else { Ok(found.concat()) }
}

/// True for one DER sequence with nothing after it, as every certificate is.
fn is_sequence(der: &[u8]) -> bool {
    match der {
        [0x30, 0x82, high, low, rest @ ..] => usize::from(u16::from_be_bytes([*high, *low])) == rest.len(),
        [0x30, 0x81, length, rest @ ..] => usize::from(*length) == rest.len(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(der: &[u8]) -> String {
        format!("# a comment\n{BEGIN}\r\n{}\r\n{END}\n", base64::encode(der))
    }

    #[test]
    fn bundles() {
        let sound = [vec![0x30, 0x81, 0x80], vec![7; 0x80]].concat();
        let two = pem(&sound) + &pem(&sound);
        assert_eq!(certificates(&two).unwrap().matches(BEGIN).count(), 2);
        let cut = pem(&sound).replace(END, "");
        for bad in ["", "no certificate", BEGIN, &cut, &pem(&[0x30, 0x81, 0x80, 1]), &pem(b"text")] {
            assert!(certificates(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_missing_bundle_is_named() {
        let error = client(Some(Path::new("/nowhere/ca.pem"))).unwrap_err();
        assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
    }
}
