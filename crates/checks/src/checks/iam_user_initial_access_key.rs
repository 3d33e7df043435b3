use leastwise_model::Severity;

use crate::check::check;
use crate::time::day;
use crate::{Context, Judge, Judged, KeyOf, Verdict};

check! {
    /// ## What it checks
    /// A user with a console password has no access key that was made together with the user and never used
    /// (CIS 1.11): created within `thresholds.initial_access_key_seconds` of the user, and without a use.
    /// ## Why it matters
    /// Such a key was ticked in a form, not asked for. Nobody knows where it is.
    /// ## How to fix
    /// Delete the key. Whoever needs one asks for it.
    pub static IAM_USER_INITIAL_ACCESS_KEY = {
        id: "iam-user-initial-access-key", title: "no access key is left from the user's creation",
        severity: Severity::Low, judge: Judge::AccessKey(iam_user_initial_access_key),
    }
}

fn iam_user_initial_access_key(of: &KeyOf<'_>, context: &Context<'_>) -> Judged {
    if of.user.credentials.get()?.password.get()?.is_none() {
        return Verdict::not_applicable("the user has no console password");
    }
    let created = *of.key.created.get()?;
    let apart = created.as_second().abs_diff(of.user.created.as_second());
    if apart > context.config.thresholds.initial_access_key_seconds {
        return Verdict::pass("the access key was created apart from the user");
    }
    match of.key.last_used.get()? {
        Some(_) => Verdict::pass("the access key was created with the user, and is used"),
        None => Verdict::fail(format!("created with the user on {} and never used", day(created))),
    }
}

#[cfg(test)]
mod tests {
    use leastwise_model::{Known, Status};

    use super::*;
    use crate::testing::{self, credentials, days_ago, key, user};

    #[test]
    fn made_with_the_user_and_never_used() {
        let mut account = testing::account();
        let with = |name: &str, age: i64, used: bool, password: bool| {
            let mut user = user(name);
            let mut key = key(1, age);
            key.last_used = Known::Known(used.then(|| days_ago(1)));
            credentials(&mut user).access_keys = Known::Known(vec![key]);
            if !password {
                credentials(&mut user).password = Known::Known(None);
            }
            user
        };
        let age = testing::USER_AGE_DAYS;
        account.users = Known::Known(vec![
            with("initial", age, false, true),
            with("initial-used", age, true, true),
            with("later", age - 1, false, true),
            with("machine", age, false, false),
        ]);
        testing::expect(
            &IAM_USER_INITIAL_ACCESS_KEY,
            &account,
            &[
                ("access-key/initial/1", Status::Fail),
                ("access-key/initial-used/1", Status::Pass),
                ("access-key/later/1", Status::Pass),
                ("access-key/machine/1", Status::NotApplicable),
            ],
        );
    }
}
