//! Rate limits.

#[derive(Clone, Debug)]
pub struct LimitsConfig {
    pub enabled: bool,
    pub per_address_per_s: u32,
    pub per_address_burst: u32,
    pub login_per_minute: u32,
    pub login_burst: u32,
}
