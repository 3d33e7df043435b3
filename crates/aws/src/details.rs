//! Users, groups, roles and policies from authorization details.
//!
//! Source: [GetAccountAuthorizationDetails](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use leastwise_iam::Arn;
use leastwise_model::{
    Attachment, Group, InlinePolicy, Known, ManagedPolicy, Missing, Owner, PolicyText, PrincipalPolicies,
    Role, RoleUse, User, UserDetails,
};

use crate::answers;
use crate::document::Document;
use crate::instant::Instant;
use crate::text::quote;

/// What authorization details hold, each list in the order of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Details {
    /// Their credentials are not in the details.
    pub users: Result<Vec<User>, Missing>,
    pub groups: Result<Vec<Group>, Missing>,
    pub roles: Result<Vec<Role>, Missing>,
    pub policies: Result<Vec<ManagedPolicy>, Missing>,
}

impl Details {
    /// Nothing, for one reason.
    pub(crate) fn missing(why: &Missing) -> Self {
        Self {
            users: Err(why.clone()),
            groups: Err(why.clone()),
            roles: Err(why.clone()),
            policies: Err(why.clone()),
        }
    }

    /// Puts pages together and gives them an order of their own.
    pub(crate) fn of(pages: impl IntoIterator<Item = Page>) -> Self {
        let mut all = Page::empty();
        for page in pages {
            all.append(page);
        }
        Self {
            users: all.users.and_then(|list| sorted("user", list, |user| user.name.clone())),
            groups: all.groups.and_then(|list| sorted("group", list, |group| group.name.clone())),
            roles: all.roles.and_then(|list| sorted("role", list, |role| role.name.clone())),
            policies: all.policies.and_then(|list| sorted("policy", list, |policy| policy.arn.to_string())),
        }
    }
}

/// One page of authorization details, as parts of a snapshot.
#[derive(Debug)]
pub(crate) struct Page {
    users: Result<Vec<User>, Missing>,
    groups: Result<Vec<Group>, Missing>,
    roles: Result<Vec<Role>, Missing>,
    policies: Result<Vec<ManagedPolicy>, Missing>,
}

impl Page {
    /// Reads a page; AWS-managed policies that nobody uses are left out.
    pub(crate) fn read(answer: answers::AuthorizationDetails) -> Self {
        let users = given("UserDetailList", answer.user_detail_list);
        let groups = given("GroupDetailList", answer.group_detail_list);
        let roles = given("RoleDetailList", answer.role_detail_list);
        let policies = given("Policies", answer.policies);
        Self {
            users: users.and_then(|list| list.into_iter().map(user).collect()),
            groups: groups.and_then(|list| list.into_iter().map(group).collect()),
            roles: roles.and_then(|list| list.into_iter().map(role).collect()),
            policies: policies.and_then(|list| list.into_iter().filter(is_of_interest).map(policy).collect()),
        }
    }

    /// How many things the page holds.
    pub(crate) fn len(&self) -> usize {
        fn count<T>(list: &Result<Vec<T>, Missing>) -> usize {
            list.as_ref().map_or(0, Vec::len)
        }
        count(&self.users) + count(&self.groups) + count(&self.roles) + count(&self.policies)
    }

    /// The ARNs of everything on the page; AWS-managed policies name no account.
    pub(crate) fn arns(&self) -> impl Iterator<Item = &Arn> {
        let users = self.users.iter().flatten().map(|user| &user.arn);
        let groups = self.groups.iter().flatten().map(|group| &group.arn);
        let roles = self.roles.iter().flatten().map(|role| &role.arn);
        let policies = self.policies.iter().flatten().map(|policy| &policy.arn);
        users.chain(groups).chain(roles).chain(policies)
    }

    const fn empty() -> Self {
        Self {
            users: Ok(Vec::new()),
            groups: Ok(Vec::new()),
            roles: Ok(Vec::new()),
            policies: Ok(Vec::new()),
        }
    }

