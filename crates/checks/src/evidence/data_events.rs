/// Services with calls that a trail logs only if told to (data events), or that are not API calls of AWS at all, such
/// as queries to a database or messages of devices. By the prefix of their IAM actions, in order; rather one too many.
///
/// Source: [Logging data events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html),
/// the resource types of advanced event selectors.
const SERVICES: &str = "aoss aps apigateway appconfig appsync b2bi backup-search bedrock bedrock-agentcore cassandra \
    cloudfront-keyvaluestore cloudtrail-data cloudwatch codeguru-profiler codewhisperer cognito-identity cognito-idp \
    cognito-sync connect dataexchange dax deadline dsql dynamodb ebs ec2-instance-connect ecr elasticfilesystem \
    elasticmapreduce es execute-api finspace firehose geo geo-maps geo-places geo-routes glue greengrass guardduty iot \
    iotsitewise iottwinmaker kafka-cluster kendra-ranking kinesis kinesisvideo lakeformation lambda logs \
    machinelearning managedblockchain medical-imaging mobiletargeting neptune-db neptune-graph one \
    payment-cryptography pca-connector-ad pca-connector-scep q qapps qbusiness rds-data rds-db redshift \
    redshift-data resource-explorer-2 rum s3 s3-object-lambda s3-outposts s3express s3tables sagemaker scn \
    servicediscovery ses sms-voice sns social-messaging sqs ssm ssmmessages states swf thinclient timestream \
    verifiedpermissions vpc-lattice-svcs wisdom workspaces-web xray";

/// True if a service may be used by calls that a trail does not log unless told to.
pub(super) fn has(service: &str) -> bool {
    SERVICES.split_ascii_whitespace().any(|own| own == service)
}

#[cfg(test)]
mod tests {
    use leastwise_iam::catalogue::Catalogue;

    use super::*;

    #[test]
    fn every_one_is_a_service() {
        for service in SERVICES.split_ascii_whitespace() {
            assert!(Catalogue::get().service(service).is_some(), "{service}");
        }
        assert!(has("s3") && has("xray") && !has("ec2") && !has("iam"));
    }
}
