//! Which resource types carry resource-based policies.
//!
//! Sources: [AWS services that work with IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html),
//! column "Resource-based policies"; for the resource types of each service, the action that sets the policy in its
//! page of the [Service Authorization Reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).

use anyhow::{Context, Result, ensure};

use super::source::Source;

/// The resource-based policies of some of a service's resource types.
pub(super) struct ResourcePolicy {
    pub(super) service: &'static str,
    /// Types of resources that a policy is attached to.
    pub(super) attached_to: &'static [&'static str],
    /// Types of resources that are in those, and for which that policy speaks.
    pub(super) speaks_for: &'static [&'static str],
    /// Actions that do nothing but change the policy.
    pub(super) changed_by: &'static [&'static str],
}

const fn policy(
    service: &'static str,
    attached_to: &'static [&'static str],
    changed_by: &'static [&'static str],
) -> ResourcePolicy {
    ResourcePolicy { service, attached_to, speaks_for: &[], changed_by }
}

impl ResourcePolicy {
    const fn for_parts(self, speaks_for: &'static [&'static str]) -> Self {
        Self { speaks_for, ..self }
    }
}

const RESOURCE_POLICY: &[&str] = &["PutResourcePolicy", "DeleteResourcePolicy"];

/// Every resource-based policy. Sorted by service.
pub(super) static POLICIES: &[ResourcePolicy] = &[
    policy(
        "acm-pca",
        &["certificate-authority"],
        &["PutPolicy", "DeletePolicy", "CreatePermission", "DeletePermission"],
    ),
    policy("agent-registry", &["registry"], RESOURCE_POLICY),
    policy(
        "aiops",
        &["investigation-group"],
        &["PutInvestigationGroupPolicy", "DeleteInvestigationGroupPolicy"],
    ),
    policy("apigateway", &["RestApi"], &["UpdateRestApiPolicy"]),
    policy(
        "apigateway",
        &["PrivateDomainName"],
        &["UpdateDomainNamePolicy", "UpdateDomainNameManagementPolicy"],
    ),
    policy(
        "apigateway",
        &["PortalProduct"],
        &["PutPortalProductSharingPolicy", "DeletePortalProductSharingPolicy"],
    ),
    policy("appmesh", &["mesh"], &["PutMeshPolicy", "DeleteMeshPolicy"]),
    policy("appsync", &["graphqlapi"], RESOURCE_POLICY),
    policy("aps", &["workspace"], RESOURCE_POLICY),
    policy("aws-marketplace", &["Entity"], RESOURCE_POLICY),
    policy("backup", &["backupVault"], &["PutBackupVaultAccessPolicy", "DeleteBackupVaultAccessPolicy"])
        .for_parts(&["recoveryPoint"]),
    policy("bedrock", &["custom-model", "guardrail", "guardrail-profile", "knowledge-base"], RESOURCE_POLICY),
    policy("bedrock-agentcore", &["gateway", "runtime", "runtime-endpoint"], RESOURCE_POLICY),
    policy("billing", &["billingview"], RESOURCE_POLICY),
    policy(
        "cleanrooms-ml",
        &["configuredaudiencemodel"],
        &["PutConfiguredAudienceModelPolicy", "DeleteConfiguredAudienceModelPolicy"],
    ),
    policy("cloudfront", &["vpcorigin"], RESOURCE_POLICY),
    policy("cloudhsm", &["backup"], RESOURCE_POLICY),
    policy("cloudtrail", &["channel", "dashboard", "eventdatastore"], RESOURCE_POLICY),
    policy("codeartifact", &["domain"], &["PutDomainPermissionsPolicy", "DeleteDomainPermissionsPolicy"]),
    policy(
        "codeartifact",
        &["repository"],
        &["PutRepositoryPermissionsPolicy", "DeleteRepositoryPermissionsPolicy"],
    )
    .for_parts(&["package"]),
    policy("codebuild", &["project", "report-group"], RESOURCE_POLICY),
    policy("codeguru-profiler", &["ProfilingGroup"], &["PutPermission", "RemovePermission"]),
    policy("comprehend", &["document-classifier", "entity-recognizer"], RESOURCE_POLICY),
    policy("dsql", &["Cluster"], &["PutClusterPolicy", "DeleteClusterPolicy"]),
    policy("dynamodb", &["table", "stream"], RESOURCE_POLICY).for_parts(&["index"]),
    // A VPC endpoint's policy restricts what goes through the endpoint; it grants nothing by itself.
    policy("ec2", &["vpc-endpoint"], &[]),
    policy("ec2", &["ipam-pool", "placement-group", "verified-access-group"], RESOURCE_POLICY),
    policy("ecr", &["repository"], &["SetRepositoryPolicy", "DeleteRepositoryPolicy"]),
    policy("ecr-public", &["repository"], &["SetRepositoryPolicy", "DeleteRepositoryPolicy"]),
    policy("elasticfilesystem", &["file-system"], &["PutFileSystemPolicy", "DeleteFileSystemPolicy"]),
    policy("elemental-inference", &["feed"], &["PutFeedPolicy", "DeleteFeedPolicy"]),
    policy(
        "entityresolution",
        &["IdNamespace", "MatchingWorkflow", "SchemaMapping", "IdMappingWorkflow"],
        &["PutPolicy", "DeletePolicyStatement", "AddPolicyStatement"],
    ),
    // The domain's policy is set together with its other settings.
    policy("es", &["domain"], &[]),
    policy("events", &["event-bus"], &["PutPermission", "RemovePermission"]),
    policy("events", &["event-busv2"], RESOURCE_POLICY),
    // The policy of the API in `apigateway` decides about calls to it.
    policy("execute-api", &[], &[]).for_parts(&["execute-api-general", "execute-api-domain"]),
    policy("fsx", &["volume"], RESOURCE_POLICY),
    policy("glacier", &["vault"], &["SetVaultAccessPolicy", "DeleteVaultAccessPolicy"]),
    // One policy for the account's whole Data Catalog speaks for what is in it.
    policy("glue", &["rootcatalog", "catalog", "database", "table"], RESOURCE_POLICY)
        .for_parts(&["tableversion", "userdefinedfunction"]),
    // The trust policy.
    policy("iam", &["role"], &["UpdateAssumeRolePolicy"]),
    policy("imagebuilder", &["component"], &["PutComponentPolicy"]),
    policy("imagebuilder", &["containerRecipe"], &["PutContainerRecipePolicy"]),
    policy("imagebuilder", &["image"], &["PutImagePolicy"]),
    policy("imagebuilder", &["imageRecipe"], &["PutImageRecipePolicy"]),
    policy("kafka", &["cluster"], &["PutClusterPolicy", "DeleteClusterPolicy"]),
    policy("kinesis", &["stream", "consumer"], RESOURCE_POLICY),
    policy("kms", &["key"], &["PutKeyPolicy"]),
    policy(
        "lambda",
        &["function", "function alias", "function version"],
        &["AddPermission", "RemovePermission", "PutResourcePolicy", "DeleteResourcePolicy"],
    ),
    policy("lambda", &["layerVersion"], &["AddLayerVersionPermission", "RemoveLayerVersionPermission"]),
    policy(
        "lex",
        &["bot", "bot alias"],
        &[
            "CreateResourcePolicy",
            "CreateResourcePolicyStatement",
            "UpdateResourcePolicy",
            "DeleteResourcePolicy",
            "DeleteResourcePolicyStatement",
        ],
    ),
    policy("logs", &["destination"], &["PutDestinationPolicy"]),
    policy(
        "logs",
        &["delivery-destination"],
        &["PutDeliveryDestinationPolicy", "DeleteDeliveryDestinationPolicy"],
    ),
    // An account's resource policies, up to ten in a region, name the log groups that they speak for.
    policy("logs", &["log-group"], RESOURCE_POLICY).for_parts(&["log-stream"]),
    policy("lookoutequipment", &["dataset", "model", "model-version"], RESOURCE_POLICY),
    policy("mediapackagev2", &["Channel"], &["PutChannelPolicy", "DeleteChannelPolicy"]),
    policy("mediapackagev2", &["OriginEndpoint"], &["PutOriginEndpointPolicy", "DeleteOriginEndpointPolicy"]),
    policy("mediastore", &["container"], &["PutContainerPolicy", "DeleteContainerPolicy"])
        .for_parts(&["object"]),
    policy("mediatailor", &["channel"], &["PutChannelPolicy", "DeleteChannelPolicy"]),
    policy("mpa", &["approval-team"], RESOURCE_POLICY),
    policy(
        "network-firewall",
        &["Firewall", "FirewallPolicy", "StatefulRuleGroup", "StatelessRuleGroup"],
        RESOURCE_POLICY,
    ),
    policy("networkmanager", &["core-network"], RESOURCE_POLICY),
    policy("oam", &["Sink"], &["PutSinkPolicy"]),
    policy(
        "odb",
        &["cloud-exadata-infrastructure", "exascale-db-storage-vault", "odb-network"],
        RESOURCE_POLICY,
    ),
    policy("omics", &["sequenceStore"], &["PutS3AccessPolicy", "DeleteS3AccessPolicy"])
        .for_parts(&["readSet"]),
    // The delegation policy of the whole organisation.
    policy("organizations", &["resourcepolicy"], RESOURCE_POLICY).for_parts(&[
        "account",
        "organization",
        "organizationalunit",
        "policy",
        "root",
    ]),
    policy("osis", &["pipeline"], RESOURCE_POLICY),
    policy("payment-cryptography", &["key"], RESOURCE_POLICY),
    policy("qbusiness", &["application"], &["PutResourcePolicy"]),
    policy("redshift", &["namespace"], RESOURCE_POLICY),
    policy("redshift-serverless", &["snapshot"], RESOURCE_POLICY),
    policy("refactor-spaces", &["environment"], RESOURCE_POLICY),
    policy("rekognition", &["project"], &["PutProjectPolicy", "DeleteProjectPolicy"]),
    policy("resource-explorer-2", &["view"], RESOURCE_POLICY),
    policy("resource-groups", &["group"], &["PutGroupPolicy", "DeleteGroupPolicy"]),
    policy("route53-recovery-control-config", &["cluster"], RESOURCE_POLICY),
    policy("route53profiles", &["profile"], &["PutProfilePolicy"]),
    policy("route53resolver", &["firewall-rule-group"], &["PutFirewallRuleGroupPolicy"]),
    policy("route53resolver", &["resolver-query-log-config"], &["PutResolverQueryLogConfigPolicy"]),
    policy("route53resolver", &["resolver-rule"], &["PutResolverRulePolicy"]),
    policy("rum", &["AppMonitorResource"], RESOURCE_POLICY),
    policy("s3", &["bucket"], &["PutBucketPolicy", "DeleteBucketPolicy"]).for_parts(&["object"]),
    policy("s3", &["accesspoint"], &["PutAccessPointPolicy", "DeleteAccessPointPolicy"])
        .for_parts(&["accesspointobject"]),
    policy(
        "s3",
        &["objectlambdaaccesspoint"],
        &["PutAccessPointPolicyForObjectLambda", "DeleteAccessPointPolicyForObjectLambda"],
    ),
    policy("s3", &["multiregionaccesspoint"], &["PutMultiRegionAccessPointPolicy"]),
    policy(
        "s3",
        &["accessgrantsinstance"],
        &["PutAccessGrantsInstanceResourcePolicy", "DeleteAccessGrantsInstanceResourcePolicy"],
    ),
    policy("s3-outposts", &["bucket"], &["PutBucketPolicy", "DeleteBucketPolicy"]).for_parts(&["object"]),
    policy("s3-outposts", &["accesspoint"], &["PutAccessPointPolicy", "DeleteAccessPointPolicy"]),
    policy("s3express", &["bucket"], &["PutBucketPolicy", "DeleteBucketPolicy"]),
    policy("s3express", &["accesspoint"], &["PutAccessPointPolicy", "DeleteAccessPointPolicy"]),
    policy("s3files", &["file-system"], &["PutFileSystemPolicy", "DeleteFileSystemPolicy"]),
    policy("s3tables", &["TableBucket"], &["PutTableBucketPolicy", "DeleteTableBucketPolicy"]),
    policy("s3tables", &["Table"], &["PutTablePolicy", "DeleteTablePolicy"]),
    policy("s3vectors", &["VectorBucket"], &["PutVectorBucketPolicy", "DeleteVectorBucketPolicy"])
        .for_parts(&["Index"]),
    policy(
        "sagemaker",
        &["model-package-group"],
        &["PutModelPackageGroupPolicy", "DeleteModelPackageGroupPolicy"],
    )
    .for_parts(&["model-package"]),
    policy("sagemaker", &["lineage-group"], &["PutLineageGroupPolicy", "DeleteLineageGroupPolicy"]),
    policy("sagemaker", &["feature-group", "hub", "sagemaker-catalog"], RESOURCE_POLICY),
    policy("schemas", &["registry"], RESOURCE_POLICY),
    policy("secretsmanager", &["Secret"], RESOURCE_POLICY),
    policy("serverlessrepo", &["applications"], &["PutApplicationPolicy"]),
    policy("servicecatalog", &["Application", "AttributeGroup"], RESOURCE_POLICY),
    policy("servicediscovery", &["namespace"], RESOURCE_POLICY),
    policy(
        "ses",
        &["identity"],
        &[
            "PutIdentityPolicy",
            "DeleteIdentityPolicy",
            "CreateEmailIdentityPolicy",
            "UpdateEmailIdentityPolicy",
            "DeleteEmailIdentityPolicy",
        ],
    ),
    policy("signer", &["signing-profile"], &["AddProfilePermission", "RemoveProfilePermission"]),
    policy("sms-voice", &["OptOutList", "PhoneNumber", "Pool", "SenderId"], RESOURCE_POLICY),
    policy("sns", &["topic"], &["AddPermission", "RemovePermission"]),
    policy("sqs", &["queue"], &["AddPermission", "RemovePermission"]),
    policy("ssm", &["document", "opsitemgroup", "parameter"], RESOURCE_POLICY),
    policy("ssm-contacts", &["contact"], &["PutContactPolicy"]),
    policy("ssm-incidents", &["response-plan"], RESOURCE_POLICY),
    // The trust policy, which `iam` changes.
    policy("sts", &["role"], &[]),
    policy("vpc-lattice", &["Service", "ServiceNetwork"], &["PutAuthPolicy", "DeleteAuthPolicy"]),
    policy("vpc-lattice", &["ResourceConfiguration"], RESOURCE_POLICY),
    policy("waf", &["rulegroup"], &["PutPermissionPolicy", "DeletePermissionPolicy"]),
    policy("waf-regional", &["rulegroup"], &["PutPermissionPolicy", "DeletePermissionPolicy"]),
    policy("wafv2", &["rulegroup"], &["PutPermissionPolicy", "DeletePermissionPolicy"]),
];

