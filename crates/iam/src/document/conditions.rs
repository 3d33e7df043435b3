use serde::de::MapAccess;

use super::once::Once;
use super::place::{Place, Step};
use super::read::{Element, Name, Read};
use super::values::Values;
use crate::{Condition, Operator};

/// The value of `Condition`: operators, each with its keys.
pub(super) struct Conditions;

impl<'de> Element<'de> for Conditions {
    type Value = Vec<Condition>;
    const EXPECTED: &'static str = "an object";

    fn object<A: MapAccess<'de>>(self, here: &Place<'_>, mut members: A) -> Result<Vec<Condition>, A::Error> {
        let mut conditions = Vec::new();
        let mut names: Vec<Box<str>> = Vec::new();
        let mut once = Once::default();
        while let Some(name) = members.next_key_seed(Name(|name: &str| Box::<str>::from(name)))? {
            if once.repeats(names.iter().map(|n| &**n), &name) {
                return Err(here.error(format_args!("`{name}` is given twice; join the two blocks")));
            }
            let operator = Operator::parse(&name);
            let place = here.step(Step::Operator(&operator));
            let keys = Keys { operator: &operator, conditions: &mut conditions };
            members.next_value_seed(Read(place, keys))?;
            names.push(name);
        }
        Ok(conditions)
    }
}

/// The keys of one operator, each with its values.
struct Keys<'a> {
    operator: &'a Operator,
    conditions: &'a mut Vec<Condition>,
}

impl<'de> Element<'de> for Keys<'_> {
    type Value = ();
    const EXPECTED: &'static str = "an object of context keys and their values";

    fn object<A: MapAccess<'de>>(self, place: &Place<'_>, mut members: A) -> Result<(), A::Error> {
        let before = self.conditions.len();
        let mut once = Once::default();
        while let Some(key) = members.next_key_seed(Name(|name: &str| Box::<str>::from(name)))? {
            let earlier = self.conditions.get(before..).unwrap_or_default();
            if once.repeats(earlier.iter().map(|c| &*c.key), &key) {
                return Err(place.error(format_args!("`{key}` is given twice; join the values in a list")));
            }
            let values = members.next_value_seed(Read(place.step(Step::Member(&key)), Values))?;
            self.conditions.push(Condition { operator: self.operator.clone(), key, values });
        }
        Ok(())
    }
}
