//! Folding: what people type and what is written differ in vowel signs, hamzas and capitals; a search looks past them.

/// A text as a search sees it.
pub fn fold(text: &str) -> String {
    let folded: String = crate::digits::western(text)
        .chars()
        .filter(|c| !matches!(c, '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0640}'))
        .flat_map(|c| {
            match c {
                'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
                'ى' | 'ئ' => 'ي',
                'ؤ' => 'و',
                'ة' => 'ه',
                other => other,
            }
            .to_lowercase()
        })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn vowel_signs_and_forms_of_letters_do_not_matter() {
        assert_eq!(super::fold("شَرِكَةُ  الأُفُقِ"), super::fold("شركه الافق"));
        assert_eq!(super::fold("Noor ٢٠٢١"), "noor 2021");
    }
}
