use leastwise_model::{Known, Missing, OidcProvider, SamlProvider};

use super::CALLS_AT_ONCE;
use crate::ask::ask;
use crate::each::each;
use crate::failure::Failure;
use crate::parts::{named_arn, saml_providers};
use crate::permissions::{GET_OPEN_ID_CONNECT_PROVIDER, LIST_OPEN_ID_CONNECT_PROVIDERS, LIST_SAML_PROVIDERS};
use crate::session::Session;

/// Reads the identity providers for federation.
pub(super) async fn read(session: &Session) -> (Known<Vec<SamlProvider>>, Known<Vec<OidcProvider>>) {
    let (saml, oidc) = tokio::join!(saml(session), oidc(session));
    (saml.into(), oidc.into())
}

async fn saml(session: &Session) -> Result<Vec<SamlProvider>, Missing> {
    let answer = ask(&LIST_SAML_PROVIDERS, session.iam().list_saml_providers().send()).await?;
    let list = answer
        .saml_provider_list
        .ok_or_else(|| Failure::lacking(&LIST_SAML_PROVIDERS, "SAMLProviderList"))?;
    saml_providers(list.into_iter().map(Into::into).collect())
}

async fn oidc(session: &Session) -> Result<Vec<OidcProvider>, Missing> {
    let call = session.iam().list_open_id_connect_providers();
    let answer = ask(&LIST_OPEN_ID_CONNECT_PROVIDERS, call.send()).await?;
    let list = answer.open_id_connect_provider_list;
    let mut arns: Vec<_> = list
        .ok_or_else(|| Failure::lacking(&LIST_OPEN_ID_CONNECT_PROVIDERS, "OpenIDConnectProviderList"))?
        .into_iter()
        .map(|entry| named_arn("OpenID Connect provider", entry.arn().unwrap_or_default()))
        .collect::<Result<_, _>>()?;
    arns.sort();
    let jobs = arns.into_iter().map(|arn| async move {
        let client_ids = client_ids(session, arn.as_str()).await.into();
        OidcProvider { arn, client_ids }
    });
    Ok(each(CALLS_AT_ONCE, jobs).await)
}

async fn client_ids(session: &Session, arn: &str) -> Result<Vec<String>, Missing> {
    let call = session.iam().get_open_id_connect_provider().open_id_connect_provider_arn(arn);
    let answer = ask(&GET_OPEN_ID_CONNECT_PROVIDER, call.send()).await?;
    let mut ids = answer
        .client_id_list
        .ok_or_else(|| Failure::lacking(&GET_OPEN_ID_CONNECT_PROVIDER, "ClientIDList"))?;
    ids.sort();
    Ok(ids)
}
