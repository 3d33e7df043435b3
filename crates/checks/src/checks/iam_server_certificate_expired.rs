use leastwise_model::{ServerCertificate, Severity};

use crate::check::check;
use crate::time::{ago, day};
use crate::{Context, Judge, Judged, Verdict};

check! {
    /// ## What it checks
    /// No TLS certificate stored in IAM has expired (CIS 1.19).
    /// ## Why it matters
    /// An expired certificate that is put to use by mistake breaks the application, and teaches people to
    /// click warnings away.
    /// ## How to fix
    /// `aws iam delete-server-certificate --server-certificate-name NAME`; keep new ones in AWS Certificate
    /// Manager.
    pub static IAM_SERVER_CERTIFICATE_EXPIRED = {
        id: "iam-server-certificate-expired", title: "no stored TLS certificate has expired",
        severity: Severity::Medium, judge: Judge::ServerCertificate(iam_server_certificate_expired),
    }
}

fn iam_server_certificate_expired(certificate: &ServerCertificate, context: &Context<'_>) -> Judged {
    let expires = *certificate.expires.get()?;
    if expires <= context.now {
        Verdict::fail(format!("expired {}", ago(expires, context.now)))
    } else {
        Verdict::pass(format!("expires on {}", day(expires)))
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, days_ago, missing};

    #[test]
    fn expired_valid_and_unread() {
        let mut account = testing::account();
        let certificate = |name: &str, expires| ServerCertificate {
            name: name.to_owned(),
            arn: format!("arn:aws:iam::123456789012:server-certificate/{name}").parse().unwrap(),
            expires,
        };
        account.server_certificates = Known::Known(vec![
            certificate("old", Known::Known(days_ago(0))),
            certificate("new", Known::Known(days_ago(-1))),
            certificate("unread", Known::Unknown(missing())),
        ]);
        testing::expect(
            &IAM_SERVER_CERTIFICATE_EXPIRED,
            &account,
            &[
                ("server-certificate/old", Status::Fail),
                ("server-certificate/new", Status::Pass),
                ("server-certificate/unread", Status::Unknown),
            ],
        );
    }
}
