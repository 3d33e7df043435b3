use std::collections::BTreeSet;

use leastwise_iam::catalogue::Catalogue;
use leastwise_model::{CallerKind, CallerUse, Few, Merge, Missing};

use super::{Logs, data_events};
use crate::{Context, PrincipalOf};

impl<'a> Logs<'a> {
    /// The services that a principal used in these last days; for a group, those that its members used.
    ///
    /// # Errors
    /// The members of a group could not be read, or a user acts through sessions that no record ties to it.
    pub(crate) fn services(
        self,
        principal: &PrincipalOf<'_>,
        context: &Context<'_>,
        days: u64,
    ) -> Result<BTreeSet<&'a str>, Missing> {
        let mut seen = BTreeSet::new();
        match principal {
            PrincipalOf::User(user) => self.add(&mut seen, self.caller(CallerKind::User, &user.arn), days)?,
            PrincipalOf::Role(role) => self.add(&mut seen, self.caller(CallerKind::Role, &role.arn), days)?,
            PrincipalOf::Group(group) => {
                for user in context.account.users.get()? {
                    if user.details.get()?.groups.contains(&group.name) {
                        self.add(&mut seen, self.caller(CallerKind::User, &user.arn), days)?;
                    }
                }
            }
        }
        Ok(seen)
    }

    fn add(
        self,
        seen: &mut BTreeSet<&'a str>,
        rows: impl Iterator<Item = &'a CallerUse>,
        days: u64,
    ) -> Result<(), Missing> {
        for row in rows {
            for (name, action) in &row.actions {
                let recent = action.used.tally.last.is_some_and(|at| self.is_within(at, days));
                if let (true, Some((service, _))) = (recent, name.split_once(':')) {
                    seen.insert(service);
                }
            }
            if row.actions.contains_key("sts:GetFederationToken") {
                return Err(Missing::not_collected(
                    "it makes federated sessions (`sts:GetFederationToken`), whose calls the logs do not tie to it",
                ));
            }
        }
        Ok(())
    }

    /// True if the silence of the logs about a service proves nothing: it can be used by data events, of which the
    /// logs have none, or the logs have calls of it of which is not known what they need.
    pub(crate) fn may_miss(self, service: &str) -> bool {
        let source = format!("{service}.amazonaws.com");
        let usage = self.usage;
        let no_data = usage.coverage.data.get(&source).is_none();
        (data_events::has(service) && no_data)
            || names(&usage.unmapped, &source)
            || names(&usage.ambiguous, &source)
    }
}

/// True if one of `EVENT_SOURCE EVENT_NAME` is of this source, or may be: one that is named like no service of IAM, such
/// as `amazonmq.amazonaws.com`, may be of any.
fn names<const N: usize, V: Merge>(events: &Few<N, V>, source: &str) -> bool {
    let may_be = |event: &str| {
        let of = event.split(' ').next().unwrap_or_default();
        let prefix = of.split('.').next().unwrap_or_default();
        of == source || Catalogue::get().service(prefix).is_none()
    };
    !events.is_complete() || events.iter().any(|(event, _)| may_be(event))
}
