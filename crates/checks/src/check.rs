use std::borrow::Cow;

use leastwise_model::{Account, Group, Missing, PasswordPolicy, Role, ServerCertificate, Severity, User};

use crate::Context;
use crate::subjects::{KeyOf, PolicyOf, PrincipalOf};

/// A check: what it is called, what it means, and how it judges.
#[derive(Debug)]
pub struct Check {
    /// The permanent name, such as `iam-access-key-unused`.
    pub id: &'static str,
    /// What is true of a subject that passes.
    pub title: &'static str,
    /// How bad a failure is, unless the configuration says otherwise.
    pub severity: Severity,
    /// The judgement.
    pub judge: Judge,
    /// The lines of the documentation page, in Markdown.
    pub documentation: &'static [&'static str],
}

impl Check {
    /// True if a failure is for information only and breaks no control. That is the check's own word: a
    /// configured severity ranks findings, it does not make a control hold.
    pub fn informs(&self) -> bool {
        self.severity == Severity::Info
    }
}

/// What a check judges, and how.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// The account as a whole.
    Account(fn(&Account, &Context<'_>) -> Judged),
    /// The root user, through the account it belongs to.
    Root(fn(&Account, &Context<'_>) -> Judged),
    /// The account's password policy; `None` where AWS's default is in force.
    PasswordPolicy(fn(Option<&PasswordPolicy>, &Context<'_>) -> Judged),
    /// Each IAM user.
    User(fn(&User, &Context<'_>) -> Judged),
    /// Each active access key of an IAM user.
    AccessKey(fn(&KeyOf<'_>, &Context<'_>) -> Judged),
    /// Each IAM group.
    Group(fn(&Group, &Context<'_>) -> Judged),
    /// Each IAM role, but for those that AWS reserves.
    Role(fn(&Role, &Context<'_>) -> Judged),
    /// Each user, group and role, but for roles that customers cannot change.
    Principal(fn(&PrincipalOf<'_>, &Context<'_>) -> Judged),
    /// Each customer-managed policy, and each policy embedded in a principal that customers can change.
    Policy(fn(&PolicyOf<'_>, &Context<'_>) -> Judged),
    /// Each policy embedded in a principal that customers can change.
    InlinePolicy(fn(&PolicyOf<'_>, &Context<'_>) -> Judged),
    /// Each server certificate.
    ServerCertificate(fn(&ServerCertificate, &Context<'_>) -> Judged),
}

/// A verdict, or what is missing to reach one.
pub type Judged = Result<Verdict, Missing>;

/// What a check says of a subject, with the facts behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The subject is as it should be.
    Pass(Cow<'static, str>),
    /// It is not.
    Fail(Cow<'static, str>),
    /// A person has to look, at this.
    Manual(Cow<'static, str>),
    /// The check does not concern the subject.
    NotApplicable(Cow<'static, str>),
}

impl Verdict {
    /// The subject is as it should be, because …
    ///
    /// # Errors
    /// Never; the form is that of a judgement.
    pub fn pass(evidence: impl Into<Cow<'static, str>>) -> Judged {
        Ok(Self::Pass(evidence.into()))
    }

    /// The subject is not as it should be, because …
    ///
    /// # Errors
    /// Never; the form is that of a judgement.
    pub fn fail(evidence: impl Into<Cow<'static, str>>) -> Judged {
        Ok(Self::Fail(evidence.into()))
    }

    /// A person has to look at …
    ///
    /// # Errors
    /// Never; the form is that of a judgement.
    pub fn manual(evidence: impl Into<Cow<'static, str>>) -> Judged {
        Ok(Self::Manual(evidence.into()))
    }

    /// The check does not concern the subject, because …
    ///
    /// # Errors
    /// Never; the form is that of a judgement.
    pub fn not_applicable(evidence: impl Into<Cow<'static, str>>) -> Judged {
        Ok(Self::NotApplicable(evidence.into()))
    }
}

/// Declares a check; its doc comment is its documentation page.
macro_rules! check {
    (
        $(#[doc = $line:expr])*
        pub static $name:ident = {
            id: $id:expr, title: $title:expr,
            severity: $severity:expr, judge: $judge:expr $(,)?
        }
    ) => {
        $(#[doc = $line])*
        pub static $name: $crate::Check = $crate::Check {
            id: $id,
            title: $title,
            severity: $severity,
            judge: $judge,
            documentation: &[$($line),*],
        };
    };
}
pub(crate) use check;
