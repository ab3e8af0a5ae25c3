//! Instants as texts that sort as the instants do.

use jiff::Timestamp;

/// RFC 3339 in UTC with nine digits after the second: texts of one length, so that they compare as times do in both
/// databases.
pub fn stamp(at: Timestamp) -> String {
    format!("{at:.9}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_sort_as_instants() {
        let texts = ["2021-01-01T00:00:00Z", "2021-01-01T00:00:00.5Z", "2021-01-01T00:00:01Z"];
        let stamps: Vec<String> = texts.iter().map(|t| stamp(t.parse().unwrap())).collect();
        assert!(stamps.is_sorted(), "{stamps:?}");
        assert_eq!(stamps[1], "2021-01-01T00:00:00.500000000Z");
    }
}
