//! A file of the bank, read twice: once as a whole, so that nothing is taken in of one that is damaged, and once entry by
//! entry, in portions, so that it never lies in memory.

use std::collections::HashMap;

use super::{
    Entry, Head, Source, StatementError,
    camt::{self, Progress, Sink},
    reference,
};

/// A file that is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}{}", if .file.is_empty() { String::new() } else { format!(" («{}»)", .file) })]
pub struct Refused {
    /// Which file of a zip it is about.
    pub file: String,
    pub error: StatementError,
}

/// Entries of one statement, in order.
#[derive(Debug, Clone, Default)]
pub struct Portion {
    /// Which of the statements that [`survey`] has found.
    pub statement: usize,
    pub entries: Vec<Entry>,
    /// Whether these are its last.
    pub is_last: bool,
}

/// The statements of a file, each as a whole; nothing is wrong with what this has read.
pub fn survey(source: &Source) -> Result<Vec<Head>, Refused> {
    struct Heads(Vec<Head>);
    impl Sink for Heads {
        fn entry(&mut self, _: &Head, _: Entry) -> Result<(), StatementError> {
            Ok(())
        }
        fn ends(&mut self, head: Head) -> Result<(), StatementError> {
            self.0.push(head);
            if self.0.len() > STATEMENTS_MAX { Err(StatementError::TooLong) } else { Ok(()) }
        }
    }
    let mut heads = Heads(Vec::new());
    each(source, |_| Heads(Vec::new()), |found| heads.0.extend(found.0))?;
    if heads.0.len() > STATEMENTS_MAX {
        return Err(Refused { file: String::new(), error: StatementError::TooLong });
    }
    Ok(heads.0)
}

/// A file may have this many statements at most.
const STATEMENTS_MAX: usize = 10_000;

/// Hands on the entries of a file, at most so many at a time; where `work` says no, the rest is not read.
pub fn portions(source: &Source, most: usize, work: &mut dyn FnMut(Portion) -> bool) -> Result<(), Refused> {
    struct Portions<'a> {
        next: Portion,
        most: usize,
        marks: HashMap<String, u32>,
        work: &'a mut dyn FnMut(Portion) -> bool,
        is_over: bool,
    }
    impl Portions<'_> {
        fn hand_on(&mut self, is_last: bool) {
            let entries = std::mem::take(&mut self.next.entries);
            let statement = self.next.statement;
            self.is_over |= !(self.work)(Portion { statement, entries, is_last });
        }
    }
    impl Sink for Portions<'_> {
        fn entry(&mut self, _: &Head, mut entry: Entry) -> Result<(), StatementError> {
            if self.is_over {
                return Ok(());
            }
            entry.count(&mut self.marks);
            let number = std::mem::take(&mut entry.number);
            entry.part.named = reference::payments_in(&format!("{}\n{}\n{number}", entry.part.words, entry.reference));
            for part in &mut entry.parts {
                part.named = reference::payments_in(&part.words);
            }
            self.next.entries.push(entry);
            if self.next.entries.len() >= self.most {
                self.hand_on(false);
            }
            Ok(())
        }
        fn ends(&mut self, _: Head) -> Result<(), StatementError> {
            if !self.is_over {
                self.hand_on(true);
            }
            self.next.statement += 1;
            self.marks.clear();
            Ok(())
        }
    }
    let mut sink = Portions { next: Portion::default(), most, marks: HashMap::new(), work, is_over: false };
    let mut progress = Progress::default();
    for message in source.messages().map_err(|error| Refused { file: String::new(), error })? {
        let read = source.read(&message, &mut |reader| camt::read(reader, &mut progress, &mut sink));
        read.map_err(|error| Refused { file: message.name.clone(), error })?;
    }
    Ok(())
}

/// Reads every message of a file. One that has to be read again in another encoding begins anew.
fn each<S: Sink>(source: &Source, new: impl Fn(()) -> S, mut whole: impl FnMut(S)) -> Result<(), Refused> {
    let (mut items, mut heads) = (0, 0);
    for message in source.messages().map_err(|error| Refused { file: String::new(), error })? {
        let mut done = None;
        let read = source.read(&message, &mut |reader| {
            let (mut sink, mut progress) = (new(()), Progress::after(items, heads));
            camt::read(reader, &mut progress, &mut sink)?;
            done = Some((sink, progress));
            Ok(())
        });
        read.map_err(|error| Refused { file: message.name.clone(), error })?;
        if let Some((sink, progress)) = done {
            (items, heads) = (progress.items, progress.heads);
            whole(sink);
        }
    }
    Ok(())
}
