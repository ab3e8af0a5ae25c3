use proptest::prelude::*;

use super::*;
use crate::Table;

/// Values that everyone can compute again: ((17 p + 31 a + 7 p a + p² a + 5 a²) mod 101)².
fn table(places: usize, activities: usize) -> Table {
    let names = |letter: char, count: usize| -> Vec<String> { (0..count).map(|i| format!("{letter}{i:03}")).collect() };
    let (p, a) = (names('p', places), names('a', activities));
    let value = |p: usize, a: usize| ((17 * p + 31 * a + 7 * p * a + p * p * a + 5 * a * a) % 101).pow(2) as f64;
    let rows: Vec<Vec<f64>> = (0..places).map(|p| (0..activities).map(|a| value(p, a)).collect()).collect();
    let p: Vec<&str> = p.iter().map(String::as_str).collect();
    let a: Vec<&str> = a.iter().map(String::as_str).collect();
    Table::new(&p, &a, &rows).unwrap()
}

/// What the Python package `ecomplexity` 0.5.3 says of these values; density and gain are those of the first place.
struct Fixture {
    places: usize,
    activities: usize,
    eci: &'static [f64],
    pci: &'static [f64],
    index: &'static [f64],
    density: &'static [f64],
    gain: &'static [f64],
}

fn all_near(what: &str, found: impl IntoIterator<Item = f64>, expected: &[f64]) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-9, "{what} {at}: {found} is not {expected}");
    }
}

#[test]
fn it_agrees_with_the_published_tool() {
    let fixtures = [
        Fixture {
            places: 8,
            activities: 14,
            eci: &[
                1.0850283698683232,
                -0.9034073826597213,
                -1.4026995011797188,
                -0.03466859487761393,
                0.06795718789050605,
                -1.1105224354476,
                0.8673737864234767,
                1.430938569982348,
            ],
            pci: &[
                -2.096487283367249,
                -2.9254772466554355,
                -0.025975970707494196,
                -0.7656971211351907,
                -0.7522132276850629,
                1.739879509950541,
                1.6220757379191364,
                2.8778092734998215,
                2.199447074513899,
                -0.9459651921620194,
                0.17239579471818364,
                -1.0195918130063952,
                0.12792815606437763,
                -1.2773806512652,
            ],
            index: &[
                -1.311052231790563,
                0.6218716927708465,
                0.82112472114876,
                0.08586102913594405,
                -0.1297160982560195,
                1.8149900789116915,
                -0.7383152291702472,
                -1.1647639627504123,
            ],
            density: &[
                0.3303571428571429,
                0.2233009708737864,
                0.6176470588235293,
                0.37500000000000006,
                0.40751445086705207,
                0.6857142857142857,
                0.7101449275362319,
                0.7894736842105261,
                0.6899224806201552,
                0.5522388059701493,
                0.40476190476190477,
                0.3893129770992367,
                0.5714285714285714,
                0.3835616438356165,
            ],
            gain: &[
                -1.0259631627342944,
                -1.0731856782788598,
                0.0,
                -0.7481465028565619,
                -0.6676026943785963,
                0.0,
                0.0,
                0.0,
                0.0,
                0.0,
                -0.6363375628983855,
                -0.8871923780090296,
                0.0,
                -0.8970690932644136,
            ],
        },
        Fixture {
            places: 13,
            activities: 6,
            eci: &[
                0.7493708321714802,
                -0.2231101370305631,
                -1.7587919973767976,
                0.6470508126570171,
                0.6914219636556216,
                0.584993373783205,
                0.634844590257399,
                0.7493708321714802,
                -1.7587919973767976,
                0.6914219636556216,
                0.10624480168318898,
                0.6447669591259421,
                -1.7587919973767976,
            ],
            pci: &[
                0.685029539766593,
                -1.7587919973767976,
                0.7140096916279798,
                0.4849572077998171,
                0.6045043784852913,
                0.7847319727149807,
            ],
            index: &[
                -0.3589983942430269,
                1.8828344514279105,
                0.7026923979654296,
                -1.9984963720301319,
                -1.0353357355114243,
                -0.17091332886439262,
                0.13880837683327496,
                -0.3589983942430269,
                0.7026923979654296,
                -1.0353357355114243,
                1.184389793521432,
                -0.3560318552754796,
                0.7026923979654296,
            ],
            density: &[
                0.23913043478260876,
                0.17647058823529416,
                0.6489675516224189,
                0.22935779816513763,
                0.22222222222222224,
                0.55,
            ],
            gain: &[0.04250270131921248, -0.9666774842789934, 0.0, -0.034008629528773114, 0.045448354321690476, 0.0],
        },
    ];
    for fixture in fixtures {
        let presence = Presence::of(&table(fixture.places, fixture.activities), 1.0).unwrap();
        let pairs = CoOccurrence::of(&presence).unwrap();
        let found = complexity(&presence, Groups::Refuse).unwrap();
        all_near("ECI", found.eci.iter().flatten().copied(), fixture.eci);
        all_near("PCI", found.pci.iter().flatten().copied(), fixture.pci);
        let outlook = outlook(&presence, &pairs, Measure::Minimum, &found);
        all_near("outlook", outlook.index.iter().copied(), fixture.index);
        all_near("density", outlook.density.row(0).iter().copied(), fixture.density);
        all_near("gain", outlook.gain.row(0).iter().copied(), fixture.gain);
    }
}

