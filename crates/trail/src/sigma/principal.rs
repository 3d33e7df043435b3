//! Who did it, whatever the session: the pseudo field `leastwise.principal`.

use std::borrow::Cow;

use crate::json::Value;
use crate::{Event, Field};

/// The user, or the role without its session; for services and other accounts the name they go by.
///
/// Source: [userIdentity element](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
pub(crate) fn principal<'r>(event: &Event<'r>) -> Option<Cow<'r, str>> {
    let identity = event.field(Field::UserIdentity)?;
    let text = |name: &str| identity.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let issuer = || {
        let issuer = identity.get("sessionContext")?.get("sessionIssuer")?;
        issuer.get("arn").and_then(Value::as_str).filter(|text| !text.is_empty())
    };
    let arn = text("arn");
    match text("type") {
        Some("AWSService") => text("invokedBy").or(arn).map(Cow::Borrowed),
        Some("IdentityCenterUser") => {
            let user = || identity.get("onBehalfOf")?.get("userId").and_then(Value::as_str);
            user()
                .or_else(|| text("principalId"))
                .map(|user| Cow::Owned(format!("identity-center-user/{user}")))
        }
        _ => issuer()
            .map(Cow::Borrowed)
            .or_else(|| arn.map(without_session))
            .or_else(|| text("userName").or_else(|| text("principalId")).map(Cow::Borrowed))
            .or_else(|| text("invokedBy").or_else(|| text("accountId")).map(Cow::Borrowed)),
    }
}

/// The ARN of the role, of the ARN of a session of it. A role's path is not known from it.
fn without_session(arn: &str) -> Cow<'_, str> {
    let role = || {
        let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
        let (account, rest) = rest.strip_prefix("sts::")?.split_once(':')?;
        let (role, _session) = rest.strip_prefix("assumed-role/")?.split_once('/')?;
        Some(format!("arn:{partition}:iam::{account}:role/{role}"))
    };
    role().map_or(Cow::Borrowed(arn), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Record;

    #[test]
    fn principals() {
        let role = "arn:aws:iam::111122223333:role/path/admin";
        let session = "arn:aws:sts::111122223333:assumed-role/admin/anna";
        let cases = [
            (
                format!(
                    r#"{{"type":"AssumedRole","arn":"{session}","sessionContext":{{"sessionIssuer":{{"arn":"{role}"}}}}}}"#
                ),
                Some(role),
            ),
            (
                format!(r#"{{"type":"AssumedRole","arn":"{session}"}}"#),
                Some("arn:aws:iam::111122223333:role/admin"),
            ),
            (
                r#"{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/anna"}"#.to_owned(),
                Some("arn:aws:iam::111122223333:user/anna"),
            ),
            (
                r#"{"type":"Root","arn":"arn:aws:iam::111122223333:root"}"#.to_owned(),
                Some("arn:aws:iam::111122223333:root"),
            ),
            (
                r#"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#.to_owned(),
                Some("ec2.amazonaws.com"),
            ),
            (r#"{"type":"AWSAccount","accountId":"111122223333"}"#.to_owned(), Some("111122223333")),
            (
                r#"{"type":"IdentityCenterUser","onBehalfOf":{"userId":"u-1"}}"#.to_owned(),
                Some("identity-center-user/u-1"),
            ),
            (r#"{"type":"Unknown"}"#.to_owned(), None),
            ("null".to_owned(), None),
        ];
        for (identity, expected) in cases {
            let text = format!(r#"{{"userIdentity":{identity}}}"#);
            let record = Record::parse(text.as_bytes()).unwrap();
            assert_eq!(principal(&Event::new(record.root()).unwrap()).as_deref(), expected, "{identity}");
        }
    }
}
