//! The metrics that the product exports.

use anyhow::{Context, Result};
use reqwest::Client;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Between two looks at readiness.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// One scrape.
#[derive(Clone)]
pub struct Exported {
    http: Client,
    url: String,
    ready: String,
}

impl Exported {
    pub fn at(admin: &str) -> Result<Self> {
        Ok(Self {
            http: Client::builder().no_proxy().build()?,
            url: format!("http://{admin}/metrics"),
            ready: format!("http://{admin}/health/ready"),
        })
    }

    /// The failures counted in a series.
    pub async fn failures(&self, series: &str) -> Result<u64> {
        let text = self.text().await?;
        let lines = text.lines().filter(|line| line.starts_with(series));
        let failed = lines.filter(|line| !line.contains("result=\"ok\""));
        failed.map(value).sum()
    }

    /// 0 closed, 1 half-open, 2 open.
    pub async fn breaker(&self, name: &str) -> Result<u64> {
        let series = format!("phonebill_breaker_state{{breaker=\"{name}\"}}");
        let text = self.text().await?;
        let line = text.lines().find(|line| line.starts_with(&series));
        value(line.context("no such breaker")?)
    }

    /// The time from now until the product reports that its cache answers, if that is within `limit`.
    pub async fn cache_answers_within(&self, limit: Duration) -> Result<Option<Duration>> {
        let begun = Instant::now();
        loop {
            let told: Value = self.http.get(&self.ready).send().await?.json().await?;
            let answers = told["cache"]["answers"].as_bool();
            if answers.context("readiness tells nothing of the cache")? {
                return Ok(Some(begun.elapsed()));
            }
            if begun.elapsed() > limit {
                return Ok(None);
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    async fn text(&self) -> Result<String> {
        Ok(self.http.get(&self.url).send().await?.text().await?)
    }
}

fn value(line: &str) -> Result<u64> {
    let value = line.rsplit(' ').next().context("no value")?;
    Ok(value.parse()?)
}
