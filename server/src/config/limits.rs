//! Rate limits.

use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct LimitsConfig {
    pub enabled: bool,
    pub per_address_per_s: u32,
    pub per_address_burst: u32,
    pub login_per_minute: u32,
    pub login_burst: u32,
}

impl LimitsConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let text = reader.text("limits.rate_limits");
        LimitsConfig {
            enabled: reader.on_off("limits.rate_limits", &text),
            per_address_per_s: reader.number("limits.per_address_per_s", 1, 1_000_000),
            per_address_burst: reader.number("limits.per_address_burst", 1, 1_000_000),
            login_per_minute: reader.number("limits.login_per_minute", 1, 1_000_000),
            login_burst: reader.number("limits.login_burst", 1, 1_000_000),
        }
    }
}
