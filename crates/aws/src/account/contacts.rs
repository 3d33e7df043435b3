use aws_sdk_account::types::AlternateContactType;
use leastwise_model::{AlternateContacts, Contact, Known, Missing};

use crate::ask::ask;
use crate::failure::Failure;
use crate::parts;
use crate::permissions::{GET_ALTERNATE_CONTACT, GET_CONTACT_INFORMATION};
use crate::session::Session;

/// What AWS answers where a contact is not registered; an empty answer does not say so.
const NOT_REGISTERED: &[&str] = &["ResourceNotFoundException"];

/// Reads the primary and the alternate contacts.
pub(super) async fn read(session: &Session) -> (Known<Option<Contact>>, AlternateContacts) {
    let (primary, billing, operations, security) = tokio::join!(
        primary(session),
        alternate(session, AlternateContactType::Billing),
        alternate(session, AlternateContactType::Operations),
        alternate(session, AlternateContactType::Security),
    );
    let alternates = AlternateContacts {
        billing: billing.into(),
        operations: operations.into(),
        security: security.into(),
    };
    (primary.into(), alternates)
}

async fn primary(session: &Session) -> Result<Option<Contact>, Missing> {
    match ask(&GET_CONTACT_INFORMATION, session.account().get_contact_information().send()).await {
        Ok(answer) => match answer.contact_information {
            Some(contact) => parts::primary_contact(contact.into()).map(Some),
            None => Err(Failure::lacking(&GET_CONTACT_INFORMATION, "ContactInformation").missing),
        },
        Err(failure) if failure.is(NOT_REGISTERED) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}

async fn alternate(session: &Session, kind: AlternateContactType) -> Result<Option<Contact>, Missing> {
    let call = session.account().get_alternate_contact().alternate_contact_type(kind);
    match ask(&GET_ALTERNATE_CONTACT, call.send()).await {
        Ok(answer) => match answer.alternate_contact {
            Some(contact) => parts::alternate_contact(contact.into()).map(Some),
            None => Err(Failure::lacking(&GET_ALTERNATE_CONTACT, "AlternateContact").missing),
        },
        Err(failure) if failure.is(NOT_REGISTERED) => Ok(None),
        Err(failure) => Err(failure.missing),
    }
}
