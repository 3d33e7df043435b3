//! Whether an answer holds a list at all: the SDK shows one that is absent as an empty one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::failure::Failure;
use crate::permissions::Operation;

/// Looks for a list's element in the XML of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    member: &'static str,
    seen: Arc<AtomicBool>,
}

impl Sent {
    /// For one call, which has to take a clone of it as an interceptor.
    pub(crate) fn new(member: &'static str) -> Self {
        Self { member, seen: Arc::default() }
    }

    /// Fails if the answer does not hold the list.
    pub(crate) fn check(&self, operation: &Operation) -> Result<(), Failure> {
        let seen = self.seen.load(Ordering::Relaxed);
        if seen { Ok(()) } else { Err(Failure::lacking(operation, self.member)) }
    }
}

impl Intercept for Sent {
    fn name(&self) -> &'static str {
        "Sent"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        self.seen.store(holds(body, self.member), Ordering::Relaxed);
        Ok(())
    }
}

/// True if the XML has such an element; a `<` in a text is escaped.
fn holds(xml: &[u8], member: &str) -> bool {
    let is_name = |rest: &[u8]| {
        rest.strip_prefix(member.as_bytes())
            .is_some_and(|rest| matches!(rest.first(), Some(b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n')))
    };
    xml.split(|byte| *byte == b'<').any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found() {
        let table = [
            ("<R><Keys><member/></Keys></R>", true),
            ("<R><Keys/></R>", true),
            ("<R><Keys xmlns=\"x\"/></R>", true),
            ("<R><KeysToo/></R>", false),
            ("<R>Keys</R>", false),
            ("<R></R>", false),
            ("", false),
        ];
        for (xml, expected) in table {
            assert_eq!(holds(xml.as_bytes(), "Keys"), expected, "{xml}");
        }
    }
}
