//! One run of the model.

use super::{PARAMETERS, Parameter, SERIES, Scenario, Series, Stocks};
use crate::{
    distribution::Distribution,
    random::{Random, normal_quantile},
};

/// The parameters of one run, in the order of [`Parameter::ALL`].
pub(super) type Drawn = [f64; PARAMETERS];

/// What is counted at the end of a month, in the order of [`Series::ALL`].
pub(super) type Counts = [f64; SERIES];

/// The stream of chance of the first year's applicants; those of the parameters are their places.
const NOISE: u64 = 1000;

/// The parameters of a run: one uniform number for each, whatever its distribution, so that runs can be compared.
pub(super) fn draw(distributions: &[Distribution; PARAMETERS], random: Random, run: u64) -> Drawn {
    std::array::from_fn(|at| within(Parameter::ALL[at], distributions[at].quantile(random.uniform(at as u64, run))))
}

/// A drawn value within the bounds of its parameter: the tail of a normal distribution is cut off, not an error.
pub(super) fn within(parameter: Parameter, value: f64) -> f64 {
    let (low, high, _) = parameter.bounds();
    value.clamp(low, high)
}

/// How many applicants there are in each year against what was expected.
pub(super) fn luck(scenario: &Scenario, random: Random, run: u64, years: usize) -> Vec<f64> {
    let sd = scenario.applicants_noise;
    if sd == 0.0 {
        return vec![1.0; years];
    }
    // The mean stays what it is.
    let year = |year: u64| (sd * normal_quantile(random.uniform(NOISE + year, run)) - sd * sd / 2.0).exp();
    (0..years as u64).map(year).collect()
}

/// Runs the model for some months and shows the counts at the end of each.
pub(super) fn run(stocks: Stocks, drawn: &Drawn, luck: &[f64], months: usize, mut each: impl FnMut(usize, &Counts)) {
    let of = |parameter: Parameter| drawn[parameter as usize];
    let study = of(Parameter::StudyMonths);
    // A course of 18.4 months ends for 60 % after 18 months and for the others after 19.
    let (short, long) = (study.floor() as usize, study.floor() as usize + 1);
    let later = study - study.floor();
    let stays = (1.0 - of(Parameter::DropOut)).powf(1.0 / study);
    let (kept_short, kept_long) = (stays.powi(short as i32), stays.powi(long as i32));
    let a_month = |share: f64| 1.0 - (1.0 - share).powf(1.0 / 12.0);
    let search = of(Parameter::SearchMonths);
    let found = if search > 0.0 { 1.0 - (-1.0 / search).exp() } else { 1.0 };
    let emigrating = a_month(of(Parameter::EmigrationOfGraduates));
    let emigrating_hired = a_month(of(Parameter::EmigrationOfHired));
    let leaving = a_month(of(Parameter::Leaving));
    let growth = (1.0 + of(Parameter::ApplicantsGrowth)).powf(1.0 / 12.0);
    let mut applicants = of(Parameter::Applicants) / 12.0;
    let (intake, jobs) = (of(Parameter::Intake) / 12.0, of(Parameter::Jobs) / 12.0);

    // Those enrolled at the start were admitted in equal numbers in each of the months before.
    let mut admitted = vec![0.0; long + months];
    let weights: f64 = (1..=long).map(|age| share_left(age, short, later) * stays.powi(age as i32 - 1)).sum();
    for age in 1..=long {
        admitted[long - age] = stocks.enrolled / weights;
    }

    let mut counts: Counts = [0.0; SERIES];
    let at = |series: Series| series as usize;
    counts[at(Series::Enrolled)] = stocks.enrolled;
    counts[at(Series::Seeking)] = stocks.seeking;
    counts[at(Series::Retained)] = stocks.retained;
    for month in 0..months {
        let now = long + month;
        let enrolled = counts[at(Series::Enrolled)];
        let dropping = enrolled * (1.0 - stays);
        let graduating = (admitted[now - short] * (1.0 - later) * kept_short
            + admitted[now - long] * later * kept_long)
            .min(enrolled - dropping)
            .max(0.0);
        let enrolled = enrolled - dropping - graduating;

        let applying = applicants * luck[month / 12];
        applicants *= growth;
        let free = (of(Parameter::Seats) - enrolled).max(0.0);
        let entering = (applying * of(Parameter::Qualified)).min(intake).min(free);
        admitted[now] = entering;

        // Who graduates can be hired in the same month; who is hired cannot leave in it.
        let seeking = counts[at(Series::Seeking)] + graduating;
        let hired = (seeking * found).min(jobs);
        let abroad = (seeking - hired) * emigrating;
        let retained = counts[at(Series::Retained)];
        let hired_abroad = retained * emigrating_hired;
        let left = (retained - hired_abroad) * leaving;

        counts[at(Series::Applied)] += applying;
        counts[at(Series::Admitted)] += entering;
        counts[at(Series::Enrolled)] = enrolled + entering;
        counts[at(Series::DroppedOut)] += dropping;
        counts[at(Series::Graduated)] += graduating;
        counts[at(Series::Seeking)] = seeking - hired - abroad;
        counts[at(Series::Hired)] += hired;
        counts[at(Series::Retained)] = retained - hired_abroad - left + hired;
        counts[at(Series::Emigrated)] += abroad + hired_abroad;
        counts[at(Series::Left)] += left;
        each(month, &counts);
    }
}

/// The share of those admitted `age` months ago who are still enrolled at the start of this month, drop-out apart.
fn share_left(age: usize, short: usize, later: f64) -> f64 {
    if age <= short { 1.0 } else { later }
}