    fn append(&mut self, next: Self) {
        append(&mut self.users, next.users);
        append(&mut self.groups, next.groups);
        append(&mut self.roles, next.roles);
        append(&mut self.policies, next.policies);
    }
}

/// A list that AWS always sends: one that is absent is not empty.
fn given<T>(member: &str, list: Option<Vec<T>>) -> Result<Vec<T>, Missing> {
    list.ok_or_else(|| Missing::invalid(format!("the authorization details hold no `{member}`")))
}

fn append<T>(list: &mut Result<Vec<T>, Missing>, next: Result<Vec<T>, Missing>) {
    match (&mut *list, next) {
        (Ok(list), Ok(next)) => list.extend(next),
        (Ok(_), Err(why)) => *list = Err(why),
        (Err(_), _) => {}
    }
}

/// Puts a list in the order of its names, which do not differ by case alone. What two pages both hold is
/// kept once; where they differ, nothing tells which is right.
fn sorted<T: PartialEq>(
    kind: &str,
    mut list: Vec<T>,
    name: impl Fn(&T) -> String,
) -> Result<Vec<T>, Missing> {
    list.sort_by_cached_key(&name);
    list.dedup();
    let mut seen = BTreeSet::new();
    match list.iter().map(&name).find(|name| !seen.insert(name.to_lowercase())) {
        Some(twice) => Err(Missing::invalid(format!("{kind} `{}` occurs twice and differs", quote(&twice)))),
        None => Ok(list),
    }
}

fn is_of_interest(policy: &answers::Policy) -> bool {
    let is_aws =
        policy.arn.as_deref().and_then(|arn| arn.parse::<Arn>().ok()).is_some_and(|a| a.is_owned_by_aws());
    let in_use = |count: Option<i64>| count.is_none_or(|count| count != 0);
    !is_aws
        || in_use(policy.attachment_count)
        || in_use(Some(policy.permissions_boundary_usage_count.unwrap_or(0)))
}

fn user(answer: answers::User) -> Result<User, Missing> {
    let entry = Entry::new("user", answer.user_name, answer.arn)?;
    let details = match (answer.group_list, answer.attached_managed_policies) {
        (Some(mut groups), Some(attached)) => {
            groups.sort();
            groups.dedup();
            Known::Known(UserDetails {
                id: answer.user_id.unwrap_or_default(),
                groups,
                policies: entry.policies(attached, answer.user_policy_list)?,
                boundary: entry.boundary(answer.permissions_boundary)?,
                tags: tags(answer.tags),
            })
        }
        (None, _) => Known::Unknown(entry.lacks("GroupList")),
        (_, None) => Known::Unknown(entry.lacks("AttachedManagedPolicies")),
    };
    Ok(User {
        created: entry.created(answer.create_date)?,
        name: entry.name,
        arn: entry.arn,
        details,
        credentials: Known::Unknown(Missing::not_collected(
            "credentials are not in the authorization details",
        )),
    })
}

fn group(answer: answers::Group) -> Result<Group, Missing> {
    let entry = Entry::new("group", answer.group_name, answer.arn)?;
    Ok(Group {
        id: answer.group_id.unwrap_or_default(),
        created: entry.created(answer.create_date)?,
        policies: entry.policies(entry.given(answer.attached_managed_policies)?, answer.group_policy_list)?,
        name: entry.name,
        arn: entry.arn,
    })
}

fn role(answer: answers::Role) -> Result<Role, Missing> {
    let entry = Entry::new("role", answer.role_name, answer.arn)?;
    let mut instance_profiles: Vec<String> = answer
        .instance_profile_list
        .into_iter()
        .filter_map(|profile| profile.instance_profile_name)
        .collect();
    instance_profiles.sort();
    Ok(Role {
        id: answer.role_id.unwrap_or_default(),
        owner: Owner::of_role(&entry.arn),
        created: entry.created(answer.create_date)?,
        trust: document(answer.assume_role_policy_document),
        policies: entry.policies(entry.given(answer.attached_managed_policies)?, answer.role_policy_list)?,
        boundary: entry.boundary(answer.permissions_boundary)?,
        last_used: entry.last_used(answer.role_last_used)?,
        instance_profiles,
        tags: tags(answer.tags),
        name: entry.name,
        arn: entry.arn,
    })
}

