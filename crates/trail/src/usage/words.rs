//! A few words that come again and again, as numbers.

/// How many there can be; there are some forty regions, and some hundred services.
const MOST: usize = 4_096;

/// Words by their numbers.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<Box<str>>);

impl Words {
    /// The number of a word; nothing for one too many.
    pub(super) fn number(&mut self, word: &str) -> Option<u16> {
        let found = self.0.iter().position(|own| **own == *word).or_else(|| {
            let room = self.0.len() < MOST;
            room.then(|| {
                self.0.push(word.into());
                self.0.len() - 1
            })
        });
        found.and_then(|number| u16::try_from(number).ok())
    }

    /// The word of a number.
    pub(super) fn word(&self, number: u16) -> Option<&str> {
        self.0.get(usize::from(number)).map(|word| &**word)
    }

    /// The numbers that another's words have here, in the order of their numbers there.
    pub(super) fn join(&mut self, other: &Self) -> Vec<Option<u16>> {
        other.0.iter().map(|word| self.number(word)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_numbers() {
        let (mut one, mut other) = (Words::default(), Words::default());
        assert_eq!([one.number("a"), one.number("b"), one.number("a")], [Some(0), Some(1), Some(0)]);
        assert_eq!([other.number("b"), other.number("c")], [Some(0), Some(1)]);
        assert_eq!(one.join(&other), [Some(1), Some(2)]);
        assert_eq!((one.word(2), one.word(3)), (Some("c"), None));
        for n in 0..MOST {
            one.number(&n.to_string());
        }
        assert_eq!((one.number("one too many"), one.number("c")), (None, Some(2)));
    }
}