#[test]
fn both_sides_give_the_same() {
    let long = Presence::of(&table(9, 23), 1.0).unwrap();
    let turned = Presence::new(long.places(), long.columns()).unwrap();
    let (a, b) = (complexity(&long, Groups::Refuse).unwrap(), complexity(&turned, Groups::Refuse).unwrap());
    assert!((a.eigenvalue - b.eigenvalue).abs() < 1e-12);
    // The places of one are the activities of the other; only the scale and the sign differ.
    let (eci, pci): (Vec<f64>, Vec<f64>) =
        (a.eci.into_iter().flatten().collect(), b.pci.into_iter().flatten().collect());
    assert!((correlation(&eci, &pci).abs() - 1.0).abs() < 1e-12);
}

#[test]
fn a_place_without_activities_has_no_index_and_the_others_keep_theirs() {
    let presence = Presence::of(&table(8, 14), 1.0).unwrap();
    let whole = complexity(&presence, Groups::Refuse).unwrap();
    let mut rows: Vec<Vec<u32>> = (0..8).map(|place| presence.row(place).to_vec()).collect();
    rows.insert(3, Vec::new());
    let more = Presence::new(15, rows).unwrap();
    let found = complexity(&more, Groups::Refuse).unwrap();
    assert_eq!(found.eci[3], None);
    assert_eq!(found.pci[14], None);
    all_near("ECI", found.eci.iter().flatten().copied(), &whole.eci.iter().flatten().copied().collect::<Vec<_>>());
    let outlook = outlook(&more, &CoOccurrence::of(&more).unwrap(), Measure::Minimum, &found);
    assert!(outlook.index.iter().chain(outlook.gain.values()).all(|value| value.is_finite()));
}

#[test]
fn groups_without_a_common_activity_are_refused_or_the_largest_is_taken() {
    let rows = vec![vec![0, 1], vec![1, 2], vec![0, 1, 2], vec![0], vec![3], vec![3, 4]];
    let presence = Presence::new(5, rows).unwrap();
    let refused = complexity(&presence, Groups::Refuse);
    assert!(
        matches!(refused, Err(AtlasError::Disconnected { groups: 2, places: 4, activities: 3, .. })),
        "{refused:?}"
    );
    let found = complexity(&presence, Groups::Largest).unwrap();
    assert_eq!(found.eci.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, true, false, false]);
    assert_eq!(found.pci[3], None);
}

#[test]
fn what_has_no_single_answer_is_an_error() {
    #[track_caller]
    fn check(activities: usize, rows: &[&[u32]], expected: fn(&AtlasError) -> bool) {
        let presence = Presence::new(activities, rows.iter().map(|row| row.to_vec()).collect()).unwrap();
        let found = complexity(&presence, Groups::Refuse);
        assert!(found.as_ref().is_err_and(expected), "{found:?}");
    }
    let few = |error: &AtlasError| matches!(error, AtlasError::TooFew { .. });
    check(3, &[], few);
    check(3, &[&[], &[]], few);
    check(3, &[&[0, 1, 2]], few);
    check(1, &[&[0], &[0], &[0]], few);
    check(3, &[&[0, 1, 2], &[0, 1, 2]], |error| *error == AtlasError::NoStructure);
    // A ring looks the same from each of its places.
    check(4, &[&[0, 1], &[1, 2], &[2, 3], &[3, 0]], |error| matches!(error, AtlasError::Tied(_)));
}

#[test]
fn without_a_correlation_with_diversity_rarity_decides_the_sign() {
    // All places have two activities; the first two share rare ones, the last three a common one.
    let presence = Presence::new(5, vec![vec![0, 1], vec![0, 2], vec![2, 3], vec![2, 4], vec![2, 3]]).unwrap();
    let found = complexity(&presence, Groups::Refuse).unwrap();
    assert!(found.eci[0] > found.eci[4], "{found:?}");
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    let presence = Presence::of(&table(40, 61), 1.0).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let pairs = CoOccurrence::of(&presence).unwrap();
            let found = complexity(&presence, Groups::Refuse).unwrap();
            let outlook = outlook(&presence, &pairs, Measure::Cosine, &found);
            (found, outlook)
        })
    };
    assert_eq!(run(1), run(2));
}

proptest! {
    #[test]
    fn there_is_an_answer_or_an_error_but_never_nan(
        rows in prop::collection::vec(prop::collection::vec(0_u32..9, 0..7), 0..10)
    ) {
        let presence = Presence::new(9, rows).unwrap();
        let Ok(found) = complexity(&presence, Groups::Largest) else { return Ok(()) };
        for value in found.eci.iter().chain(&found.pci).flatten() {
            prop_assert!(value.is_finite());
        }
        let known: Vec<f64> = found.eci.iter().flatten().copied().collect();
        let (mean, deviation) = mean_and_deviation(&known);
        prop_assert!(mean.abs() < 1e-9 && (deviation - 1.0).abs() < 1e-9);
        let diversity: Vec<f64> = found
            .diversity
            .iter()
            .zip(&found.eci)
            .filter(|(_, eci)| eci.is_some())
            .map(|(diversity, _)| f64::from(*diversity))
            .collect();
        prop_assert!(correlation(&diversity, &known) > -1e-6);
        for place in 0..presence.places() {
            if let Some(eci) = found.eci[place] {
                let row = presence.row(place);
                let mean: f64 = row.iter().filter_map(|a| found.pci[*a as usize]).sum::<f64>() / row.len() as f64;
                prop_assert!((mean - eci).abs() < 1e-8);
            }
        }
        let pairs = CoOccurrence::of(&presence).unwrap();
        let outlook = outlook(&presence, &pairs, Measure::Minimum, &found);
        for value in outlook.index.iter().chain(outlook.gain.values()).chain(outlook.density.values()) {
            prop_assert!(value.is_finite());
        }
    }
}
