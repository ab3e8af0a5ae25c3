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
    pub progress: Option<f64>,
    pub status: Status,
}

impl ObjectiveProgress {
    pub fn of<'a>(indicators: impl IntoIterator<Item = &'a Standing>) -> ObjectiveProgress {
        let known: Vec<f64> = indicators.into_iter().filter_map(|s| s.progress).map(|p| p.clamp(0.0, 1.2)).collect();
        if known.is_empty() {
            return ObjectiveProgress { progress: None, status: Status::NoData };
        }
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let status = match mean {
            m if m >= 1.05 => Status::Ahead,
            m if m >= 0.95 => Status::OnTrack,
            m if m >= 0.80 => Status::AtRisk,
            _ => Status::OffTrack,
        };
        ObjectiveProgress { progress: Some(mean), status }
    }
}

/// How many of the six grapes are ripe.
pub fn grapes(progress: Option<f64>) -> u8 {
    (progress.unwrap_or(0.0).clamp(0.0, 1.0) * 6.0).round() as u8
}
