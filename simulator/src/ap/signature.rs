//! `X-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Whether `header` signs `body` with `secret`, compared in constant time. The age of `t` does not matter:
/// an outbox may be hours behind.
pub(super) fn is_signed(secret: &str, header: &str, body: &[u8]) -> bool {
    let Some((time, signature)) = parse(header) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

fn parse(header: &str) -> Option<(&str, Vec<u8>)> {
    let (time, signature) = header.split_once(',')?;
    let time = time.trim().strip_prefix("t=")?;
    time.parse::<u64>().ok()?;
    Some((
        time,
        hex::decode(signature.trim().strip_prefix("v1=")?).ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::is_signed;

    /// Made with `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret`.
    const KNOWN: &str = "49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686";

    #[test]
    fn only_the_right_secret_time_and_body_pass() {
        let header = format!("t=1700000000,v1={KNOWN}");
        assert!(is_signed("secret", &header, br#"{"a":1}"#));
        assert!(!is_signed("other", &header, br#"{"a":1}"#));
        assert!(!is_signed("secret", &header, br#"{"a":2}"#));
        let later = format!("t=1700000001,v1={KNOWN}");
        assert!(!is_signed("secret", &later, br#"{"a":1}"#));
        for malformed in ["", "t=1", "v1=00", "t=x,v1=00", "t=1700000000,v1=zz"] {
            assert!(
                !is_signed("secret", malformed, br#"{"a":1}"#),
                "{malformed}"
            );
        }
    }
}
