//! Which services each principal used, and when: opt-in, since it takes calls for each principal.
//!
//! Source: [last accessed information](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_sdk_iam::operation::get_service_last_accessed_details::GetServiceLastAccessedDetailsOutput;
use aws_sdk_iam::types::{JobStatusType, ServiceLastAccessed};
use leastwise_iam::Arn;
use leastwise_model::{Known, Missing, Reason, ServiceUse};

use super::{CALLS_AT_ONCE, Target, not_requested};
use crate::ask::ask;
use crate::details::Details;
use crate::each::each;
use crate::instant::Instant;
use crate::pages::{Markers, iam_marker};
use crate::permissions::{GENERATE_SERVICE_LAST_ACCESSED_DETAILS, GET_SERVICE_LAST_ACCESSED_DETAILS};
use crate::session::Session;
use crate::text::said;

const PART: &str = "service last-accessed data";
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_mins(2);

type Services = Known<Vec<ServiceUse>>;

/// Reads the data of every user, group and role of the customer, if it was asked for.
pub(super) async fn read(target: &Target<'_>, details: &Details) -> Known<BTreeMap<Arn, Services>> {
    if !target.request.last_accessed {
        return Known::Unknown(not_requested("it takes calls for each principal; add `--last-accessed`"));
    }
    let arns = match principals(details) {
        Ok(arns) => arns,
        Err(why) => return Known::Unknown(why),
    };
    let (done, total) = (AtomicUsize::new(0), arns.len());
    let jobs = arns.into_iter().map(|arn| {
        let done = &done;
        async move {
            let services = services(target.session, arn.as_str()).await;
            target.progress(PART, done.fetch_add(1, Ordering::Relaxed) + 1, Some(total));
            (arn, Known::from(services))
        }
    });
    Known::Known(each(CALLS_AT_ONCE, jobs).await.into_iter().collect())
}

fn principals(details: &Details) -> Result<Vec<Arn>, Missing> {
    let users = details.users.as_ref().map_err(Clone::clone)?.iter().map(|user| &user.arn);
    let groups = details.groups.as_ref().map_err(Clone::clone)?.iter().map(|group| &group.arn);
    let roles = details.roles.as_ref().map_err(Clone::clone)?.iter();
    let roles = roles.filter(|role| !role.is_reserved()).map(|role| &role.arn);
    Ok(users.chain(groups).chain(roles).cloned().collect())
}

async fn services(session: &Session, arn: &str) -> Result<Vec<ServiceUse>, Missing> {
    let call = session.iam().generate_service_last_accessed_details().arn(arn);
    let job = ask(&GENERATE_SERVICE_LAST_ACCESSED_DETAILS, call.send()).await?.job_id;
    let job = job.ok_or_else(|| Missing::invalid("the answer holds no `JobId`"))?;
    let first = finished(session, &job).await?;
    let mut uses: Vec<ServiceUse> =
        all_pages(session, &job, first).await?.into_iter().map(service_use).collect::<Result<_, _>>()?;
    uses.sort_by(|a, b| a.service.cmp(&b.service));
    Ok(uses)
}

async fn finished(session: &Session, job: &str) -> Result<GetServiceLastAccessedDetailsOutput, Missing> {
    let mut pause = FIRST_PAUSE;
    let mut waited = Duration::ZERO;
    loop {
        let answer = page(session, job, None).await?;
        match answer.job_status {
            JobStatusType::Completed => return Ok(answer),
            JobStatusType::Failed => return Err(broken(&answer)),
            _ if waited >= PATIENCE => {
                return Err(Missing::new(Reason::Failed, "AWS did not finish in time; run again"));
            }
            _ => tokio::time::sleep(pause).await,
        }
        waited += pause;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn broken(answer: &GetServiceLastAccessedDetailsOutput) -> Missing {
    let why = answer.error().map_or("without a reason", |error| error.message());
    Missing::new(Reason::Failed, format!("AWS could not make the data: {}", said(why)))
}

async fn all_pages(
    session: &Session,
    job: &str,
    first: GetServiceLastAccessedDetailsOutput,
) -> Result<Vec<ServiceLastAccessed>, Missing> {
    let operation = &GET_SERVICE_LAST_ACCESSED_DETAILS;
    let mut markers = Markers::new(operation);
    let mut services = Vec::new();
    let mut answer = first;
    loop {
        services.extend(answer.services_last_accessed);
        let next = iam_marker(operation, answer.is_truncated, answer.marker)?;
        match markers.accept(next)? {
            Some(marker) => answer = page(session, job, Some(marker)).await?,
            None => return Ok(services),
        }
    }
}

async fn page(
    session: &Session,
    job: &str,
    marker: Option<String>,
) -> Result<GetServiceLastAccessedDetailsOutput, Missing> {
    let call = session.iam().get_service_last_accessed_details().job_id(job).max_items(1000);
    Ok(ask(&GET_SERVICE_LAST_ACCESSED_DETAILS, call.set_marker(marker).send()).await?)
}

fn service_use(service: ServiceLastAccessed) -> Result<ServiceUse, Missing> {
    let last_used = service.last_authenticated.map(|time| Instant::from(time).0).transpose();
    let last_used = last_used.map_err(|text| Missing::invalid(format!("`{text}` is no instant")))?;
    Ok(ServiceUse { service: service.service_namespace, last_used })
}
