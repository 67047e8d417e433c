//! The baseline of a login: argon2id at the product's parameters, nothing else.

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, Version};
use std::time::Instant;

/// Prints the hashes per second of one thread.
///
/// # Errors
/// argon2 refuses its parameters.
pub fn count(seconds: f64) -> Result<()> {
    let refused = |error| anyhow!("argon2: {error}");
    let parameters = Params::new(19_456, 2, 1, None).map_err(refused)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let (started, mut hashes, mut out) = (Instant::now(), 0_u32, [0; 32]);
    while started.elapsed().as_secs_f64() < seconds {
        argon2
            .hash_password_into(b"Demo-pass-2026", b"a salt of sixteen", &mut out)
            .map_err(refused)?;
        hashes += 1;
    }
    println!("{}", f64::from(hashes) / started.elapsed().as_secs_f64());
    Ok(())
}
