//! What a thread does: reads files, and gives their events to the analysis.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use leastwise_trail::read::{Opened, Piece, Pieces, Reader, Tally};
use leastwise_trail::{Analysis, Event, Field};

use super::Run;
use super::queue::Queued;
use crate::trail::order::{Done, Position};
use crate::trail::reading::{Reading, Spans};

pub(super) struct Worker<'w, A: Analysis> {
    pub(super) run: &'w Run<'w, A>,
}

/// A stretch of events, and what they come to so far.
struct Stretch<P> {
    part: P,
    reading: Reading,
    spans: Spans,
}

impl<A: Analysis> Worker<'_, A> {
    /// Reads the files of a job.
    pub(super) fn files(&self, reader: &mut Reader, job: usize, files: Range<usize>) {
        let (mut stretch, mut position) = (self.stretch(), (job, 0));
        for file in files {
            let path = self.run.inputs.path(file);
            match self.run.inputs.open(file, &path) {
                Ok(open) => self.file(
                    reader,
                    Metered { file: open, bytes: &self.run.counted.bytes },
                    &path,
                    &mut stretch,
                    &mut position,
                ),
                Err(error) => stretch.reading.tally.unreadable(&path, format!("cannot be opened: {error}")),
            }
            self.run.counted.files.fetch_add(1, Ordering::Relaxed);
        }
        self.finish(stretch, position, true);
    }

    /// Reads a file into the stretch; one that comes in pieces is shared with the other threads.
    fn file(
        &self,
        reader: &mut Reader,
        file: Metered<'_>,
        path: &str,
        stretch: &mut Stretch<A::Part>,
        position: &mut Position,
    ) {
        let mut tally = Tally::default();
        match reader.open(file, &mut tally) {
            Opened::Whole(piece) => self.events(&piece, &mut tally, stretch),
            Opened::Pieces(mut pieces) => {
                let before = std::mem::replace(stretch, self.stretch());
                self.finish(before, *position, false);
                position.1 += 1;
                self.share(&mut pieces, &path.into(), &mut tally, position);
            }
        }
        stretch.reading.files += 1;
        stretch.reading.tally.add(tally, || Some(path.into()));
    }

    fn share<R: Read>(
        &self,
        pieces: &mut Pieces<R>,
        file: &Arc<str>,
        tally: &mut Tally,
        position: &mut Position,
    ) {
        while let Some(piece) = pieces.next(tally) {
            let piece = Queued { position: *position, file: Arc::clone(file), piece };
            position.1 += 1;
            if let Some(mine) = self.run.queue.offer(piece, &self.run.joiner) {
                self.piece(&mine);
                self.run.tell();
            }
        }
    }

    /// Reads a piece of a long file.
    pub(super) fn piece(&self, queued: &Queued) {
        let (mut stretch, mut tally) = (self.stretch(), Tally::default());
        self.events(&queued.piece, &mut tally, &mut stretch);
        stretch.reading.tally.add(tally, || Some((*queued.file).into()));
        self.finish(stretch, queued.position, false);
    }

    fn stretch(&self) -> Stretch<A::Part> {
        Stretch { part: self.run.analysis.part(), reading: Reading::default(), spans: Spans::default() }
    }

    fn finish(&self, stretch: Stretch<A::Part>, position: Position, last: bool) {
        let mut reading = stretch.reading;
        reading.span = stretch.spans.span();
        self.run.joiner.add(position, Done { part: stretch.part, reading, last });
        self.run.queue.joined();
    }

    fn events(&self, piece: &Piece<'_>, tally: &mut Tally, stretch: &mut Stretch<A::Part>) {
        piece.read(tally, &mut |event| self.event(event, stretch));
    }

    fn event(&self, event: &Event<'_>, stretch: &mut Stretch<A::Part>) {
        if !self.run.options.filter.takes(event) {
            stretch.reading.filtered += 1;
            return;
        }
        match event.str(Field::EventId) {
            Some(id) if !self.run.seen.is_new(id) => {
                stretch.reading.duplicates += 1;
                return;
            }
            Some(_) => {}
            None => stretch.reading.without_id += 1,
        }
        stretch.reading.analysed += 1;
        stretch.spans.take(event);
        self.run.analysis.event(&mut stretch.part, event);
    }
}

/// Counts the bytes that are read.
struct Metered<'m> {
    file: Box<dyn Read + Send>,
    bytes: &'m AtomicU64,
}

impl Read for Metered<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(into)?;
        self.bytes.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
