//! `X-Signature: t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`.

use hmac::{Hmac, KeyInit, Mac, digest::InvalidLength};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The header's value for a body sent at that second since 1970.
///
/// # Errors
/// [`InvalidLength`]: never, HMAC takes keys of any length.
pub(super) fn sign(
    secret: &SecretString,
    unix_seconds: i64,
    body: &str,
) -> Result<String, InvalidLength> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())?;
    mac.update(unix_seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    Ok(format!("t={unix_seconds},v1={signature}"))
}

#[cfg(test)]
mod tests {
    use super::sign;

    /// Known from `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn signs_as_openssl_does() {
        assert_eq!(
            sign(&"secret".into(), 1_700_000_000, r#"{"a":1}"#).unwrap(),
            "t=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686"
        );
    }
}
