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

/// What is looked for of a folded word: without the article, and without an ending that one form has and another has
/// not. A word that would be too short for that is left whole.
pub fn stem(word: &str) -> &str {
    const LETTERS_MIN: usize = 3;
    let long = |rest: &&str| rest.chars().count() >= LETTERS_MIN;
    let word =
        ["وال", "بال", "ال", "لل"].iter().find_map(|begin| word.strip_prefix(begin).filter(long)).unwrap_or(word);
    let endings = ["ات", "ين", "ون", "ه", "ies", "es", "s", "y"];
    endings.iter().find_map(|end| word.strip_suffix(end).filter(long)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    #[test]
    fn forms_of_a_word_are_looked_for_alike() {
        for (word, stem) in [
            ("الشركات", "شرك"),
            ("شركه", "شرك"),
            ("رخصه", "رخص"),
            ("companies", "compan"),
            ("company", "compan"),
            ("licence", "licence"),
            ("ال", "ال"),
            ("bus", "bus"),
        ] {
            assert_eq!(super::stem(&super::fold(word)), stem, "{word}");
        }
    }

    #[test]
    fn vowel_signs_and_forms_of_letters_do_not_matter() {
        assert_eq!(super::fold("شَرِكَةُ  الأُفُقِ"), super::fold("شركه الافق"));
        assert_eq!(super::fold("Noor ٢٠٢١"), "noor 2021");
    }
}
