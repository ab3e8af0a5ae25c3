//! E-mail addresses. Two that a person takes for the same are the same: capitals, spaces around, full-width letters and
//! what cannot be seen make no difference, and a domain is kept as it is looked up (IDNA 2008, UTS 46).

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no e-mail address")]
pub struct EmailError;

/// RFC 5321, 4.5.3.1.
const LENGTH_MAX: usize = 254;
const LOCAL_MAX: usize = 64;

/// The address as it is kept and compared: one `@`, something before it, a domain with a point in it, all in small
/// letters. A name beside the address is refused, since nobody could tell which of both was meant.
///
/// # Errors
/// Where it is no such address.
pub fn parse(text: &str) -> Result<String, EmailError> {
    if text.len() > 4 * LENGTH_MAX {
        return Err(EmailError);
    }
    let bare = crate::typed::bare(text);
    let bare = bare.trim();
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    let (local, domain) = bare.split_once('@').ok_or(EmailError)?;
    let local = local.to_lowercase();
    let apart = |c: char| c.is_whitespace() || crate::typed::is_unfit(c) || "<>()[],;:\\\"@".contains(c);
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    if local.is_empty() || local.len() > LOCAL_MAX || dots || local.chars().any(apart) || domain.chars().any(apart) {
        return Err(EmailError);
    }
    let domain = idna::domain_to_ascii(domain.strip_suffix('.').unwrap_or(domain)).map_err(|_| EmailError)?;
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or("");
    let is_name = last.bytes().any(|byte| byte.is_ascii_alphabetic());
    let address = format!("{local}@{domain}");
    let good = domain.contains('.') && domain.split('.').all(label) && is_name && address.len() <= LENGTH_MAX;
    good.then_some(address).ok_or(EmailError)
}

/// What an account is looked for by: the address as it is kept, and of what is none the text without capitals and
/// without what cannot be seen.
pub fn key(text: &str) -> String {
    parse(text).unwrap_or_else(|_| crate::typed::bare(text).trim().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        for typed in [
            "amal@example.ps",
            " Amal@Example.PS ",
            "AMAL@EXAMPLE.PS",
            "\u{200F}amal@example.ps\u{200E}",
            "am\u{200B}al@exam\u{AD}ple.ps",
            "\u{FEFF}amal@example.ps\u{A0}",
            "ａｍａｌ@example.ps",
            "amal@example.ps.",
            "mailto:amal@example.ps",
        ] {
            assert_eq!(parse(typed).as_deref(), Ok("amal@example.ps"), "{typed:?}");
            assert_eq!(key(typed), "amal@example.ps", "{typed:?}");
        }
        for (typed, kept) in [
            ("amal@BÜCHER.example", "amal@xn--bcher-kva.example"),
            ("amal@bu\u{308}cher.example", "amal@xn--bcher-kva.example"),
            ("amal@xn--bcher-kva.example", "amal@xn--bcher-kva.example"),
            ("o'brien+tax@mail.example.ps", "o'brien+tax@mail.example.ps"),
            ("أمل@example.ps", "أمل@example.ps"),
            ("amal٢@example.ps", "amal2@example.ps"),
        ] {
            assert_eq!(parse(typed).as_deref(), Ok(kept), "{typed}");
        }
        assert_eq!(parse("amal@فلسطين.فلسطين").map(|kept| kept.is_ascii()), Ok(true));
        assert_eq!(key(" Admin\u{200B} "), "admin");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.ps", "a".repeat(65));
        for typed in [
            "",
            "amal",
            "amal@",
            "@example.ps",
            "amal@example",
            "amal@@example.ps",
            "a@b@c.ps",
            "amal@example..ps",
            "amal@.ps",
            "amal@-a.ps",
            "a mal@example.ps",
            "Amal <amal@example.ps>",
            "amal@example.ps, b@example.ps",
            "amal@example.ps;b@c.ps",
            ".amal@example.ps",
            "amal.@example.ps",
            "a..b@example.ps",
            "amal@1.2.3.4",
            "amal@[1.2.3.4]",
            "amal@exa_mple.ps",
            "a\u{202E}mal@",
            "amal\n@example.ps",
            "\"a b\"@example.ps",
            &long,
        ] {
            assert_eq!(parse(typed), Err(EmailError), "{typed:?}");
        }
    }
}
