/// The candidate that is nearest to the text, if one is near enough to be what its author meant.
pub(crate) fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// Nobody misspells longer names, and the time grows with the square.
    const LONGEST: usize = 80;
    if text.len() > LONGEST {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let near = candidates
        .filter(|candidate| candidate.len().abs_diff(text.len()) <= tolerance(&text))
        .map(|candidate| (distance(&text, &candidate.to_ascii_lowercase()), candidate))
        .min_by_key(|(distance, _)| *distance)?;
    (near.0 <= tolerance(&text)).then_some(near.1)
}

/// How many edits still look like a slip.
fn tolerance(text: &str) -> usize {
    (text.len() / 5).clamp(1, 4)
}

/// The least number of characters to insert, delete or replace.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let best = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("a", "a", 0)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn slips() {
        let names = ["GetObject", "GetObjectAcl", "PutObject"];
        let table = [
            ("GetObjects", Some("GetObject")),
            ("getobject", Some("GetObject")),
            ("Delete", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(nearest(text, names.into_iter()), expected, "{text}");
        }
    }
}
