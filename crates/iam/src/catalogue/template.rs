//! Templates with parts to fill in: `arn:${Partition}:s3:::${BucketName}`, `s3:ExistingObjectTag/<key>`.

/// Whether letters' case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Counts,
    Ignored,
}

/// One part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    /// This text.
    Literal(&'a str),
    /// `${…}` or `<…>`: any text that is not empty.
    Hole,
    /// `*`, which a few of AWS's templates have: any text.
    Run,
}

/// The parts of a template, in order.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (piece, after) = first_piece(rest)?;
        rest = after;
        Some(piece)
    })
}

fn first_piece(text: &str) -> Option<(Piece<'_>, &str)> {
    if text.is_empty() {
        return None;
    }
    for (open, close) in [("${", '}'), ("<", '>')] {
        if let Some((_, after)) = text.strip_prefix(open).and_then(|inside| inside.split_once(close)) {
            return Some((Piece::Hole, after));
        }
    }
    if let Some(after) = text.strip_prefix('*') {
        return Some((Piece::Run, after));
    }
    let starts = text.char_indices().skip(1).map(|(at, _)| at);
    let end = starts.into_iter().find(|at| text.get(*at..).is_some_and(starts_hole)).unwrap_or(text.len());
    text.split_at_checked(end).map(|(literal, after)| (Piece::Literal(literal), after))
}

fn starts_hole(text: &str) -> bool {
    text.starts_with("${") || text.starts_with('<') || text.starts_with('*')
}

/// True if the text is the template with its parts filled in.
///
/// As with wildcards, the leftmost place of each literal will do: what stands before it is free anyway.
pub(super) fn fills(template: &str, text: &str, case: Case) -> bool {
    let mut rest = text.as_bytes();
    // Between literals: how many characters at least must come before the next one, if any number may.
    let mut free: Option<usize> = None;
    let mut parts = pieces(template).peekable();
    while let Some(piece) = parts.next() {
        match piece {
            Piece::Hole => free = Some(free.unwrap_or(0) + 1),
            Piece::Run => free = free.or(Some(0)),
            Piece::Literal(literal) => {
                let literal = literal.as_bytes();
                let found = match free.take() {
                    None => after_prefix(rest, literal, case),
                    Some(least) if parts.peek().is_none() => at_end(rest, least, literal, case),
                    Some(least) => after_first(rest, least, literal, case),
                };
                let Some(after) = found else { return false };
                rest = after;
            }
        }
    }
    free.map_or(rest.is_empty(), |least| rest.len() >= least)
}

fn same(a: &[u8], b: &[u8], case: Case) -> bool {
    match case {
        Case::Counts => a == b,
        Case::Ignored => a.eq_ignore_ascii_case(b),
    }
}

fn after_prefix<'a>(text: &'a [u8], literal: &[u8], case: Case) -> Option<&'a [u8]> {
    let (start, after) = text.split_at_checked(literal.len())?;
    same(start, literal, case).then_some(after)
}

fn at_end<'a>(text: &'a [u8], least: usize, literal: &[u8], case: Case) -> Option<&'a [u8]> {
    let start = text.len().checked_sub(literal.len()).filter(|start| *start >= least)?;
    after_prefix(text.get(start..)?, literal, case)
}

fn after_first<'a>(text: &'a [u8], least: usize, literal: &[u8], case: Case) -> Option<&'a [u8]> {
    let searched = text.get(least..)?;
    let at = searched.windows(literal.len()).position(|window| same(window, literal, case))?;
    searched.get(at + literal.len()..)
}

/// The form of a resource type's ARNs, taken apart at its first five colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ArnTemplate {
    text: &'static str,
    fields: [&'static str; 6],
    kinds: [FieldKind; 6],
    literal: usize,
}

/// What a field of a template is made of: most are quickly told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldKind {
    /// This text, or nothing.
    Literal,
    /// Any text that is not empty.
    Hole,
    /// Something else.
    Mixed,
}

