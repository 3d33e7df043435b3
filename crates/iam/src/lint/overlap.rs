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

    proptest::proptest! {
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
