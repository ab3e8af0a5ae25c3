//! Why a question has no answer, in words that say what to do.

/// Why something cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AtlasError {
    #[error("there are no values: every cell is empty or zero; check the column of values")]
    Empty,
    #[error("the value {value:e} of {place}, {activity} is no amount: expected 0, or a number from 1e-100 to 1e100")]
    BadValue { place: String, activity: String, value: f64 },
    #[error(
        "{places} places times {activities} activities are more than {most} cells; use coarser activities or fewer places"
    )]
    TooLarge { places: usize, activities: usize, most: usize },
    #[error("{what}: expected {expected} values, found {found}")]
    Length { what: &'static str, expected: usize, found: usize },
    #[error("{what} must be {expected}, but it is {found}")]
    OutOfRange { what: String, expected: &'static str, found: f64 },
    #[error("comparing {what} takes at least {least} in which a quotient reaches the threshold, and there is {found}")]
    TooFew { what: &'static str, found: usize, least: usize },
    #[error(
        "the places fall into {groups} groups that have no activity in common, so one scale does not fit them all; \
         compute each group alone, or ask for the largest (places: {places}, activities: {activities}; places outside: {outside})"
    )]
    Disconnected { groups: usize, places: usize, activities: usize, outside: usize },
    #[error(
        "the second and third eigenvalue are equal ({0:.12}), so no single order of complexity follows from these data; \
         use finer activities or more places"
    )]
    Tied(f64),
    #[error("all places have the same structure: nothing distinguishes their complexity")]
    NoStructure,
    #[error(
        "the eigenvalues of a {0} × {0} matrix did not converge; the values may differ by too many orders of magnitude"
    )]
    NotConverged(usize),
    #[error("{what} has no {name}; the two must name the same things")]
    Unknown { what: &'static str, name: String },
    #[error("{0}")]
    Invalid(String),
}

impl AtlasError {
    pub(crate) fn out_of_range(what: impl Into<String>, expected: &'static str, found: f64) -> AtlasError {
        AtlasError::OutOfRange { what: what.into(), expected, found }
    }

    /// Whether `values` has as many values as expected.
    pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), AtlasError> {
        if expected == found { Ok(()) } else { Err(AtlasError::Length { what, expected, found }) }
    }
}
