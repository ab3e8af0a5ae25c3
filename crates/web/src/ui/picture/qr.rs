//! A QR code (ISO/IEC 18004) as a picture: dark on light in either scheme, because cameras want it so.

use qrcodegen::{QrCode, QrCodeEcc};

/// The picture of a text, with its quiet zone; empty where the text is too long for one.
pub fn qr(text: &str, title: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
        }
    }
    let edge = size + 8;
    format!(
        "<svg class=\"qr\" viewBox=\"0 0 {edge} {edge}\" role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
         <rect class=\"qr-light\" width=\"{edge}\" height=\"{edge}\"/><path class=\"qr-dark\" d=\"{path}\"/></svg>",
        super::escape(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_picture_and_a_novel_has_none() {
        assert!(qr("PY-7K3M-9QX4", "a code").contains("aria-label=\"a code\""));
        assert_eq!(qr(&"x".repeat(5_000), ""), "");
    }
}