/// Actions with `ResourcePolicy` in their names that set no policy of one of the service's resource types, and why.
const OTHERS: [(&str, &str); 5] = [
    (
        "arc-region-switch:PutResourcePolicy",
        "its page does not say of which resources; no guide describes it",
    ),
    (
        "quicksight:UpdateResourcePermissions",
        "Amazon Quick's own lists of permissions, which are not IAM policies",
    ),
    ("signin:PutResourcePermissionStatement", "one policy for the account, of no resource type"),
    (
        "ssm-sap:PutResourcePermission",
        "lets Systems Manager for SAP itself act on a database; no policy document",
    ),
    ("xray:PutResourcePolicy", "policies of the account, of no resource type"),
];

/// Every name above is in the source, and every action that sets a resource policy is above.
pub(super) fn is_complete(source: &Source) -> Result<()> {
    for policy in POLICIES {
        let service = source.services.get(policy.service);
        let service = service.with_context(|| format!("there is no service `{}`", policy.service))?;
        for kind in policy.attached_to.iter().chain(policy.speaks_for) {
            let found = service.resource_types.get(&kind.to_ascii_lowercase());
            ensure!(
                found.is_some_and(|found| found.key == **kind),
                "there is no resource type `{}:{kind}`, which is said to have a resource policy",
                policy.service
            );
        }
    }
    for (prefix, service) in &source.services {
        for action in service.actions.values().filter(|action| sets_a_policy(&action.name)) {
            let full_name = format!("{prefix}:{}", action.name);
            ensure!(
                is_known(prefix, &action.name) || OTHERS.iter().any(|(other, _)| *other == full_name),
                "`{full_name}` sets resource policies that xtask/src/catalogue/resource_policies.rs does not know"
            );
        }
    }
    Ok(())
}

