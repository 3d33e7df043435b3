//! The profiles of the AWS CLI's files, and which of them is used.

use aws_config::profile::{Profile, ProfileSet};
use aws_types::os_shim_internal::{Env, Fs};

use crate::access::ConnectError;
use crate::text::{causes, quote};

/// The files of the AWS CLI: the variable that moves each of them, and where it is otherwise.
const FILES: [(&str, &str); 2] =
    [("AWS_CONFIG_FILE", "~/.aws/config"), ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")];

/// The variables that name a profile, the stronger first.
const VARIABLES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
const DEFAULT: &str = "default";

/// How many profiles an error lists.
const LISTED: usize = 10;

/// All profiles, and the one that is used; if anything names it, it exists.
#[derive(Debug)]
pub(crate) struct Profiles {
    all: ProfileSet,
    files: String,
    choice: Choice,
    keys_in_environment: bool,
}

#[derive(Debug)]
enum Choice {
    Asked(String),
    Variable(&'static str, String),
    Nobody,
}

impl Profiles {
    /// Reads the files, and chooses: `asked`, else the environment's, else `default`.
    ///
    /// # Errors
    /// A file makes no sense, or nothing in them has the name.
    pub async fn load(asked: Option<&str>) -> Result<Self, ConnectError> {
        Self::of(asked, &Env::real(), &Fs::real()).await
    }

    #[expect(clippy::default_trait_access, reason = "the SDK names the type in a crate that is not ours")]
    pub(super) async fn of(asked: Option<&str>, env: &Env, fs: &Fs) -> Result<Self, ConnectError> {
        let files = FILES.map(|(name, path)| format!("`{}`", variable(env, name).unwrap_or(path.into())));
        let files = files.join(" or ");
        let all = match aws_config::profile::load(fs, env, &Default::default(), None).await {
            Ok(all) => all,
            Err(error) => {
                let why = causes(&error);
                return Err(ConnectError::Profiles { files, why });
            }
        };
        let keys_in_environment = KEYS.iter().all(|name| variable(env, name).is_some());
        let profiles = Self { all, files, choice: Choice::of(asked, env), keys_in_environment };
        let origin = match &profiles.choice {
            Choice::Variable(name, _) => format!(" (from `{name}`)"),
            Choice::Asked(_) | Choice::Nobody => String::new(),
        };
        if profiles.is_named() {
            profiles.find(profiles.name(), origin)?;
        }
        Ok(profiles)
    }

    pub fn name(&self) -> &str {
        match &self.choice {
            Choice::Asked(name) | Choice::Variable(_, name) => name,
            Choice::Nobody => DEFAULT,
        }
    }

    /// True if the user asked for a profile or set one in the environment.
    pub fn is_named(&self) -> bool {
        !matches!(self.choice, Choice::Nobody)
    }

    /// True if the profile wins over keys in the environment.
    pub fn is_asked_for(&self) -> bool {
        matches!(self.choice, Choice::Asked(_))
    }

    /// The profile and its sources, one after the other; the last one has credentials of its own.
    ///
    /// It is empty where keys in the environment win.
    pub fn chain(&self) -> Vec<&Profile> {
        let mut chain: Vec<&Profile> = Vec::new();
        let mut next = Some(self.name()).filter(|_| self.is_asked_for() || !self.keys_in_environment);
        while let Some(profile) = next.and_then(|name| self.all.get_profile(name)) {
            if chain.iter().any(|seen| seen.name() == profile.name()) {
                break;
            }
            let is_end = !is_role(profile) || (!chain.is_empty() && has_keys(profile));
            chain.push(profile);
            next = if is_end { None } else { profile.get("source_profile") };
        }
        chain
    }

    /// Makes sure that every source of the profile exists.
    ///
    /// # Errors
    /// One does not.
    pub fn check_sources(&self) -> Result<(), ConnectError> {
        let chain = self.chain();
        match chain.last().and_then(|end| Some((end, end.get("source_profile").filter(|_| is_role(end))?))) {
            Some((end, source)) => self.source_of(end, source).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The profile that another one names as its source.
    ///
    /// # Errors
    /// It does not exist.
    pub fn source_of(&self, profile: &Profile, name: &str) -> Result<&Profile, ConnectError> {
        self.find(name, format!(" (the `source_profile` of `{}`)", quote(profile.name())))
    }

    /// The roles to assume with our own hands, the last one first: the SDK knows nothing of MFA.
    ///
    /// The first ones of the list may do without; everything behind it is for the SDK.
    pub fn roles_with_mfa(&self) -> Vec<&Profile> {
        let mut chain = self.chain();
        let last = chain.iter().rposition(|profile| is_role(profile) && profile.get("mfa_serial").is_some());
        chain.truncate(last.map_or(0, |last| last + 1));
        chain
    }

    fn find(&self, name: &str, origin: String) -> Result<&Profile, ConnectError> {
        self.all.get_profile(name).ok_or_else(|| ConnectError::NoProfile {
            name: quote(name),
            origin,
            files: self.files.clone(),
            existing: self.existing(),
        })
    }

    fn existing(&self) -> String {
        let mut names: Vec<_> = self.all.profiles().map(quote).collect();
        names.sort_unstable();
        let rest = names.len().saturating_sub(LISTED);
        names.truncate(LISTED);
        match (names.is_empty(), rest) {
            (true, _) => "there are none; `aws configure` makes one".to_owned(),
            (false, 0) => format!("there are: {}", names.join(", ")),
            (false, rest) => format!("there are: {} and {rest} more", names.join(", ")),
        }
    }
}

impl Choice {
    fn of(asked: Option<&str>, env: &Env) -> Self {
        let from = |name| variable(env, name).map(|profile| Self::Variable(name, profile));
        match asked {
            Some(name) => Self::Asked(name.to_owned()),
            None => VARIABLES.into_iter().find_map(from).unwrap_or(Self::Nobody),
        }
    }
}

fn variable(env: &Env, name: &str) -> Option<String> {
    env.get(name).ok().filter(|value| !value.trim().is_empty())
}

/// True if a role is assumed with other credentials, which one setting names.
pub(super) fn is_role(profile: &Profile) -> bool {
    let has = |name| profile.get(name).is_some();
    has("role_arn") && !has("web_identity_token_file") && has("source_profile") != has("credential_source")
}

fn has_keys(profile: &Profile) -> bool {
    profile.get("aws_access_key_id").is_some() && profile.get("aws_secret_access_key").is_some()
}

#[cfg(test)]
pub(super) mod tests;
