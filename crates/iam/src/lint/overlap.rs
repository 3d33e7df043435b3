use crate::{Part, Parts, Version};

/// One symbol of a pattern: a character, any one character, or any run of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Byte(u8),
    One,
    Run,
}

/// A pattern of resources, or the form of a resource type's ARNs, prepared for comparison.
pub(crate) struct Shape {
    symbols: Vec<Symbol>,
    /// Where the first five colons are. What is left open between them does not reach over them.
    colons: Vec<usize>,
    /// The third part of an ARN, where nothing in it is left open.
    service: Option<Vec<Symbol>>,
}

/// Shapes are compared up to here; what follows may be anything. ARNs are at most 2,048 characters long.
const LONGEST: usize = 2048;

impl Shape {
    /// A pattern of a `Resource` element, or an ARN's form; variables stand for anything.
    pub(crate) fn of_pattern(text: &str, version: Version) -> Self {
        let mut symbols = Vec::new();
        for part in Parts::new(text, version) {
            match part {
                Part::Literal(text) => symbols.extend(text.bytes().map(Symbol::Byte)),
                Part::One => symbols.push(Symbol::One),
                Part::Run | Part::Variable(_) if symbols.last() == Some(&Symbol::Run) => {}
                Part::Run | Part::Variable(_) => symbols.push(Symbol::Run),
            }
            if symbols.len() > LONGEST {
                symbols.truncate(LONGEST);
                symbols.push(Symbol::Run);
                break;
            }
        }
        let colon = |(at, symbol): (usize, &Symbol)| (*symbol == Symbol::Byte(b':')).then_some(at);
        let colons = symbols.iter().enumerate().filter_map(colon).take(5).collect();
        let mut shape = Self { symbols, colons, service: None };
        let service = shape.fields().nth(2).filter(|_| shape.colons.len() == 5);
        let literal = |field: &&[Symbol]| field.iter().all(|symbol| matches!(symbol, Symbol::Byte(_)));
        shape.service = service.filter(literal).map(<[Symbol]>::to_vec);
        shape
    }

    /// What comparing the two may take, in steps.
    pub(crate) fn cost(&self, other: &Self) -> u64 {
        if self.service_differs(other) { 1 } else { self.symbols.len() as u64 * other.symbols.len() as u64 }
    }

    /// The parts of an ARN, the last with all that follows; less than six where the text is none.
    fn fields(&self) -> impl Iterator<Item = &[Symbol]> {
        let starts = std::iter::once(0).chain(self.colons.iter().map(|colon| colon + 1));
        let ends = self.colons.iter().copied().chain([self.symbols.len()]);
        starts.zip(ends).map(|(start, end)| self.symbols.get(start..end).unwrap_or_default())
    }

    /// True if both say which service they are of, and not the same.
    fn service_differs(&self, other: &Self) -> bool {
        self.service.is_some() && other.service.is_some() && self.service != other.service
    }

    /// True if some text has both shapes. Generous with characters of several bytes.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        if self.service_differs(other) {
            return false;
        }
        if self.colons.len() == 5 && other.colons.len() == 5 {
            return self.fields().zip(other.fields()).all(|(a, b)| meet(a, b));
        }
        meet(&self.symbols, &other.symbols)
    }

    /// What [`Shape::yields`] may take, in steps.
    pub(crate) fn cost_of_yielding(&self, closer: &Self) -> u64 {
        let begin = |shape: &Self| shape.fields().last().and_then(|field| field.first().copied());
        let differ = begin(closer) != Some(Symbol::Run) && begin(self) != begin(closer);
        if differ || self.service_differs(closer) {
            1
        } else {
            self.symbols.len() as u64 * closer.symbols.len() as u64
        }
    }

    /// True if ARNs of this form are parts of what the other form is of, set off by a `/`, as objects are of buckets.
    ///
    /// What a `:` sets off is not meant: AWS's own policies name log streams for actions on log groups, and versions
    /// of functions for actions on functions.
    pub(crate) fn is_deeper(&self, other: &Self) -> bool {
        let slashes = |shape: &Self| shape.symbols.iter().filter(|s| **s == Symbol::Byte(b'/')).count();
        slashes(self) > slashes(other)
    }

    /// True if all ARNs of this pattern and `form` have the form `closer`, too. May miss some, never claims too much,
    /// except that a name may be empty there: `arn:aws:s3:::bucket/*` has the form of objects.
    pub(crate) fn yields(&self, form: &Self, closer: &Self) -> bool {
        let all_are_arns = [self, form, closer].iter().all(|shape| shape.colons.len() == 5);
        let mut fields = self.fields().zip(form.fields()).zip(closer.fields());
        all_are_arns && fields.all(|((own, form), closer)| within(own, closer) || within(form, closer))
    }
}

/// True if `wide` has every text that `narrow` has: what `narrow` leaves open, only a run covers. The last run takes
/// one symbol more on a mismatch.
fn within(narrow: &[Symbol], wide: &[Symbol]) -> bool {
    let (mut w, mut n) = (0, 0);
    let mut last_run: Option<(usize, usize)> = None;
    while let Some(symbol) = narrow.get(n) {
        match wide.get(w) {
            Some(Symbol::Run) => {
                last_run = Some((w, n));
                w += 1;
            }
            Some(wanted) if *symbol != Symbol::Run && (wanted == symbol || *wanted == Symbol::One) => {
                (w, n) = (w + 1, n + 1);
            }
            _ => {
                let Some((run, taken)) = last_run else { return false };
                last_run = Some((run, taken + 1));
                (w, n) = (run + 1, taken + 1);
            }
        }
    }
    wide.get(w..).unwrap_or_default().iter().all(|symbol| *symbol == Symbol::Run)
}

