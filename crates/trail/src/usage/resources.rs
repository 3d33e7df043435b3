//! The ARNs of what a call was on.

use std::borrow::Cow;

use leastwise_model::{Caller, CallerKind};

use super::identity::Identity;
use super::leaves::{at, leaves};
use super::plan::{Form, Part, Plan};
use super::table::{FillerHow, Passed, PassedHow};
use crate::json::Value;
use crate::{Event, Field};

/// What `CloudTrail` writes in the place of values that it does not show.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Where the call was made, for the parts of ARNs that every record tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'r> {
    pub(super) partition: &'static str,
    pub(super) region: &'r str,
    /// The account whose log the record is in. It owns what the call was on, save what other accounts share.
    pub(super) account: &'r str,
}

impl<'r> Place<'r> {
    pub(super) fn of(event: &Event<'r>, identity: &Identity<'r>) -> Self {
        let region = event.str(Field::AwsRegion).unwrap_or_default();
        let account = event.str(Field::RecipientAccountId).or(identity.account()).unwrap_or_default();
        Self { partition: partition(region), region, account }
    }
}

/// The partition of a region.
///
/// Source: [AWS partitions](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
fn partition(region: &str) -> &'static str {
    const BEGINNINGS: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("eusc-", "aws-eusc"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
    ];
    BEGINNINGS.iter().find(|(beginning, _)| region.starts_with(beginning)).map_or("aws", |(_, name)| name)
}

/// The resources of one call, and the roles that it passed.
#[derive(Debug, Default)]
pub(super) struct Resources<'r> {
    pub(super) arns: Vec<Cow<'r, str>>,
    pub(super) roles: Vec<&'r str>,
}

/// A value that fills a hole of a form.
struct Filling<'r> {
    form: usize,
    hole: usize,
    value: Cow<'r, str>,
}

impl<'r> Resources<'r> {
    /// What the record itself tells, else what the request names, else what the answer names.
    pub(super) fn of(plan: &Plan, event: &Event<'r>, place: &Place<'r>, listed: bool) -> Self {
        let mut found = Self::default();
        let resource_level = plan.action.is_resource_level();
        if listed && resource_level {
            found.listed(plan, event);
        }
        let look_up = resource_level && found.arns.is_empty();
        if look_up || plan.passes_role {
            found.named(plan, event.field(Field::RequestParameters), place, look_up);
        }
        if look_up && (plan.makes || found.arns.is_empty()) {
            found.named(plan, event.field(Field::ResponseElements), place, true);
            found.drop_known_paths();
        }
        found
    }

    /// Drops ARNs with an unknown path where the answer told the path.
    fn drop_known_paths(&mut self) {
        let known: Vec<Cow<'r, str>> =
            self.arns.iter().filter(|arn| !arn.contains("{path}")).cloned().collect();
        self.arns.retain(|arn| match arn.split_once("{path}") {
            Some((head, name)) => !known
                .iter()
                .any(|arn| arn.strip_prefix(head).is_some_and(|rest| rest.rsplit('/').next() == Some(name))),
            None => true,
        });
    }

    /// What `resources` lists, as far as it is of a kind that the action is on.
    fn listed(&mut self, plan: &Plan, event: &Event<'r>) {
        let items = event.field(Field::Resources).into_iter().flat_map(Value::items);
        for arn in items.filter_map(|item| item.get("ARN")?.as_str()) {
            if is_resource(plan, arn) {
                self.push(Cow::Borrowed(arn));
            }
        }
    }

    /// What members of a request or an answer name.
    fn named(&mut self, plan: &Plan, value: Option<Value<'r>>, place: &Place<'r>, look_up: bool) {
        let Some(value) = value else { return };
        let mut fillings = Vec::new();
        leaves(value, &mut |name, text, top| {
            if text.starts_with("arn:") {
                if plan.passes_role && text.contains(":role/") && names_role(name) {
                    self.roles.push(text);
                }
                if look_up && is_resource(plan, text) {
                    self.push(Cow::Borrowed(text));
                }
            } else if look_up {
                fill(plan, name, text, top, place, &mut fillings);
            }
        });
        for (index, form) in plan.forms.iter().enumerate() {
            self.build(form, index, &fillings, place);
        }
    }

    fn build(&mut self, form: &Form, index: usize, fillings: &[Filling<'r>], place: &Place<'r>) {
        let of_hole =
            |hole| fillings.iter().filter(move |filling| filling.form == index && filling.hole == hole);
        if form.holes.len() == 1 {
            of_hole(0)
                .filter_map(|filling| arn(form, &[&filling.value], place))
                .for_each(|arn| self.push(arn.into()));
            return;
        }
        let values: Option<Vec<&str>> =
            (0..form.holes.len()).map(|hole| of_hole(hole).next().map(|filling| &*filling.value)).collect();
        if let Some(arn) = values.and_then(|values| arn(form, &values, place)) {
            self.push(arn.into());
        }
    }

    fn push(&mut self, arn: Cow<'r, str>) {
        if !self.arns.contains(&arn) {
            self.arns.push(arn);
        }
    }
}

fn is_resource(plan: &Plan, arn: &str) -> bool {
    arn.starts_with("arn:")
        && plan.action.resources().iter().any(|resource| resource.resource_type().matches_arn(arn))
}

fn names_role(member: &str) -> bool {
    member.as_bytes().windows(4).any(|window| window.eq_ignore_ascii_case(b"role"))
}

/// Puts a text where it belongs.
fn fill<'r>(
    plan: &Plan,
    name: &str,
    text: &'r str,
    top: bool,
    place: &Place<'r>,
    fillings: &mut Vec<Filling<'r>>,
) {
    for (form, forms) in plan.forms.iter().enumerate() {
        for (hole, holes) in forms.holes.iter().enumerate() {
            if let Some(value) = holes.filled_by(name, top).and_then(|how| value(how, text, place)) {
                fillings.push(Filling { form, hole, value });
            }
        }
    }
}