fn sets_a_policy(name: &str) -> bool {
    ["Put", "Create", "Update", "Set"].iter().any(|verb| name.starts_with(verb))
        && (name.contains("ResourcePolicy") || name.contains("ResourcePermission"))
}

fn is_known(prefix: &str, action: &str) -> bool {
    POLICIES.iter().any(|policy| policy.service == prefix && policy.changed_by.contains(&action))
}

#[cfg(test)]
mod tests {
    use leastwise_iam::catalogue::{AccessLevel, Catalogue, PolicyBearing, Service};

    use super::*;

    /// The committed catalogue says of every name in the table what the table says; this needs no package.
    #[test]
    fn the_committed_catalogue_knows_every_name() {
        for policy in POLICIES {
            let service = Catalogue::get().service(policy.service).expect(policy.service);
            let kind =
                |name: &&str| service.resource_type(name).unwrap_or_else(|| panic!("{service:?}:{name}"));
            let own = |name: &&str| kind(name).policy_bearing() == PolicyBearing::Own;
            assert!(policy.attached_to.iter().all(own), "{service:?}");
            assert!(policy.speaks_for.iter().all(|name| kind(name).policy_bearing() != PolicyBearing::None));
            for name in policy.changed_by {
                let action = Catalogue::get().action(&format!("{}:{name}", policy.service)).expect(name);
                assert_eq!(action.access_level(), AccessLevel::PermissionsManagement, "{action}");
            }
        }
    }

    #[test]
    fn every_bearing_of_the_committed_catalogue_is_in_the_table() {
        let types = Catalogue::get().services().iter().flat_map(Service::resource_types);
        for kind in types.filter(|kind| kind.policy_bearing() != PolicyBearing::None) {
            let rows = POLICIES.iter().filter(|policy| policy.service == kind.service());
            let mut names = rows.flat_map(|policy| policy.attached_to.iter().chain(policy.speaks_for));
            assert!(names.any(|name| *name == kind.name()), "{kind:?}");
        }
    }

    #[test]
    fn exceptions_are_actions_that_the_rule_would_find() {
        for (full_name, why) in OTHERS {
            let action = Catalogue::get().action(full_name).expect(full_name);
            assert!(
                sets_a_policy(action.name()) && !is_known(action.service(), action.name()),
                "{full_name}: {why}"
            );
        }
    }

    #[test]
    fn services_stand_in_order() {
        assert!(POLICIES.is_sorted_by_key(|policy| policy.service));
    }
}