/// Whether two runs of symbols have a text in common: `reached` holds the places in `b` to which a text can lead that
/// begins as `a` does so far.
fn meet(a: &[Symbol], b: &[Symbol]) -> bool {
    let mut reached = vec![false; b.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    close(&mut reached, b);
    for symbol in a {
        let mut next = vec![false; b.len() + 1];
        match symbol {
            // Anything may follow from any place on.
            Symbol::Run => {
                let from = reached.iter().position(|r| *r).unwrap_or(reached.len());
                next.iter_mut().skip(from).for_each(|n| *n = true);
            }
            _ => {
                for (at, theirs) in b.iter().enumerate() {
                    if !reached.get(at).is_some_and(|r| *r) {
                        continue;
                    }
                    let to = match (symbol, theirs) {
                        (_, Symbol::Run) => at,
                        (Symbol::Byte(x), Symbol::Byte(y)) if x != y => continue,
                        _ => at + 1,
                    };
                    next.get_mut(to).into_iter().for_each(|n| *n = true);
                }
            }
        }
        close(&mut next, b);
        if !next.contains(&true) {
            return false;
        }
        reached = next;
    }
    reached.last().is_some_and(|r| *r)
}

/// Runs may be empty: whoever stands before one stands after it, too.
fn close(reached: &mut [bool], b: &[Symbol]) {
    for (at, symbol) in b.iter().enumerate() {
        if *symbol == Symbol::Run && reached.get(at).is_some_and(|r| *r) {
            reached.get_mut(at + 1).into_iter().for_each(|r| *r = true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::cover::covers;

    #[test]
    fn patterns_and_templates() {
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        let instance = "arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}";
        let table = [
            ("*", bucket, true),
            ("arn:aws:s3:::logs", bucket, true),
            ("arn:aws:s3:::logs/*", bucket, true),
            ("arn:aws:s3:::${aws:username}", bucket, true),
            ("arn:aws:sqs:::logs", bucket, false),
            ("arn:*:ec2:*:*:*", instance, true),
            ("arn:aws:ec2:*:*:volume/*", instance, false),
            ("arn:aws:ec2:*:*:inst?nce/i-1", instance, true),
            ("arn:aws:ec2:*", instance, true),
            ("arn:aws:ec2", instance, false),
            ("arn:aws:ec2:*:${aws:PrincipalAccount}:instance/*", instance, true),
        ];
        for (pattern, template, expected) in table {
            let pattern_shape = Shape::of_pattern(pattern, Version::V2012);
            assert_eq!(
                pattern_shape.overlaps(&Shape::of_pattern(template, Version::V2012)),
                expected,
                "{pattern}"
            );
        }
    }

    #[test]
    fn the_closer_form_has_it() {
        let bucket = "arn:${Partition}:s3:::${BucketName}";
        let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
        let point = "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${Name}";
        let shape = |text: &str| Shape::of_pattern(text, Version::V2012);
        let table = [
            ("arn:aws:s3:::b/*", object, true),
            ("arn:aws:s3:::b/x", object, true),
            ("arn:aws:s3:::*/*", object, true),
            ("arn:*:s3:*:*:b?/x*", object, true),
            ("arn:aws:s3:::b*/${aws:username}", object, true),
            ("arn:aws:s3:::b", object, false),
            ("arn:aws:s3:::b*", object, false),
            ("arn:aws:s3:::*", object, false),
            ("arn:aws:s3:::b?x", object, false),
            ("arn:aws:s3:::${aws:PrincipalTag/team}", object, false),
            ("arn:aws:s3*/*", object, false),
            ("arn:aws:s3:::b/x", point, false),
        ];
        for (pattern, closer, expected) in table {
            assert_eq!(shape(pattern).yields(&shape(bucket), &shape(closer)), expected, "{pattern} {closer}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_within_is_matched(narrow in "[ab*?]{0,6}", wide in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            let shape = |text: &str| Shape::of_pattern(text, Version::V2012);
            if within(&shape(&narrow).symbols, &shape(&wide).symbols) && covers(&narrow, &text, false) {
                proptest::prop_assert!(covers(&wide, &text, false), "{} {} {}", narrow, wide, text);
            }
        }

        #[test]
        fn what_both_match_is_an_overlap(a in "[ab*?]{0,6}", b in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            let shape = |text: &str| Shape::of_pattern(text, Version::V2012);
            if covers(&a, &text, false) && covers(&b, &text, false) {
                proptest::prop_assert!(shape(&a).overlaps(&shape(&b)), "{} {} {}", a, b, text);
            }
        }

        #[test]
        fn an_overlap_is_symmetric_and_agrees_with_matching(a in "[ab*?]{0,6}", b in "[ab]{0,6}") {
            let shape = |text: &str| Shape::of_pattern(text, Version::V2012);
            proptest::prop_assert_eq!(shape(&a).overlaps(&shape(&b)), covers(&a, &b, false));
            proptest::prop_assert_eq!(shape(&b).overlaps(&shape(&a)), covers(&a, &b, false));
        }
    }
}