/// What fills the hole; nothing if the text cannot.
fn value<'r>(how: &FillerHow, text: &'r str, place: &Place<'_>) -> Option<Cow<'r, str>> {
    let usable = !text.is_empty() && text != HIDDEN && !text.contains(['*', '?']) && !text.contains("${");
    if !usable {
        return None;
    }
    match how {
        FillerHow::Plain => plain(text),
        FillerHow::Path => Some(format!("{{path}}{text}").into()),
        FillerHow::Secret => Some(format!("{}-??????", plain(text)?).into()),
        FillerHow::Slash => plain(text.strip_prefix('/').unwrap_or(text)),
        FillerHow::Url => of_url(text, place.account).map(Cow::Borrowed),
        FillerHow::Prefix(prefix) => plain(text).filter(|text| text.starts_with(&**prefix)),
    }
}

/// A text with colons is something else than a name: an ARN in part, or a name with a version.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    (!text.is_empty() && !text.contains(':')).then_some(Cow::Borrowed(text))
}

/// The last part of `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`, if it is in this account.
fn of_url<'r>(url: &'r str, account: &str) -> Option<&'r str> {
    let (head, name) = url.rsplit_once('/')?;
    (head.rsplit_once('/')?.1 == account && !name.is_empty()).then_some(name)
}

/// The ARN of this form with these values.
fn arn(form: &Form, values: &[&str], place: &Place<'_>) -> Option<String> {
    let mut arn = String::with_capacity(96);
    let owned = form.of_documents && values.iter().any(|name| is_owned_by_aws(name));
    for part in &form.parts {
        let text = match part {
            Part::Text(text) => text,
            Part::Partition => place.partition,
            Part::Region => place.region,
            Part::Account if owned => continue,
            Part::Account => place.account,
            Part::Hole(index) => values.get(*index)?,
        };
        if text.is_empty() {
            return None;
        }
        arn.push_str(text);
    }
    Some(arn)
}

/// True for names of documents that only AWS can give.
///
/// Source: [CreateDocument, `Name`](https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html).
fn is_owned_by_aws(document: &str) -> bool {
    ["aws", "amazon", "amzn"].iter().any(|beginning| {
        document.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    })
}

/// The object that `x-amz-copy-source` names, as `BUCKET/KEY` or `/BUCKET/KEY`, perhaps with `?versionId=…`.
///
/// Source: [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
pub(super) fn copied_object(text: &str, place: &Place<'_>) -> Option<String> {
    if text.starts_with("arn:") || text.contains('%') {
        return None;
    }
    let text = text.split_once("?versionId=").map_or(text, |(object, _)| object);
    let object = text.strip_prefix('/').unwrap_or(text);
    let (bucket, key) = object.split_once('/')?;
    (!bucket.is_empty() && !key.is_empty() && !object.contains(['*', '?']) && !object.contains("${"))
        .then(|| format!("arn:{}:s3:::{object}", place.partition))
}

/// The caller itself, if the call is on users and names none.
///
/// Source: [GetUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html), and likewise for all
/// whose name of the user is optional.
pub(super) fn caller_itself<'c>(plan: &Plan, event: &Event<'_>, caller: &'c Caller) -> Option<&'c str> {
    let named = event.field(Field::RequestParameters).and_then(|request| request.get("userName")).is_some();
    (plan.on_user && !named && caller.kind == CallerKind::User).then_some(&caller.id)
}

/// What is passed: the ARNs, if the member is there; an empty list if it is not told which.
pub(super) fn passed<'r>(passed: &Passed, event: &Event<'r>, place: &Place<'r>) -> Option<Vec<Cow<'r, str>>> {
    let request = event.field(Field::RequestParameters)?;
    let (mut there, mut arns) = (false, Vec::new());
    at(request, &passed.member, &mut |value| {
        there |= !value.is_null();
        let Some(text) = value.as_str() else { return };
        match passed.how {
            PassedHow::Arn if text.starts_with("arn:") => arns.push(Cow::Borrowed(text)),
            PassedHow::Role if !place.account.is_empty() && !text.contains(':') => {
                let Place { partition, account, .. } = place;
                arns.push(format!("arn:{partition}:iam::{account}:role/{{path}}{text}").into());
            }
            _ => {}
        }
    });
    there.then_some(arns)
}
