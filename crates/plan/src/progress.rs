//! How far a plan is, from the standing of its indicators.

use measure::{Figure, Standing, Status};

/// An indicator of the plan, its figure and its standing.
#[derive(Debug, Clone)]
pub struct IndicatorProgress {
    pub indicator: String,
    pub figure: Figure,
    pub standing: Standing,
    /// Values at the ends of the last months, for the line beside the number.
    pub recent: Vec<Option<f64>>,
}

/// An objective: the mean of how far its indicators are along their paths, each at most the whole way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObjectiveProgress {
    /// Of the figures that there are.
    pub progress: Option<f64>,
    /// Never on track or ahead while figures are missing: what is not known may be the worst.
    pub status: Status,
    /// How many of its figures there are not.
    pub missing: usize,
    /// How many figures it has.
    pub figures: usize,
}

impl ObjectiveProgress {
    pub fn of<'a>(indicators: impl IntoIterator<Item = &'a Standing>) -> ObjectiveProgress {
        let (mut known, mut missing) = (Vec::new(), 0);
        for standing in indicators {
            match (standing.status, standing.progress.filter(|progress| progress.is_finite())) {
                (Status::NoData, _) => missing += 1,
                (_, Some(progress)) => known.push(progress.clamp(0.0, 1.2)),
                // A target of nothing is kept or not: there is no part of a way to it.
                (Status::Ahead | Status::OnTrack, None) => known.push(1.0),
                (Status::AtRisk | Status::OffTrack, None) => known.push(0.0),
            }
        }
        let figures = known.len() + missing;
        if known.is_empty() {
            return ObjectiveProgress { progress: None, status: Status::NoData, missing, figures };
        }
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let status = match mean {
            m if m >= 0.95 && missing > 0 => Status::NoData,
            m if m >= 1.05 => Status::Ahead,
            m if m >= 0.95 => Status::OnTrack,
            m if m >= 0.80 => Status::AtRisk,
            _ => Status::OffTrack,
        };
        ObjectiveProgress { progress: Some(mean), status, missing, figures }
    }
}

/// How many of the six grapes are ripe.
pub fn grapes(progress: Option<f64>) -> u8 {
    (progress.unwrap_or(0.0).clamp(0.0, 1.0) * 6.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objective_is_never_on_track_by_silence() {
        use Status::{Ahead, AtRisk, NoData, OffTrack, OnTrack};
        let standing = |(status, progress): &(Status, Option<f64>)| Standing {
            status: *status,
            expected: None,
            progress: *progress,
            target: None,
        };
        let none = (NoData, None);
        for (figures, status, missing) in [
            (vec![(OnTrack, Some(1.0))], OnTrack, 0),
            (vec![(Ahead, Some(1.4))], Ahead, 0),
            (vec![(OnTrack, Some(1.0)), none], NoData, 1),
            (vec![(Ahead, Some(3.0)), none, none], NoData, 2),
            (vec![(AtRisk, Some(0.85)), none], AtRisk, 1),
            (vec![(OffTrack, Some(0.1)), none], OffTrack, 1),
            (vec![none, none], NoData, 2),
            (vec![], NoData, 0),
            // Targets of nothing have a word and no number.
            (vec![(OnTrack, None)], OnTrack, 0),
            (vec![(OffTrack, None)], OffTrack, 0),
            (vec![(OffTrack, None), (OnTrack, Some(1.0))], OffTrack, 0),
            (vec![(OnTrack, Some(f64::NAN))], OnTrack, 0),
        ] {
            let standings: Vec<Standing> = figures.iter().map(standing).collect();
            let found = ObjectiveProgress::of(&standings);
            assert_eq!((found.status, found.missing, found.figures), (status, missing, figures.len()), "{figures:?}");
            assert!(found.progress.is_none_or(f64::is_finite), "{figures:?}");
        }
    }
}
