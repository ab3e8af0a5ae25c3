//! How long the atlas takes: `cargo bench -p atlas`. Each line is the best of five, as it is disturbed least.

use std::{collections::BTreeMap, hint::black_box, time::Instant};

use atlas::{
    Presence, Table,
    complexity::{Groups, complexity, outlook},
    distribution::Distribution,
    flow::{self, Month, Parameter, Scenario, Stocks},
    portfolio::{self, Choice, Intervention},
    random::{Random, normal_quantile},
    relatedness::{CoOccurrence, Measure},
    specialisation,
};

fn main() {
    for (places, activities, years) in [(16, 600, 1), (200, 1000, 10), (200, 5000, 1)] {
        let tables: Vec<Table> = (0..years).map(|year| table(places, activities, year)).collect();
        let what = format!("complexity, {places} × {activities} × {years}");
        time(&what, || tables.iter().for_each(everything));
    }
    let asked = scenario(10_000);
    time("simulation, 10,000 runs of 120 months", || _ = black_box(flow::answer(&asked)));
    let choice = choice(60);
    time("portfolio, 60 interventions, 8 budgets", || _ = black_box(portfolio::portfolio(&choice)));
}

/// Everything that can be uncertain is.
fn scenario(runs: usize) -> Scenario {
    use Distribution::{Triangular, Uniform};
    let parameters = [
        (Parameter::Applicants, Triangular([4000.0, 5000.0, 6500.0])),
        (Parameter::ApplicantsGrowth, Uniform([0.0, 0.06])),
        (Parameter::Qualified, Triangular([0.5, 0.6, 0.8])),
        (Parameter::Intake, Uniform([2000.0, 3000.0])),
        (Parameter::Seats, Uniform([8000.0, 9000.0])),
        (Parameter::StudyMonths, Triangular([40.0, 48.0, 60.0])),
        (Parameter::DropOut, Uniform([0.1, 0.3])),
        (Parameter::SearchMonths, Triangular([3.0, 6.0, 18.0])),
        (Parameter::Jobs, Uniform([1000.0, 2500.0])),
        (Parameter::EmigrationOfGraduates, Uniform([0.0, 0.1])),
        (Parameter::EmigrationOfHired, Uniform([0.0, 0.05])),
        (Parameter::Leaving, Uniform([0.0, 0.05])),
    ];
    let month = |text: &str| Month::parse(text).unwrap_or_else(|error| panic!("{error}"));
    Scenario {
        start: month("2024-01"),
        until: month("2033-12"),
        runs,
        seed: 1,
        stocks: Stocks { enrolled: 8000.0, seeking: 2000.0, retained: 9000.0 },
        parameters: parameters.into(),
        applicants_noise: 0.1,
        target: None,
        alternatives: BTreeMap::new(),
    }
}

/// Costs and reaches that are nearly proportional are the hard ones.
fn choice(count: u64) -> Choice {
    let random = Random::new(5);
    let one = |at: u64| {
        let cost = (10.0 + 90.0 * random.uniform(0, at)).round();
        Intervention {
            id: at.to_string(),
            cost,
            reach: (cost * (0.9 + 0.2 * random.uniform(1, at))).round(),
            regions: [(["north", "south"][(at % 2) as usize].to_owned(), 1.0)].into(),
            requires: if at % 7 == 3 { vec![(at - 1).to_string()] } else { Vec::new() },
            excludes: Vec::new(),
            divisible: false,
            must: false,
        }
    };
    let least_shares = [("south".to_owned(), 0.3)].into();
    Choice { budget: 1000.0, least_shares, interventions: (0..count).map(one).collect() }
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
