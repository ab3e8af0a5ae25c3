use proptest::prelude::*;

use super::*;

fn scenario(parameters: &[(Parameter, Distribution)]) -> Scenario {
    Scenario {
        start: Month::parse("2021-01").unwrap(),
        until: Month::parse("2023-12").unwrap(),
        runs: 200,
        seed: 1,
        stocks: Stocks::default(),
        parameters: parameters.iter().copied().collect(),
        applicants_noise: 0.0,
        target: None,
        alternatives: BTreeMap::new(),
    }
}

fn target(of: Series, at_least: f64, within: [f64; 2]) -> Target {
    let by = Month::parse("2023-12").unwrap();
    Target { of, at_least, by, probability: 0.5, intake_within: Some(within) }
}

fn last(simulation: &Simulation, series: Series) -> f64 {
    simulation.fans[series as usize].months.last().unwrap().p50
}

use Distribution::{Fixed, Triangular, Uniform};
use Parameter::{
    Applicants, DropOut, EmigrationOfGraduates, EmigrationOfHired, Intake, Jobs, Leaving, Qualified, SearchMonths,
    Seats, StudyMonths,
};

#[test]
fn a_course_of_twelve_months_by_hand() {
    let parameters =
        [(Applicants, Fixed(2400.0)), (Intake, Fixed(1200.0)), (StudyMonths, Fixed(12.0)), (DropOut, Fixed(0.25))];
    let found = answer(&scenario(&parameters)).unwrap();
    // A hundred a month for 36 months; those of the first 24 have graduated, a quarter of them has not.
    let near = |series, expected: f64| {
        let value = last(&found, series);
        assert!((value - expected).abs() < 1e-6, "{series:?}: {value} is not {expected}");
    };
    near(Series::Applied, 7200.0);
    near(Series::Admitted, 3600.0);
    near(Series::Graduated, 1800.0);
    near(Series::Hired, 1800.0);
    near(Series::Retained, 1800.0);
    near(Series::Seeking, 0.0);
}

#[test]
fn who_is_enrolled_at_the_start_graduates_in_time() {
    let mut asked = scenario(&[(StudyMonths, Fixed(10.5)), (DropOut, Fixed(0.2))]);
    asked.stocks.enrolled = 1000.0;
    let found = answer(&asked).unwrap();
    assert!(last(&found, Series::Enrolled).abs() < 1e-6);
    let (graduated, dropped) = (last(&found, Series::Graduated), last(&found, Series::DroppedOut));
    assert!((graduated + dropped - 1000.0).abs() < 1e-6 && graduated > 850.0, "{graduated} {dropped}");
}

#[test]
fn limits_bind() {
    let parameters = [
        (Applicants, Fixed(12_000.0)),
        (Qualified, Fixed(0.5)),
        (Seats, Fixed(900.0)),
        (StudyMonths, Fixed(3.0)),
        (SearchMonths, Fixed(1.0)),
        (Jobs, Fixed(600.0)),
    ];
    let found = answer(&scenario(&parameters)).unwrap();
    assert!((last(&found, Series::Enrolled) - 900.0).abs() < 1e-6);
    // Fifty a month, in each but the first three months.
    assert!((last(&found, Series::Hired) - 1650.0).abs() < 1e-6);
}

#[test]
fn the_smallest_intake_is_found() {
    let mut asked = scenario(&[(Applicants, Fixed(1e6)), (StudyMonths, Fixed(12.0))]);
    asked.target = Some(target(Series::Graduated, 20_000.0, [0.0, 50_000.0]));
    let Some(Reach::Reached { intake_a_year, reached_in }) = answer(&asked).unwrap().target.unwrap().intake else {
        panic!("it is reached")
    };
    // Two years of intake graduate in time.
    assert_eq!((intake_a_year, reached_in), (10_000.0, 1.0));
}

#[test]
fn what_cannot_be_reached_is_said_with_what_stands_in_the_way() {
    let mut asked = scenario(&[(Applicants, Fixed(1e6)), (StudyMonths, Fixed(12.0)), (Seats, Fixed(6000.0))]);
    asked.target = Some(target(Series::Graduated, 20_000.0, [0.0, 12_000.0]));
    let found = answer(&asked).unwrap().target.unwrap();
    assert_eq!(found.reached_in, 0.0);
    let Some(Reach::NotWithinTheseLimits { value, without, .. }) = found.intake else { panic!("it is not") };
    assert!((value - 12_000.0).abs() < 1e-6, "{value}");
    let told: Vec<(&str, bool)> = without.iter().map(|lifted| (lifted.limit, lifted.reached_in >= 0.5)).collect();
    assert_eq!(told, [("applicants", false), ("seats", true), ("jobs", false), ("all three", true)]);
}

