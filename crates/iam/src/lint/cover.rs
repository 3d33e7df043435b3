/// True if whatever the pattern `narrow` matches, `wide` matches, too. May miss some, never claims too much.
///
/// Variables are compared as text: in one request, the same variable has the same value.
pub(crate) fn covers(wide: &str, narrow: &str, ignore_case: bool) -> bool {
    let same = |a: u8, b: u8| if ignore_case { a.eq_ignore_ascii_case(&b) } else { a == b };
    // Most pairs differ before the first wildcard.
    let literal = wide.bytes().take_while(|b| !matches!(b, b'*' | b'?'));
    if literal.zip(narrow.bytes()).any(|(a, b)| !same(a, b)) {
        return false;
    }
    if wide.len() == narrow.len() && wide.bytes().zip(narrow.bytes()).all(|(a, b)| same(a, b)) {
        return true;
    }
    // A `?` may not take a part of a variable, nor of a character of several bytes.
    if wide.contains('?') && (narrow.contains("${") || !narrow.is_ascii()) {
        return false;
    }
    if !wide.contains(['*', '?']) || wide.contains("${") {
        return false;
    }
    glob(wide.as_bytes(), narrow.as_bytes(), &same)
}

/// Matches with the last `*` taking one character more on a mismatch. What `narrow` leaves open, only `*` covers.
fn glob(wide: &[u8], narrow: &[u8], same: &impl Fn(u8, u8) -> bool) -> bool {
    let (mut w, mut n) = (0, 0);
    let mut last_run: Option<(usize, usize)> = None;
    while let Some(&c) = narrow.get(n) {
        let fits = match wide.get(w) {
            Some(b'*') => {
                last_run = Some((w, n));
                w += 1;
                continue;
            }
            Some(b'?') => c != b'*',
            Some(&wanted) => !matches!(c, b'*' | b'?') && same(wanted, c),
            None => false,
        };
        if fits {
            (w, n) = (w + 1, n + 1);
            continue;
        }
        let Some((star, taken)) = last_run else { return false };
        last_run = Some((star, taken + 1));
        (w, n) = (star + 1, taken + 1);
    }
    wide.get(w..).unwrap_or_default().iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_narrow() {
        let table = [
            ("*", "s3:Get*", true),
            ("s3:*", "S3:get?bject", true),
            ("s3:Get*", "s3:*", false),
            ("s3:Get*", "s3:GetObject*", true),
            ("s3:Get?bject", "s3:GetObject", true),
            ("s3:Get?bject", "s3:Get*bject", false),
            ("s3:GetObject", "s3:getobject", true),
            ("s3:*Object", "s3:Get*", false),
            ("arn:a/*", "arn:a/${aws:username}", true),
            ("arn:a/????", "arn:a/${*}", false),
            ("arn:a/${aws:username}*", "arn:a/${aws:username}", false),
            ("a?", "aü", false),
            ("", "", true),
        ];
        for (wide, narrow, expected) in table {
            assert_eq!(covers(wide, narrow, true), expected, "{wide} {narrow}");
        }
        assert!(!covers("a*", "Ab", false));
    }

    proptest::proptest! {
        #[test]
        fn a_cover_matches_whatever_is_matched(wide in "[ab*?]{0,6}", narrow in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            let matches = |pattern: &str| covers(pattern, &text, false);
            if covers(&wide, &narrow, false) && matches(&narrow) {
                proptest::prop_assert!(matches(&wide), "{} {} {}", wide, narrow, text);
            }
        }
    }
}