fn policy(answer: answers::Policy) -> Result<ManagedPolicy, Missing> {
    let name = answer.policy_name.or_else(|| {
        let arn: Arn = answer.arn.as_deref()?.parse().ok()?;
        Some(arn.name().to_owned())
    });
    let entry = Entry::new("policy", name, answer.arn)?;
    let versions_given = answer.policy_version_list.ok_or_else(|| entry.lacks("PolicyVersionList"))?;
    let versions = u32::try_from(versions_given.len()).unwrap_or(u32::MAX);
    let default = versions_given.into_iter().find(|version| version.is_default_version);
    let version_id = answer.default_version_id.or_else(|| default.as_ref()?.version_id.clone());
    Ok(ManagedPolicy {
        id: answer.policy_id.unwrap_or_default(),
        attachments: entry.count("AttachmentCount", answer.attachment_count)?,
        boundary_uses: entry
            .count("PermissionsBoundaryUsageCount", answer.permissions_boundary_usage_count.or(Some(0)))?,
        created: entry.created(answer.create_date)?,
        default_version: version_id.unwrap_or_default(),
        versions,
        document: default.map_or_else(|| Known::Unknown(no_document()), |version| document(version.document)),
        name: entry.name,
        arn: entry.arn,
    })
}

fn document(document: Option<Document>) -> Known<PolicyText> {
    match document {
        Some(document) => Known::Known(document.read()),
        None => Known::Unknown(no_document()),
    }
}

fn no_document() -> Missing {
    Missing::invalid("the answer holds no document")
}

fn tags(tags: Vec<answers::Tag>) -> BTreeMap<String, String> {
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
}

/// What every entry has: a kind for messages, a name and an ARN.
struct Entry {
    kind: &'static str,
    name: String,
    arn: Arn,
}

