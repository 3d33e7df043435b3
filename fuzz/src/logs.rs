//! What must hold of any bytes that are read as a file of logs.

use leastwise_trail::json::Record;
use leastwise_trail::read::{Limits, Reader, Tally};
use leastwise_trail::{Event, Field, Path};
use serde_json::Value;

/// The quick parser, which leaves to `serde_json` what it refuses, says what `serde_json` alone says.
pub fn parsers_agree(bytes: &[u8]) {
    let ours = Record::parse(bytes).map(|record| record.root().to_json());
    let theirs = serde_json::from_slice::<Value>(bytes);
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(ours, theirs),
        (Err(_), Err(_)) => {}
        (ours, theirs) => panic!("{ours:?} and {theirs:?}"),
    }
}

/// Read at once or in pieces: nothing panics, every event is counted, and bytes of text that is not compressed are
/// all accounted for.
pub fn reading_counts_everything(bytes: &[u8]) {
    for (whole, piece) in [(1 << 20, 1 << 20), (512, 64), (64, 64)] {
        let (mut events, mut tally) = (0, Tally::default());
        let mut take = |event: &Event<'_>| {
            events += 1;
            touch(event);
        };
        Reader::new(Limits { whole, piece, text: 1 << 20 }).read(bytes, &mut tally, &mut take);
        assert_eq!(tally.events, events, "{tally:?}");
        if !bytes.starts_with(&[0x1f, 0x8b, 8]) {
            assert_eq!(tally.bytes, bytes.len() as u64, "{tally:?}");
        }
    }
}

fn touch(event: &Event<'_>) {
    for field in Field::ALL {
        assert_eq!(event.field(field).is_some(), event.root().get(field.name()).is_some(), "{field:?}");
    }
    let _ = (event.time(), event.find(&Path::new("userIdentity.sessionContext.sessionIssuer.arn")));
}
