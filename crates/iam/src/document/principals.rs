use serde::de::{Error, MapAccess};

use super::place::{Place, Step};
use super::read::{Element, Name, Read};
use super::values::Texts;
use crate::{Principal, PrincipalKind};

/// The value of `Principal` or `NotPrincipal`: `*`, or lists by kind.
pub(super) struct PrincipalMap;

impl<'de> Element<'de> for PrincipalMap {
    type Value = Vec<Principal>;
    const EXPECTED: &'static str = "`*` or an object";

    fn text<E: Error>(self, place: &Place<'_>, text: &str) -> Result<Vec<Principal>, E> {
        match text {
            "*" => Ok(vec![Principal { kind: PrincipalKind::Everyone, value: "*".into() }]),
            other => Err(place.error(format_args!(
                "`{other}` is not a principal: only `*` may stand alone; write {{\"AWS\": …}} or {{\"Service\": …}}"
            ))),
        }
    }

    fn object<A: MapAccess<'de>>(
        self,
        place: &Place<'_>,
        mut members: A,
    ) -> Result<Vec<Principal>, A::Error> {
        let mut principals: Vec<Principal> = Vec::new();
        let mut given = Vec::new();
        while let Some(kind) = members
            .next_key_seed(Name(|key: &str| PrincipalKind::parse(key).ok_or_else(|| key.to_owned())))?
        {
            let kind = kind.map_err(|key| {
                place.error(format_args!(
                    "`{key}` is not a kind of principal; `AWS`, `Service`, `Federated` and `CanonicalUser` are"
                ))
            })?;
            if given.contains(&kind) {
                return Err(place.error(format_args!("`{}` is given twice; keep one", kind.key())));
            }
            given.push(kind);
            let entries = members.next_value_seed(Read(place.step(Step::Member(kind.key())), Texts))?;
            principals.extend(entries.into_iter().map(|value| Principal { kind, value }));
        }
        Ok(principals)
    }
}
