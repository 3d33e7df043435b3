//! Questions to a snapshot: who can do what, and why.
//!
//! An [`Estate`] is a snapshot with its policies prepared. [`who_can`] asks all principals about an action, [`can`]
//! one principal about all actions, [`why`] gives the reasons of one answer. Every type of policy has its say:
//! identity policies, boundaries, organisation policies, and the policies of resources as far as they were read.
//!
//! What a question does not say of a request, such as the address it comes from, is not known: an answer is
//! *always*, *under these conditions*, or *never*. What could not be read is never left out silently: see
//! [`Answer::Unknown`] and [`Requirement::Unread`].

mod answer;
mod candidates;
mod estate;
mod organization;
mod overview;
mod principal;
mod question;
mod resource;
mod stranger;

pub use answer::{Answer, Requirement};
pub use estate::Estate;
pub use overview::{Overview, can, matrix};
pub use principal::{Principal, PrincipalError, PrincipalKind};
pub use question::{Question, Reasons, Row, can_do, unread, who_can, why};
pub use stranger::Stranger;