impl Entry {
    fn new(kind: &'static str, name: Option<String>, arn: Option<String>) -> Result<Self, Missing> {
        let name = name.filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Missing::invalid(format!("a {kind} has no name")))?;
        let arn = arn.unwrap_or_default().parse();
        let arn = arn.map_err(|error| Missing::invalid(format!("{kind} `{}`: {error}", quote(&name))))?;
        Ok(Self { kind, name, arn })
    }

    fn invalid(&self, what: &str) -> Missing {
        Missing::invalid(format!("{} `{}` {what}", self.kind, quote(&self.name)))
    }

    fn lacks(&self, member: &str) -> Missing {
        self.invalid(&format!("has no `{member}`"))
    }

    fn given(
        &self,
        attached: Option<Vec<answers::AttachedPolicy>>,
    ) -> Result<Vec<answers::AttachedPolicy>, Missing> {
        attached.ok_or_else(|| self.lacks("AttachedManagedPolicies"))
    }

    fn created(&self, date: Option<Instant>) -> Result<Timestamp, Missing> {
        match date {
            Some(Instant(Ok(date))) => Ok(date),
            Some(Instant(Err(text))) => {
                Err(self.invalid(&format!("was created at `{text}`, which is no instant")))
            }
            None => Err(self.lacks("CreateDate")),
        }
    }

    fn count(&self, field: &str, count: Option<i64>) -> Result<u32, Missing> {
        count
            .and_then(|count| u32::try_from(count).ok())
            .ok_or_else(|| self.invalid(&format!("has no sound `{field}`")))
    }

    fn policies(
        &self,
        attached: Vec<answers::AttachedPolicy>,
        inline: Vec<answers::InlinePolicy>,
    ) -> Result<PrincipalPolicies, Missing> {
        let attached: Result<Vec<_>, _> =
            attached.into_iter().map(|policy| self.attachment(policy)).collect();
        let inline: Result<Vec<_>, _> = inline.into_iter().map(|policy| self.inline(policy)).collect();
        let (mut attached, mut inline) = (attached?, inline?);
        attached.sort();
        attached.dedup();
        inline.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(PrincipalPolicies { attached, inline })
    }

    fn attachment(&self, policy: answers::AttachedPolicy) -> Result<Attachment, Missing> {
        let arn = self.policy_arn(policy.policy_arn)?;
        Ok(Attachment { name: policy.policy_name.unwrap_or_else(|| arn.name().to_owned()), arn })
    }

    fn inline(&self, policy: answers::InlinePolicy) -> Result<InlinePolicy, Missing> {
        let name = policy.policy_name.ok_or_else(|| self.invalid("has an inline policy without a name"))?;
        Ok(InlinePolicy { name, document: document(policy.policy_document) })
    }

    fn boundary(&self, boundary: Option<answers::Boundary>) -> Result<Option<Arn>, Missing> {
        boundary.map(|boundary| self.policy_arn(boundary.permissions_boundary_arn)).transpose()
    }

    fn policy_arn(&self, arn: Option<String>) -> Result<Arn, Missing> {
        arn.unwrap_or_default().parse().map_err(|error| self.invalid(&format!("names a policy: {error}")))
    }

    /// AWS sends an empty element for a role that was not used.
    fn last_used(&self, used: Option<answers::RoleLastUsed>) -> Result<Option<RoleUse>, Missing> {
        match used {
            None | Some(answers::RoleLastUsed { last_used_date: None, .. }) => Ok(None),
            Some(answers::RoleLastUsed { last_used_date: Some(Instant(Ok(at))), region }) => {
                Ok(Some(RoleUse { at, region: region.filter(|region| !region.is_empty()) }))
            }
            Some(_) => Err(self.invalid("has a last use that is no instant")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(json: &str) -> Page {
        Page::read(serde_json::from_str(json).unwrap())
    }

    const FIRST: &str = r#"{"UserDetailList":[
        {"UserName":"b","Arn":"arn:aws:iam::123456789012:user/b","CreateDate":"2023-03-09T10:41:45Z","UserId":"U",
         "GroupList":["z","a"],"Tags":[{"Key":"k","Value":"v"}],
         "AttachedManagedPolicies":[{"PolicyName":"P","PolicyArn":"arn:aws:iam::aws:policy/P"}],
         "UserPolicyList":[{"PolicyName":"i","PolicyDocument":{"Statement":[]}}],
         "PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::aws:policy/B"}}],
        "GroupDetailList":[],"RoleDetailList":[],"Policies":[]}"#;
    const SECOND: &str = r#"{"UserDetailList":[
        {"UserName":"a","Arn":"arn:aws:iam::123456789012:user/a","CreateDate":1678358505,"UserId":"V",
         "GroupList":[],"AttachedManagedPolicies":[]}],
        "RoleDetailList":[{"RoleName":"r","Arn":"arn:aws:iam::123456789012:role/aws-service-role/x/r",
          "CreateDate":"2023-03-09T10:41:45Z","RoleLastUsed":{},"AssumeRolePolicyDocument":{"Statement":[]},
          "AttachedManagedPolicies":[]}],
        "GroupDetailList":[],"Policies":[
         {"Arn":"arn:aws:iam::aws:policy/Unused","AttachmentCount":0,"PermissionsBoundaryUsageCount":0},
         {"Arn":"arn:aws:iam::aws:policy/Used","PolicyId":"A","AttachmentCount":2,"CreateDate":"2023-03-09T10:41:45Z",
          "DefaultVersionId":"v2","PolicyVersionList":[
           {"VersionId":"v2","IsDefaultVersion":true,"Document":{"Statement":[],"Id":"two"}},
           {"VersionId":"v1","IsDefaultVersion":false,"Document":{"Statement":[]}}]}]}"#;

    #[test]
    fn pages_become_sorted_lists_in_whatever_order() {
        let details = Details::of([page(FIRST), page(SECOND)]);
        assert_eq!(details, Details::of([page(SECOND), page(FIRST), page(SECOND)]));
        let users = details.users.unwrap();
        assert_eq!(users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let b = users[1].details.get().unwrap();
        assert_eq!(b.groups, ["a", "z"]);
        assert_eq!(b.boundary.as_ref().map(Arn::name), Some("B"));
        assert_eq!((b.policies.attached.len(), b.policies.inline.len()), (1, 1));
        let roles = details.roles.unwrap();
        assert_eq!((roles[0].owner, &roles[0].last_used), (Owner::ServiceLinked, &None));
        let policies = details.policies.unwrap();
        assert_eq!(policies.len(), 1);
        assert_eq!((policies[0].name.as_str(), policies[0].versions), ("Used", 2));
        assert!(policies[0].document.get().unwrap().text().contains("two"));
    }

    #[test]
    fn a_broken_entry_makes_its_list_unknown_and_no_other() {
        let table = [
            (r#"{"UserDetailList":[{}]}"#, "has no name"),
            (r#"{"UserDetailList":[{"UserName":"u","Arn":"x"}]}"#, "not an ARN"),
            (
                r#"{"UserDetailList":[{"UserName":"u","Arn":"arn:aws:iam::123456789012:user/u"}]}"#,
                "CreateDate",
            ),
            (
                r#"{"UserDetailList":[{"UserName":"u","Arn":"arn:aws:iam::123456789012:user/u","CreateDate":"soon"}]}"#,
                "soon",
            ),
        ];
        for (json, words) in table {
            let page = Page { users: page(json).users, ..Page::empty() };
            let details = Details::of([page, self::page(SECOND)]);
            let why = details.users.unwrap_err();
            assert!(why.detail.contains(words), "{}", why.detail);
            assert!(details.roles.is_ok() && details.policies.is_ok());
        }
    }

    #[test]
    fn a_list_that_is_absent_is_not_empty() {
        let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"];
        let given = |left_out: &str| {
            let given = lists.iter().filter(|list| **list != left_out).map(|list| format!("\"{list}\":[]"));
            Details::of([page(&format!("{{{}}}", given.collect::<Vec<_>>().join(",")))])
        };
        for list in lists {
            let details = given(list);
            let whys =
                [details.users.err(), details.groups.err(), details.roles.err(), details.policies.err()];
            let whys: Vec<Missing> = whys.into_iter().flatten().collect();
            assert!(matches!(whys.as_slice(), [why] if why.detail.contains(list)), "{list}: {whys:?}");
        }
        assert_eq!(
            given(""),
            Details { users: Ok(vec![]), groups: Ok(vec![]), roles: Ok(vec![]), policies: Ok(vec![]) }
        );
    }

    #[test]
    fn what_an_entry_lacks_is_unknown_and_named() {
        for member in ["GroupList", "AttachedManagedPolicies"] {
            let json = FIRST.replace(member, "Other");
            let users = page(&json).users.unwrap();
            let why = users[0].details.missing().unwrap();
            assert!(why.detail.contains("`b`") && why.detail.contains(member), "{}", why.detail);
        }
        let roles = page(&SECOND.replace("AttachedManagedPolicies", "Other")).roles.unwrap_err();
        assert!(roles.detail.contains("role `r` has no `AttachedManagedPolicies`"), "{}", roles.detail);
        let policies = page(&SECOND.replace("PolicyVersionList", "Other")).policies.unwrap_err();
        assert!(policies.detail.contains("`PolicyVersionList`"), "{}", policies.detail);
    }

    #[test]
    fn two_that_differ_under_one_name_are_unknown() {
        let other = FIRST.replace("\"UserId\":\"U\"", "\"UserId\":\"W\"");
        assert!(Details::of([page(FIRST), page(&other)]).users.unwrap_err().detail.contains("twice"));
    }
}
