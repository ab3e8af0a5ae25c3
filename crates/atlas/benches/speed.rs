//! How long the atlas takes: `cargo bench -p atlas`. Each line is the best of five, as it is disturbed least.

use std::{hint::black_box, time::Instant};

use atlas::{
    Presence, Table,
    complexity::{Groups, complexity, outlook},
    random::{Random, normal_quantile},
    relatedness::{CoOccurrence, Measure},
    specialisation,
};

fn main() {
    for (places, activities, years) in [(16, 600, 1), (200, 1000, 10), (200, 5000, 1)] {
        let tables: Vec<Table> = (0..years).map(|year| table(places, activities, year)).collect();
        let what = format!("complexity, {places} × {activities} × {years}");
        time(&what, || tables.iter().for_each(|table| everything(table)));
    }
}

/// Location quotients, ECI, PCI, proximity, density, outlook and gain.
fn everything(table: &Table) {
    let quotients = specialisation::location_quotients(table);
    let presence = Presence::of(table, 1.0).unwrap_or_else(|error| panic!("{error}"));
    let pairs = CoOccurrence::of(&presence).unwrap_or_else(|error| panic!("{error}"));
    let found = complexity(&presence, Groups::Refuse).unwrap_or_else(|error| panic!("{error}"));
    let outlook = outlook(&presence, &pairs, Measure::Minimum, &found);
    black_box((quotients, outlook));
}

/// Lognormal values, a third of them zero.
fn table(places: usize, activities: usize, seed: u64) -> Table {
    let random = Random::new(seed);
    let names = |count: usize| -> Vec<String> { (0..count).map(|i| format!("{i:05}")).collect() };
    let value = |place: u64, activity: u64| {
        let uniform = random.uniform(place, activity);
        if uniform < 1.0 / 3.0 { 0.0 } else { (3.0 + 2.0 * normal_quantile(1.5 * uniform - 0.5)).exp() }
    };
    let rows: Vec<Vec<f64>> =
        (0..places as u64).map(|p| (0..activities as u64).map(|a| value(p, a)).collect()).collect();
    let (p, a) = (names(places), names(activities));
    let (p, a): (Vec<&str>, Vec<&str>) =
        (p.iter().map(String::as_str).collect(), a.iter().map(String::as_str).collect());
    Table::new(&p, &a, &rows).unwrap_or_else(|error| panic!("{error}"))
}

fn time(what: &str, run: impl Fn()) {
    let best = (0..5).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    println!("{what}: {:.1} ms", best.min().unwrap_or_default().as_secs_f64() * 1000.0);
}