#[test]
fn what_matters_most_comes_first() {
    let parameters = [
        (Applicants, Uniform([1000.0, 1010.0])),
        (StudyMonths, Fixed(6.0)),
        (EmigrationOfHired, Triangular([0.0, 0.2, 0.6])),
    ];
    let found = answer(&scenario(&parameters)).unwrap();
    let order: Vec<Parameter> = found.tornado.iter().map(|swing| swing.parameter).collect();
    assert_eq!(order, [EmigrationOfHired, Applicants]);
    assert!(found.tornado[0].at_p10 > found.tornado[0].at_p90);
}

#[test]
fn alternatives_meet_the_same_luck() {
    let mut asked = scenario(&[(Applicants, Uniform([1000.0, 3000.0])), (EmigrationOfHired, Uniform([0.0, 0.3]))]);
    asked.applicants_noise = 0.3;
    asked.alternatives.insert("the same".to_owned(), BTreeMap::new());
    asked.alternatives.insert("more".to_owned(), [(Qualified, Fixed(1.0)), (EmigrationOfHired, Fixed(0.0))].into());
    let found = answer(&asked).unwrap();
    let more = &found.alternatives[0];
    assert!(more.difference.p10 > 0.0, "{more:?}");
    let same = found.alternatives[1].difference;
    assert_eq!((same.p10, same.p50, same.p90), (0.0, 0.0, 0.0));
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let mut asked = scenario(&[(Applicants, Uniform([1000.0, 3000.0])), (StudyMonths, Triangular([6.0, 9.0, 18.0]))]);
    asked.target = Some(target(Series::Retained, 2000.0, [0.0, 5000.0]));
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| answer(&asked).unwrap())
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn what_is_wrong_is_said() {
    #[track_caller]
    fn check(change: impl Fn(&mut Scenario), expected: &str) {
        let mut asked = scenario(&[(Applicants, Fixed(100.0))]);
        change(&mut asked);
        let told = answer(&asked).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }
    check(|s| s.until = Month::parse("2020-01").unwrap(), "before the start");
    check(|s| s.runs = 0, "runs: expected from 1");
    check(
        |s| _ = s.parameters.insert(DropOut, Fixed(1.5)),
        "parameters: drop-out: expected from 0 to 0.999, found 1.5",
    );
    check(|s| s.stocks.seeking = -1.0, "stocks");
    check(|s| s.target = Some(Target { probability: 1.0, ..target(Series::Hired, 1.0, [0.0, 1.0]) }), "probability");
    check(|s| s.target = Some(target(Series::Hired, 1.0, [2.0, 1.0])), "intake-within");
    assert!(Month::parse("2020-13").is_err() && Month::parse("soon").is_err());
}

proptest! {
    #[test]
    fn nobody_is_lost_or_made(
        shares in prop::array::uniform5(0.0_f64..0.99),
        sizes in prop::array::uniform5(0.0_f64..5000.0),
        study in 1.0_f64..40.0,
    ) {
        let mut asked = scenario(&[
            (Applicants, Fixed(sizes[0])),
            (Seats, Fixed(sizes[1])),
            (Jobs, Fixed(sizes[2])),
            (StudyMonths, Fixed(study)),
            (SearchMonths, Fixed(shares[4] * 10.0)),
            (Qualified, Fixed(shares[0])),
            (DropOut, Fixed(shares[1])),
            (EmigrationOfGraduates, Fixed(shares[2])),
            (EmigrationOfHired, Fixed(shares[3])),
            (Leaving, Fixed(shares[4])),
        ]);
        asked.runs = 1;
        asked.stocks = Stocks { enrolled: sizes[3], seeking: sizes[4], retained: sizes[0] };
        let found = answer(&asked).unwrap();
        let at = |series| last(&found, series);
        let before = sizes[3] + sizes[4] + sizes[0] + at(Series::Admitted);
        let after = at(Series::Enrolled) + at(Series::DroppedOut) + at(Series::Seeking) + at(Series::Retained)
            + at(Series::Emigrated) + at(Series::Left);
        prop_assert!((before - after).abs() < 1e-6 * before.max(1.0), "{} {}", before, after);
        prop_assert!(Series::ALL.iter().all(|series| at(*series) >= -1e-9));
    }
}
