//! Telephone numbers, kept in the international form (ITU-T E.164).

/// `059…`, `02…`, `00970…` or `+…` as `+970…`; `None` where it is no number.
pub fn normalise(text: &str) -> Option<String> {
    let text = crate::digits::western(text);
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let international = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    if let Some(number) = international {
        return ((8..=15).contains(&number.len()) && digits(number)).then(|| format!("+{number}"));
    }
    let local = plain.strip_prefix('0')?;
    let mobile = local.len() == 9 && (local.starts_with("59") || local.starts_with("56"));
    let fixed = local.len() == 8 && local.starts_with(['2', '4', '8', '9']);
    (digits(local) && (mobile || fixed)).then(|| format!("+970{local}"))
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn each_way_to_write_a_number_is_the_same_number() {
        for typed in ["0599123456", "٠٥٩٩١٢٣٤٥٦", "+970 599 123 456", "00970-599-123456"] {
            assert_eq!(normalise(typed).as_deref(), Some("+970599123456"), "{typed}");
        }
        for typed in ["", "12", "059912345", "phone", "+12ab5678"] {
            assert_eq!(normalise(typed), None, "{typed}");
        }
    }
}
