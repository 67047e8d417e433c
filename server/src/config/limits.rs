//! Rate limits.

use super::reader::Reader;

/// Requests allowed; a burst is what may come at once.
#[derive(Clone, Debug)]
pub struct LimitsConfig {
    pub enabled: bool,
    pub per_address_per_s: u32,
    pub per_address_burst: u32,
    pub per_session_per_s: u32,
    pub per_session_burst: u32,
    pub everybody_per_s: u32,
    pub everybody_burst: u32,
    /// Logins from one address.
    pub login_per_minute: u32,
    pub login_burst: u32,
    /// Logins with one id, from any address.
    pub id_login_per_minute: u32,
    pub id_login_burst: u32,
    /// Wrong passwords from one address, beyond which it must wait.
    pub login_failures_per_10_min: u32,
    /// Wrong passwords from everywhere, beyond which a warning is logged.
    pub all_login_failures_per_minute: u32,
}

impl LimitsConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let text = reader.text("limits.rate_limits");
        let enabled = reader.on_off("limits.rate_limits", &text);
        let mut limit = |key: &str| reader.number(&format!("limits.{key}"), 1, 1_000_000);
        LimitsConfig {
            enabled,
            per_address_per_s: limit("per_address_per_s"),
            per_address_burst: limit("per_address_burst"),
            per_session_per_s: limit("per_session_per_s"),
            per_session_burst: limit("per_session_burst"),
            everybody_per_s: limit("everybody_per_s"),
            everybody_burst: limit("everybody_burst"),
            login_per_minute: limit("login_per_minute"),
            login_burst: limit("login_burst"),
            id_login_per_minute: limit("id_login_per_minute"),
            id_login_burst: limit("id_login_burst"),
            login_failures_per_10_min: limit("login_failures_per_10_min"),
            all_login_failures_per_minute: limit("all_login_failures_per_minute"),
        }
    }
}
