//! The journal, or the later half of it, read through once: what each indicator adds up to, and the print of its deltas.

use std::{hash::RandomState, sync::Arc};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use store::{Arg, Became};

use super::{
    concern::{Concern, Unparsed},
    prints::{Delta, Prints},
};
use crate::{Indicator, cube::Sum, definition::Source, listener::difference};

/// A day and the values of the dimensions, each by its number among the texts.
pub(super) type Place = (Date, [u32; 3]);
/// What each indicator adds up to; one more for the figures of indicators that are no longer in the pack.
pub(super) type Sums = Vec<FxHashMap<Place, Sum>>;
/// What a row adds: the place of each indicator that it adds to, where, and how much. Most rows add to few.
type Standing = Box<[(u32, (Place, i64))]>;

/// The values of dimensions, each kept once and known by its number.
#[derive(Debug, Default)]
struct Texts {
    numbers: FxHashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let (number, text) = (self.texts.len() as u32, Arc::<str>::from(text));
        self.texts.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}

/// The first change of a row in the later half: what it takes away only the earlier half knows.
struct First {
    concern: usize,
    row: Box<str>,
    recorded: Box<str>,
    standing: Standing,
}

/// The journal, read through.
pub(super) struct Reading {
    pub indicators: Arc<Vec<Indicator>>,
    /// Entries of the rows that indicators can be over.
    pub entries: u64,
    pub prints: Prints,
    concerns: Vec<Concern>,
    texts: Texts,
    sums: Sums,
    /// By concern, what each row added last, where it added anything (in the later half, whether or not). What a change
    /// takes away is what the change before it gave.
    rows: Vec<FxHashMap<Box<str>, Standing>>,
    /// Kept where this is the later half.
    firsts: Option<Vec<First>>,
}

impl Reading {
    pub fn new(indicators: Arc<Vec<Indicator>>, hasher: RandomState) -> Reading {
        let concerns = Concern::all(&indicators);
        let sums = (0..=indicators.len()).map(|_| FxHashMap::default()).collect();
        let prints = Prints::new(&indicators, hasher);
        let (texts, rows) = (Texts::default(), concerns.iter().map(|_| FxHashMap::default()).collect());
        Reading { indicators, entries: 0, prints, concerns, texts, sums, rows, firsts: None }
    }

    /// The same for the later half of a journal.
    pub fn later(self) -> Reading {
        Reading { firsts: Some(Vec::new()), ..self }
    }

    /// The number of a value of a dimension.
    pub fn number(&mut self, text: &str) -> u32 {
        self.texts.number(text)
    }

