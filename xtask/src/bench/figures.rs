//! The output of the load generator.

use anyhow::{Context, Result};
use serde_json::Value;

/// The figures of one mode.
pub struct Measured {
    pub rows: Vec<Row>,
    pub hashes_per_second: f64,
    pub quiet_p99_ms: f64,
    pub flooded_p99_ms: f64,
    pub flooded_failed: f64,
    pub memory_mib: f64,
    pub memory_peak_mib: f64,
    pub body_bytes: f64,
}

/// A row of the table.
pub struct Row {
    pub name: String,
    /// Arrivals per second; `None`: the next request follows each answer at once.
    pub rate: Option<f64>,
    pub answered: f64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub cpu_us: f64,
    pub failed: f64,
    pub hits: f64,
    pub inquiries: f64,
    /// Calls to KOS, and cache answers that saved one.
    pub asked: Option<(f64, f64)>,
}

impl Measured {
    /// # Errors
    /// If it is not the load generator's output.
    pub fn read(json: &str) -> Result<Self> {
        let json: Value = serde_json::from_str(json).context("the load's answer")?;
        let rows = json["rows"].as_array().context("no rows")?;
        let flood = &json["flood"];
        Ok(Self {
            rows: rows.iter().map(Row::read).collect::<Result<_>>()?,
            hashes_per_second: number(&json, "hashes_per_second")?,
            quiet_p99_ms: number(&flood["quiet"], "p99_ms")?,
            flooded_p99_ms: number(&flood["flooded"], "p99_ms")?,
            flooded_failed: number(&flood["flooded"], "failed")?,
            memory_mib: number(&json, "memory_mib")?,
            memory_peak_mib: number(&json, "memory_peak_mib")?,
            body_bytes: number(&json, "body_bytes")?,
        })
    }

    /// The row of that name, with planned arrivals or without.
    ///
    /// # Errors
    /// If there is no such row.
    pub fn row(&self, name: &str, paced: bool) -> Result<&Row> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.name == name && row.rate.is_some() == paced)
            .with_context(|| format!("no row {name}"))
    }

    /// Throughput of one row relative to another, in percent.
    ///
    /// # Errors
    /// If a row is missing.
    pub fn share(&self, of: &str, limit: &str) -> Result<f64> {
        let (of, limit) = (self.row(of, false)?, self.row(limit, false)?);
        Ok(100.0 * of.per_second / limit.per_second)
    }

    /// Share of the mix's inquiries answered from the cache, in percent.
    ///
    /// # Errors
    /// If there was no mix.
    pub fn hit_rate(&self) -> Result<f64> {
        let mix = self.row("mix", true)?;
        Ok(100.0 * mix.hits / mix.inquiries.max(1.0))
    }

    /// Share of the KOS calls the mix would have made without a cache that were saved, in percent.
    ///
    /// # Errors
    /// If there was no mix, or it did not involve KOS.
    pub fn calls_saved(&self) -> Result<f64> {
        let mix = self.row("mix", true)?;
        mix.calls_saved().context("the mix asked KOS nothing")
    }
}

impl Row {
    fn read(json: &Value) -> Result<Self> {
        Ok(Self {
            name: json["name"].as_str().context("no name")?.to_owned(),
            rate: json["rate"].as_f64(),
            answered: number(json, "answered")?,
            per_second: number(json, "per_second")?,
            p50_ms: number(json, "p50_ms")?,
            p99_ms: number(json, "p99_ms")?,
            cpu_us: number(json, "cpu_us")?,
            failed: number(json, "failed")?,
            hits: number(json, "hits")?,
            inquiries: number(json, "inquiries")?,
            asked: match &json["asked"] {
                Value::Null => None,
                asked => Some((number(asked, "calls")?, number(asked, "saved")?)),
            },
        })
    }

    /// Fast refusals prove nothing, and neither does silence.
    pub fn all_answered(&self) -> bool {
        self.failed == 0.0 && self.answered > 0.0
    }

    /// Share of the KOS calls that the cache saved, in percent; `None` if the row does not involve
    /// KOS.
    pub fn calls_saved(&self) -> Option<f64> {
        let (calls, saved) = self.asked.filter(|(calls, saved)| calls + saved > 0.0)?;
        Some(100.0 * saved / (calls + saved))
    }
}

fn number(json: &Value, name: &str) -> Result<f64> {
    json[name].as_f64().with_context(|| format!("no {name}"))
}
