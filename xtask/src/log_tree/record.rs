//! A record of a call.

use fastrand::Rng;
use jiff::Timestamp;

use super::identity::Caller;
use super::world::{account, pick, uuid};

/// What is called, and with what. Texts are JSON, `null` where there is nothing.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) source: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) read_only: bool,
    pub(super) data: bool,
    pub(super) request: String,
    pub(super) response: String,
    /// More members of the record, each with a comma before it.
    pub(super) more: String,
    pub(super) error: Option<&'static str>,
    /// The service that makes the call in the caller's name.
    pub(super) via: Option<&'static str>,
}

impl Call {
    /// A call that reads.
    pub(super) fn read(source: &'static str, name: &'static str, request: impl Into<String>) -> Self {
        Self {
            source,
            name,
            kind: "AwsApiCall",
            read_only: true,
            data: false,
            request: request.into(),
            response: "null".to_owned(),
            more: String::new(),
            error: None,
            via: None,
        }
    }

    /// A call that changes something.
    pub(super) fn write(source: &'static str, name: &'static str, request: impl Into<String>) -> Self {
        Self { read_only: false, ..Self::read(source, name, request) }
    }

    /// With an answer.
    pub(super) fn answered(mut self, response: impl Into<String>) -> Self {
        self.response = response.into();
        self
    }

    /// With what it was on.
    pub(super) fn on(self, index: usize, resources: &[(&str, String)]) -> Self {
        let number = account(index);
        let resource = |(kind, arn): &(&str, String)| {
            format!(r#"{{"accountId":"{number}","type":"{kind}","ARN":"{arn}"}}"#)
        };
        let list: Vec<String> = resources.iter().map(resource).collect();
        self.with("resources", &format!("[{}]", list.join(",")))
    }

    /// As one that failed.
    pub(super) fn failed(mut self, error: &'static str) -> Self {
        self.error = Some(error);
        "null".clone_into(&mut self.response);
        self
    }

    /// As a data event.
    pub(super) fn data(mut self) -> Self {
        self.data = true;
        self
    }

    /// With one more member.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.more.extend([",\"", name, "\":", value]);
        self
    }
}

/// Where and when a call was made, and by whom.
pub(super) struct Scene<'a> {
    pub(super) caller: &'a Caller,
    /// The account whose log it is in.
    pub(super) account: usize,
    pub(super) region: &'a str,
    pub(super) time: i64,
    pub(super) address: String,
    pub(super) id: String,
}

const PROGRAMS: [&str; 6] = [
    "aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5",
    "Boto3/1.34.144 md/Botocore#1.34.144 ua/2.0 os/linux#6.1.94 md/arch#x86_64 lang/python#3.12.4",
    "aws-sdk-java/2.26.20 Linux/5.10.219 OpenJDK_64-Bit_Server_VM/17.0.12+7-LTS",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.2 (+https://www.terraform.io) terraform-provider-aws/5.58.0",
    "aws-cli/2.17.13 md/awscrt#0.20.11 ua/2.0 os/linux#6.8.0 md/command#ec2.describe-instances",
    "aws-sdk-nodejs/2.1659.0 linux/v20.15.1 promise",
];

const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

impl Scene<'_> {
    /// The record, as `CloudTrail` writes it.
    pub(super) fn record(&self, rng: &mut Rng, call: &Call) -> String {
        let time = Timestamp::from_second(self.time).unwrap_or_default();
        let identity = self.caller.json(rng, self.time, call.via);
        let (agent, address) = self.client(rng, call);
        let error = call.error.map_or_else(String::new, |code| {
            format!(r#","errorCode":"{code}","errorMessage":"{}""#, message(code, call))
        });
        let (source, region) = (call.source, self.region);
        let category = if call.data { "Data" } else { "Management" };
        let without_tls = matches!(self.caller, Caller::Service(_)) || call.via.is_some() || rng.u8(..3) != 0;
        let tls = if without_tls {
            String::new()
        } else {
            format!(
                r#","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{source_name}.{region}.amazonaws.com"}}"#,
                source_name = source.split('.').next().unwrap_or(source)
            )
        };
        format!(
            r#"{{"eventVersion":"1.11","userIdentity":{identity},"eventTime":"{time}","eventSource":"{source}","eventName":"{name}","awsRegion":"{region}","sourceIPAddress":"{address}","userAgent":"{agent}"{error},"requestParameters":{request},"responseElements":{response},"requestID":"{request_id}","eventID":"{id}","readOnly":{read_only}{more},"eventType":"{kind}","managementEvent":{management},"recipientAccountId":"{recipient}","eventCategory":"{category}"{tls}}}"#,
            name = call.name,
            request = call.request,
            response = call.response,
            request_id = uuid(rng),
            id = self.id,
            read_only = call.read_only,
            more = call.more,
            kind = call.kind,
            management = !call.data,
            recipient = account(self.account),
        )
    }

    /// User agent and address: services show themselves in both.
    fn client<'c>(&'c self, rng: &mut Rng, call: &Call) -> (&'c str, &'c str) {
        match (self.caller, call.via) {
            (Caller::Service(service), _) => (service, service),
            (_, Some(service)) => (service, service),
            (caller, None) if caller.is_person() && rng.bool() => (BROWSER, &self.address),
            _ => (pick(rng, &PROGRAMS), &self.address),
        }
    }
}

fn message(code: &str, call: &Call) -> String {
    match code {
        "AccessDenied" | "AccessDeniedException" => {
            let service = call.source.split('.').next().unwrap_or_default();
            format!(
                "User is not authorized to perform: {service}:{} because no identity-based policy allows the action",
                call.name
            )
        }
        "Client.UnauthorizedOperation" => "You are not authorized to perform this operation.".to_owned(),
        "ThrottlingException" => "Rate exceeded".to_owned(),
        _ => "The specified resource does not exist.".to_owned(),
    }
}