    /// Takes in an entry; `each` is given what it adds, with the name of the indicator.
    pub fn take(&mut self, entry: &Became<'_>, mut each: impl FnMut(&str, &Delta<'_>)) {
        if Source::SOURCES.contains(&entry.source) {
            self.entries += 1;
            self.take_entry(entry, &mut each);
        }
    }

    fn take_entry(&mut self, entry: &Became<'_>, each: &mut impl FnMut(&str, &Delta<'_>)) {
        let concern = |c: &Concern| c.source == entry.source && c.kind == entry.kind;
        let Some(concern) = self.concerns.iter().position(concern) else { return };
        let standing = self.standing(concern, entry.after);
        match (self.rows[concern].get_mut(entry.row), &mut self.firsts) {
            (None, Some(firsts)) => {
                let (row, recorded) = (entry.row.into(), entry.recorded.into());
                firsts.push(First { concern, row, recorded, standing: standing.clone() });
                self.rows[concern].insert(entry.row.into(), standing);
            }
            (None, None) if standing.is_empty() => {}
            (Some(known), _) => {
                let before = std::mem::replace(known, standing.clone());
                self.change((entry.row, entry.recorded), &before, &standing, each);
            }
            (None, None) => {
                self.change((entry.row, entry.recorded), &[], &standing, each);
                self.rows[concern].insert(entry.row.into(), standing);
            }
        }
    }

    /// What a row adds to the indicators of a concern; nothing where it went away.
    fn standing(&mut self, concern: usize, document: Option<&str>) -> Standing {
        let Concern { scanner, indicators, .. } = &mut self.concerns[concern];
        let mut fields = Vec::new();
        let document = document.filter(|document| scanner.scan(document, &mut fields).is_some());
        let added = |(place, places): &(usize, Vec<usize>)| {
            let row = Unparsed { document: document?, fields: &fields, places };
            let added = self.indicators[*place].added(&row)?;
            let dimensions = added.dimensions.map(|field| self.texts.number(&field.dimension()));
            Some((*place as u32, ((added.day, dimensions), added.micros)))
        };
        indicators.iter().filter_map(added).collect()
    }

    /// A row that added `was` adds `is`.
    fn change(
        &mut self,
        (row, recorded): (&str, &str),
        was: &[(u32, (Place, i64))],
        is: &[(u32, (Place, i64))],
        each: &mut impl FnMut(&str, &Delta<'_>),
    ) {
        let of = |all: &[(u32, (Place, i64))], place: u32| all.iter().find(|(own, _)| *own == place).map(|(_, a)| *a);
        let gone = was.iter().filter(|(place, _)| of(is, *place).is_none()).map(|(place, _)| *place);
        for place in gone.chain(is.iter().map(|(place, _)| *place)) {
            let (was, is) = (of(was, place), of(is, place));
            let place = place as usize;
            for (((day, dimensions), micros), sign) in difference(was.as_ref(), is.as_ref()) {
                let sum = Sum { number: sign, micros: sign * micros };
                *self.sums[place].entry((*day, *dimensions)).or_default() += sum;
                let dimensions = dimensions.map(|number| self.texts.text(number));
                let delta = Delta { day: *day, dimensions, number: sum.number, micros: sum.micros, row, recorded };
                self.prints.add(place, &delta);
                each(self.indicators[place].name(), &delta);
            }
        }
    }

    /// Takes in the later half: its first changes take away what this half knows.
    pub fn followed_by(mut self, later: Reading) -> Reading {
        let Reading { entries, prints, texts, sums, firsts, .. } = later;
        self.entries += entries;
        self.prints = self.prints.with(prints);
        let numbers: Vec<u32> = texts.texts.iter().map(|text| self.texts.number(text)).collect();
        let here = |number: u32| numbers.get(number as usize).copied().unwrap_or_default();
        for (own, more) in self.sums.iter_mut().zip(sums) {
            for ((day, dimensions), sum) in more {
                *own.entry((day, dimensions.map(here))).or_default() += sum;
            }
        }
        for First { concern, row, recorded, mut standing } in firsts.into_iter().flatten() {
            for (_, ((_, dimensions), _)) in &mut standing {
                *dimensions = dimensions.map(here);
            }
            let was = self.rows[concern].remove(&row).unwrap_or_default();
            self.change((&row, &recorded), &was, &standing, &mut |_, _| {});
        }
        self
    }

    /// How many sums of each indicator are not what was stored.
    pub fn differences(&self, stored: &Sums) -> Vec<u64> {
        let nothing = Sum::default();
        let different = |(derived, stored): (&FxHashMap<Place, Sum>, &FxHashMap<Place, Sum>)| {
            let wrong = derived.iter().filter(|(place, sum)| stored.get(*place).unwrap_or(&nothing) != *sum).count();
            let surplus =
                stored.iter().filter(|(place, sum)| **sum != nothing && !derived.contains_key(*place)).count();
            (wrong + surplus) as u64
        };
        self.sums.iter().zip(stored).map(different).collect()
    }

    /// The figures of days, as they are stored.
    pub fn figure_days(&self, generation: i64) -> Vec<Vec<Arg>> {
        let mut rows = Vec::new();
        for (indicator, sums) in self.indicators.iter().zip(&self.sums) {
            for ((day, dimensions), sum) in sums.iter().filter(|(_, sum)| **sum != Sum::default()) {
                let [d1, d2, d3] = dimensions.map(|number| Arg::from(self.texts.text(number)));
                let place: [Arg; 5] = [indicator.name().into(), day.to_string().into(), d1, d2, d3];
                rows.push(place.into_iter().chain([sum.number.into(), sum.micros.into(), generation.into()]).collect());
            }
        }
        rows
    }
}

impl Delta<'_> {
    /// A row of the table of deltas, counted in the figure of its day.
    pub fn folded(&self, indicator: &str) -> Vec<Arg> {
        let [d1, d2, d3] = self.dimensions.map(Arg::from);
        let what: [Arg; 2] = [indicator.into(), self.day.to_string().into()];
        let how: [Arg; 5] = [self.number.into(), self.micros.into(), self.row.into(), self.recorded.into(), 1.into()];
        what.into_iter().chain([d1, d2, d3]).chain(how).collect()
    }
}