impl FieldKind {
    fn of(field: &str) -> Self {
        let mut parts = pieces(field);
        match (parts.next(), parts.next()) {
            (None | Some(Piece::Literal(_)), None) => Self::Literal,
            (Some(Piece::Hole), None) => Self::Hole,
            _ => Self::Mixed,
        }
    }

    fn fits(self, template: &str, text: &str) -> bool {
        match self {
            Self::Literal => template == text,
            Self::Hole => !text.is_empty(),
            Self::Mixed => fills(template, text, Case::Counts),
        }
    }
}

impl ArnTemplate {
    /// The template, or nothing if the text has not six fields.
    pub(super) fn new(text: &'static str) -> Option<Self> {
        let literals = pieces(text).map(|piece| if let Piece::Literal(l) = piece { l.len() } else { 0 });
        let fields = Self::fields(text)?;
        Some(Self { text, fields, kinds: fields.map(FieldKind::of), literal: literals.sum() })
    }

    /// An ARN's six fields.
    pub(super) fn fields(arn: &str) -> Option<[&str; 6]> {
        let mut fields = arn.splitn(6, ':');
        let mut next = || fields.next();
        Some([next()?, next()?, next()?, next()?, next()?, next()?])
    }

    pub(super) fn as_str(&self) -> &'static str {
        self.text
    }

    /// How much of the template is literal text.
    pub(super) fn literal(&self) -> usize {
        self.literal
    }

    /// True if the ARN with these fields has this form.
    pub(super) fn fits(&self, arn: &[&str; 6]) -> bool {
        let fields = self.fields.iter().zip(self.kinds);
        fields.zip(arn).all(|((template, kind), text)| kind.fits(template, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling() {
        let table = [
            ("table/${T}", "table/a", true),
            ("table/${T}", "table/", false),
            ("table/${T}", "Table/a", false),
            ("table/${T}", "table/a/index/b", true),
            ("table/${T}/index/${I}", "table/a/index/b", true),
            ("table/${T}/index/${I}", "table/a/index/", false),
            ("table/${T}/index/${I}", "table//index/b", false),
            ("a/${X}/b/${Y}/b", "a/b/b/b/b", true),
            ("a/${X}/b", "a/b", false),
            ("${A}${B}", "x", false),
            ("${A}${B}", "xy", true),
            ("o-${A}", "o-1", true),
            ("external-client/dcr/*", "external-client/dcr/", true),
            ("", "", true),
            ("", "x", false),
            ("plain", "plain", true),
            ("plain", "plainer", false),
            ("s3:Tag/<key>", "s3:Tag/x", true),
            ("open<", "open<", true),
        ];
        for (template, text, expected) in table {
            assert_eq!(fills(template, text, Case::Counts), expected, "{template} {text}");
        }
        assert!(fills("aws:Tag/${K}", "AWS:tag/x", Case::Ignored));
    }

    proptest::proptest! {
        /// The leftmost rule agrees with trying every place.
        #[test]
        fn agrees_with_trying_everything(template in r"([ab/]|\$\{X\}|\*){0,6}", text in "[ab/]{0,8}") {
            let parts: Vec<Piece<'_>> = pieces(&template).collect();
            let quick = FieldKind::of(&template).fits(&template, &text);
            proptest::prop_assert_eq!(quick, slow(&parts, &text));
            proptest::prop_assert_eq!(fills(&template, &text, Case::Counts), slow(&parts, &text));
        }
    }

    fn slow(parts: &[Piece<'_>], text: &str) -> bool {
        let least = |piece| usize::from(piece == Piece::Hole);
        match parts {
            [] => text.is_empty(),
            [Piece::Literal(l), rest @ ..] => text.strip_prefix(l).is_some_and(|after| slow(rest, after)),
            [free, rest @ ..] => (least(*free)..=text.len()).any(|at| slow(rest, text.get(at..).unwrap())),
        }
    }
}
