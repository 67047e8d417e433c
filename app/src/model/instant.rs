//! Instants and dates as the wire carries them.
//!
//! The browser never does calendar arithmetic: the server formats with `jiff`, and these newtypes
//! only carry the text and cut it for display. That keeps a date library out of the WASM.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An instant in Asia/Seoul, RFC 3339 with seconds: `2026-11-21T09:30:00+09:00`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, example = "2026-11-21T09:30:00+09:00")]
pub struct KstInstant(pub String);

impl KstInstant {
    /// The calendar day it falls on in Seoul.
    pub fn date(&self) -> KstDate {
        KstDate(self.0.get(..10).unwrap_or_default().to_owned())
    }

    /// The wall clock in Seoul: `09:30`.
    pub fn clock(&self) -> &str {
        self.0.get(11..16).unwrap_or_default()
    }
}

/// A calendar day: `2026-11-21`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = Date, example = "2026-11-21")]
pub struct KstDate(pub String);

impl KstDate {
    /// Year, month and day without leading zeros, ready for `text::date`; `None` if malformed.
    pub fn parts(&self) -> Option<(u16, u8, u8)> {
        let mut parts = self.0.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        Some((year, month, day))
    }
}
