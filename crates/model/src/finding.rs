use std::borrow::Cow;
use std::fmt;

use leastwise_iam::{AccountId, Arn};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Missing;

/// What one check says of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The account the subject is in.
    pub account: AccountId,
    /// The check's id.
    pub check: &'static str,
    /// What was judged.
    pub subject: Subject,
    /// The ARN of what was judged, or of the principal it belongs to; `None` for what has none.
    pub arn: Option<Arn>,
    /// The verdict.
    pub status: Status,
    /// How bad a failure is.
    pub severity: Severity,
    /// The facts behind the verdict.
    pub evidence: Cow<'static, str>,
    /// For [`Status::Unknown`]: what was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
}

/// The possible verdicts, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The subject is not as it should be.
    Fail,
    /// It cannot be told, because something could not be read.
    Unknown,
    /// No interface of AWS tells; a person has to look.
    Manual,
    /// The subject is as it should be.
    Pass,
    /// The check does not concern the subject.
    NotApplicable,
}

impl Status {
    /// Every status, worst first.
    pub const ALL: [Self; 5] = [Self::Fail, Self::Unknown, Self::Manual, Self::Pass, Self::NotApplicable];

    /// The status in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Manual => "manual",
            Self::Pass => "pass",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// How bad a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing is wrong by itself.
    Info,
    /// Untidy; makes mistakes likelier.
    Low,
    /// Weakens a protection.
    Medium,
    /// One mistake or one stolen credential away from harm.
    High,
    /// Stop and fix this first.
    Critical,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The severity in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The one thing that a verdict is about, unique within its account: `user/alice`, `access-key/alice/1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// What kind of thing it is.
    pub kind: SubjectKind,
    /// Its name; empty for what an account has only one of.
    pub name: Box<str>,
}

/// The kinds of things that checks judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// The account itself.
    Account,
    /// The root user.
    Root,
    /// The account's password policy.
    PasswordPolicy,
    /// An IAM user: `NAME`.
    User,
    /// An access key: `USER/SLOT`.
    AccessKey,
    /// An IAM group: `NAME`.
    Group,
    /// An IAM role: `NAME`.
    Role,
    /// A managed policy: `NAME`.
    Policy,
    /// A policy embedded in a principal: `user|group|role/OWNER/NAME`.
    InlinePolicy,
    /// A TLS certificate stored in IAM: `NAME`.
    ServerCertificate,
}

impl SubjectKind {
    const ALL: [Self; 10] = [
        Self::Account,
        Self::Root,
        Self::PasswordPolicy,
        Self::User,
        Self::AccessKey,
        Self::Group,
        Self::Role,
        Self::Policy,
        Self::InlinePolicy,
        Self::ServerCertificate,
    ];

    /// The kind as it stands in a subject's text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Root => "root",
            Self::PasswordPolicy => "password-policy",
            Self::User => "user",
            Self::AccessKey => "access-key",
            Self::Group => "group",
            Self::Role => "role",
            Self::Policy => "policy",
            Self::InlinePolicy => "inline-policy",
            Self::ServerCertificate => "server-certificate",
        }
    }
}

impl Subject {
    /// A subject with a name.
    pub fn new(kind: SubjectKind, name: impl Into<Box<str>>) -> Self {
        Self { kind, name: name.into() }
    }

    /// What an account has only one of: itself, its root user, its password policy.
    pub fn only(kind: SubjectKind) -> Self {
        Self::new(kind, "")
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        if self.name.is_empty() { Ok(()) } else { write!(f, "/{}", self.name) }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (kind, name) = text.split_once('/').unwrap_or((&text, ""));
        SubjectKind::ALL
            .into_iter()
            .find(|candidate| candidate.as_str() == kind)
            .map(|kind| Self::new(kind, name))
            .ok_or_else(|| serde::de::Error::custom(format!("`{kind}` is not a kind of subject")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_read_back() {
        for kind in SubjectKind::ALL {
            for subject in [Subject::only(kind), Subject::new(kind, "alice/1")] {
                let json = serde_json::to_string(&subject).unwrap();
                assert_eq!(serde_json::from_str::<Subject>(&json).unwrap(), subject);
            }
        }
        assert!(serde_json::from_str::<Subject>("\"planet/earth\"").is_err());
    }

    #[test]
    fn worst_comes_first() {
        assert!(Severity::ALL.is_sorted_by(|a, b| a > b));
        assert!(Status::ALL.is_sorted());
    }
}
