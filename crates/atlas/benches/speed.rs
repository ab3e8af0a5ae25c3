//! How long the atlas takes: `cargo bench -p atlas`. Each line is the best of five, as it is disturbed least.
//!
//! With `ANQUD_PYTHON`, a Python that has `ecomplexity`, the same tables go to that too (`beside.py`), once each: the
//! line then says how long it took and by how much the two differ at most.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    fs,
    hint::black_box,
    process::Command,
    time::Instant,
};

use atlas::{
    Matrix, Presence, Table,
    complexity::{Complexity, Groups, Outlook, complexity, outlook},
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
        time(&what, || tables.iter().for_each(|table| _ = black_box(everything(table))));
        if let Ok(python) = std::env::var("ANQUD_PYTHON") {
            beside(&python, &what, &tables);
        }
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
fn everything(table: &Table) -> (Matrix, Complexity, Outlook) {
    let quotients = specialisation::location_quotients(table);
    let presence = Presence::of(table, 1.0).unwrap_or_else(|error| panic!("{error}"));
    let pairs = CoOccurrence::of(&presence).unwrap_or_else(|error| panic!("{error}"));
    let found = complexity(&presence, Groups::Refuse).unwrap_or_else(|error| panic!("{error}"));
    let outlook = outlook(&presence, &pairs, Measure::Minimum, &found);
    (quotients, found, outlook)
}

/// Asks the published tool for the same, and says how long it took and how far apart the answers are.
fn beside(python: &str, what: &str, tables: &[Table]) {
    let folder = std::env::temp_dir().join(format!("anqud-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{error}"));
    let (input, output) = (folder.join("input.csv"), folder.join("output.csv"));
    let mut text = "year,place,activity,value\n".to_owned();
    for (year, table) in tables.iter().enumerate() {
        for (p, place) in table.places().iter().enumerate() {
            for (activity, value) in table.activities().iter().zip(table.values().row(p)).filter(|cell| *cell.1 > 0.0) {
                _ = writeln!(text, "{year},{place},{activity},{value}");
            }
        }
    }
    fs::write(&input, text).unwrap_or_else(|error| panic!("{error}"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/beside.py");
    let ran = Command::new(python).arg(script).arg(&input).arg(&output).output();
    let ran = ran.unwrap_or_else(|error| panic!("{python}: {error}"));
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let seconds: f64 = String::from_utf8_lossy(&ran.stdout).trim().parse().unwrap_or(f64::NAN);
    let theirs = fs::read_to_string(&output).unwrap_or_else(|error| panic!("{error}"));
    println!(
        "{what}, ecomplexity: {:.1} ms; the largest difference is {:.1e}",
        seconds * 1000.0,
        apart(tables, &theirs)
    );
    _ = fs::remove_dir_all(&folder);
}

/// The largest difference between any two values, in the order of the columns that the script writes.
fn apart(tables: &[Table], theirs: &str) -> f64 {
    let ours: Vec<_> = tables.iter().map(everything).collect();
    let number = |names: &[String]| -> HashMap<String, usize> {
        names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect()
    };
    let names: Vec<_> = tables.iter().map(|table| (number(table.places()), number(table.activities()))).collect();
    theirs
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let year: usize = cells[0].parse().unwrap_or_else(|_| panic!("{line}"));
            let (p, a) = (names[year].0[cells[1]], names[year].1[cells[2]]);
            let (quotients, found, outlook) = &ours[year];
            let own = [
                quotients.at(p, a),
                found.eci[p].unwrap_or(f64::NAN),
                found.pci[a].unwrap_or(f64::NAN),
                outlook.density.at(p, a),
                outlook.index[p],
                outlook.gain.at(p, a),
            ];
            let each =
                own.iter().zip(&cells[3..]).map(|(own, cell)| (own - cell.parse::<f64>().unwrap_or(f64::NAN)).abs());
            // What is no number on one side only must not go unseen.
            each.fold(0.0, |most: f64, next| if next.is_nan() { f64::INFINITY } else { most.max(next) })
        })
        .fold(0.0, f64::max)
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
