//! The alphabet of ids, codes and keys.

use std::ops::RangeInclusive;

/// Whether the text is made of `[A-Za-z0-9_-]` only, with a length in `bytes`.
pub fn is_identifier(text: &str, bytes: RangeInclusive<usize>) -> bool {
    bytes.contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::is_identifier;

    #[test]
    fn letters_digits_underscore_and_hyphen_in_the_given_length() {
        for (text, expected) in [
            ("aZ09_-", true),
            ("abc", true),
            ("ab", false),
            ("abcdefg", false),
            ("a b", false),
            ("a.b", false),
            ("bür", false),
            ("", false),
        ] {
            assert_eq!(is_identifier(text, 3..=6), expected, "{text}");
        }
    }
}
