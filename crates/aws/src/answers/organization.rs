use serde::Deserialize;

/// `describe-organization`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Organization {
    pub id: Option<String>,
    pub feature_set: Option<String>,
    pub master_account_id: Option<String>,
}

/// An entry of `list-accounts`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct OrganizationAccount {
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub status: Option<String>,
    pub state: Option<String>,
}
