use std::time::Duration;

use aws_sdk_iam::types::ReportStateType;
use leastwise_model::{Missing, Reason};

use super::Target;
use crate::ask::ask;
use crate::credential_report::CredentialReport;
use crate::instant::Instant;
use crate::permissions::{GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT};

const PART: &str = "credential report";

/// The pauses between two looks at a report in the making.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long AWS may take to make a report.
const PATIENCE: Duration = Duration::from_mins(2);

/// Has a report made, waits for it and reads it.
///
/// Without the permission to have one made nothing is read, even where AWS still holds an older report:
/// a refusal has to show.
pub(super) async fn read(target: &Target<'_>) -> Result<CredentialReport, Missing> {
    target.progress(PART, 0, Some(1));
    make(target).await?;
    let report = ask(&GET_CREDENTIAL_REPORT, target.session.iam().get_credential_report().send()).await?;
    target.progress(PART, 1, Some(1));
    let generated = report.generated_time.and_then(|time| Instant::from(time).0.ok());
    let content = report.content.ok_or_else(|| Missing::invalid("the credential report is empty"))?;
    CredentialReport::parse(content.as_ref(), generated)
}

async fn make(target: &Target<'_>) -> Result<(), Missing> {
    let mut pause = FIRST_PAUSE;
    let mut waited = Duration::ZERO;
    loop {
        let call = target.session.iam().generate_credential_report();
        let answer = ask(&GENERATE_CREDENTIAL_REPORT, call.send()).await?;
        if answer.state == Some(ReportStateType::Complete) {
            return Ok(());
        }
        if waited >= PATIENCE {
            return Err(unfinished());
        }
        tokio::time::sleep(pause).await;
        waited += pause;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn unfinished() -> Missing {
    let minutes = PATIENCE.as_secs() / 60;
    Missing::new(
        Reason::Failed,
        format!("AWS did not finish the credential report in {minutes} minutes; run again"),
    )
}
