//! Files that hold the AWS CLI's error message instead of an answer.

use leastwise_model::{Missing, Reason};

use super::content::Content;
use super::file::Reading;
use super::part::Part;
use crate::permissions::OPERATIONS;
use crate::text::quote;

/// An error message of the AWS CLI: `An error occurred (CODE) when calling the OPERATION operation: …`.
///
/// Some of them are answers: there is no password policy, no contact, no organisation.
pub(super) fn read(text: &str, file: &str) -> Option<Reading> {
    let (code, operation) = parse(text)?;
    let part = Part::of_operation(operation, file)?;
    Some(match (code, part) {
        ("NoSuchEntity", Part::PasswordPolicy) => {
            Reading::Sound(part, Box::new(Content::PasswordPolicy(Ok(None))))
        }
        (
            "ResourceNotFoundException",
            Part::BillingContact | Part::OperationsContact | Part::SecurityContact | Part::PrimaryContact,
        ) => Reading::Sound(part, Box::new(Content::Contact(None))),
        ("AWSOrganizationsNotInUseException", Part::Organization) => {
            Reading::Sound(part, Box::new(Content::Organization(Ok(None))))
        }
        _ => Reading::Broken(part, missing(code, operation, file)),
    })
}

fn parse(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("An error occurred (")?;
    let (code, rest) = rest.split_once(')')?;
    let (_, rest) = rest.split_once("when calling the ")?;
    let (operation, _) = rest.split_once(" operation")?;
    Some((code, operation))
}

fn missing(code: &str, operation: &str, file: &str) -> Missing {
    let file = quote(file);
    if ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"].contains(&code) {
        let action = OPERATIONS.iter().map(|o| o.action).find(|a| a.ends_with(&format!(":{operation}")));
        return Missing {
            reason: Reason::AccessDenied,
            detail: format!("file `{file}`: AWS refused the call"),
            permission: action.map(ToOwned::to_owned),
        };
    }
    Missing::new(
        Reason::Failed,
        format!("file `{file}`: the AWS CLI failed with `{}`; run it again", quote(code)),
    )
}
