//! Prints of deltas: whether two sets of them are the same, whatever their order, without keeping either.

use std::hash::{BuildHasher, RandomState};

use jiff::civil::Date;

use crate::Indicator;

/// How many deltas there are, and the sum of their hashes. The key of the hashes is drawn anew each time, so that nobody
/// can make up deltas that have the print of others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Print {
    count: u64,
    hash: u64,
}

/// A delta as it stands in the database, or as the journal gives it.
#[derive(Hash)]
pub(super) struct Delta<'a> {
    pub day: Date,
    pub dimensions: [&'a str; 3],
    pub number: i64,
    pub micros: i64,
    pub row: &'a str,
    pub recorded: &'a str,
}

/// A print for each indicator.
pub(super) struct Prints {
    names: Vec<String>,
    hasher: RandomState,
    prints: Vec<Print>,
    /// Whether there was a delta of no indicator here.
    strangers: bool,
    /// The place of the last indicator, which is often that of the next.
    last: usize,
}

impl Prints {
    pub fn new(indicators: &[Indicator], hasher: RandomState) -> Prints {
        let names: Vec<String> = indicators.iter().map(|i| i.name().to_owned()).collect();
        Prints { prints: vec![Print::default(); names.len()], names, hasher, strangers: false, last: 0 }
    }

    pub fn add(&mut self, indicator: usize, delta: &Delta<'_>) {
        let hash = self.hasher.hash_one(delta);
        if let Some(print) = self.prints.get_mut(indicator) {
            print.count += 1;
            print.hash = print.hash.wrapping_add(hash);
        }
    }

    /// Takes in a delta as it is stored; `None` where it is none that this program could have written.
    pub fn add_stored(&mut self, indicator: &str, delta: Option<&Delta<'_>>) {
        if self.names.get(self.last).is_none_or(|name| name != indicator) {
            match self.names.iter().position(|name| name == indicator) {
                Some(place) => self.last = place,
                None => {
                    self.strangers = true;
                    return;
                }
            }
        }
        match delta {
            Some(delta) => self.add(self.last, delta),
            // It counts, so that the print differs.
            None => self.prints[self.last].count += 1,
        }
    }

    /// Both together.
    pub fn with(mut self, other: Prints) -> Prints {
        for (print, more) in self.prints.iter_mut().zip(other.prints) {
            print.count += more.count;
            print.hash = print.hash.wrapping_add(more.hash);
        }
        self.strangers |= other.strangers;
        self
    }

    /// The places of the indicators whose deltas are not the same.
    pub fn different(&self, other: &Prints) -> Vec<usize> {
        let pairs = self.prints.iter().zip(&other.prints).enumerate();
        pairs.filter(|(_, (one, two))| one != two).map(|(place, _)| place).collect()
    }

    /// Whether there was a delta of an indicator that is not here.
    pub fn has_strangers(&self) -> bool {
        self.strangers
    }
}
