//! The server's KOS calls, and the calls its cache saved, by its metrics.

use crate::connection::Connection;
use anyhow::{Context, Result, ensure};
use serde::Serialize;
use std::net::SocketAddr;

const CALLS: &str = "phonebill_kos_calls_total{";
const LOOKUPS: &str = "phonebill_cache_lookups_total{";

/// Counters of a server, or the difference of two readings.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Asked {
    /// Calls to KOS.
    pub calls: f64,
    /// Answers from the cache, each of which would have been a call.
    pub saved: f64,
}

impl Asked {
    /// Reads the metrics at a server's admin address.
    ///
    /// # Errors
    /// It does not answer with metrics.
    pub async fn read(admin: SocketAddr) -> Result<Self> {
        let request = b"GET /metrics HTTP/1.1\r\nhost: bench\r\n\r\n";
        let reply = Connection::to(admin).exchange(request).await?;
        ensure!(reply.status == 200, "{}", reply.head);
        Self::of(&String::from_utf8(reply.body)?)
    }

    /// The difference to an earlier reading.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            calls: self.calls - earlier.calls,
            saved: self.saved - earlier.saved,
        }
    }

    fn of(text: &str) -> Result<Self> {
        let mut asked = Self::default();
        for line in text.lines() {
            if line.starts_with(CALLS) {
                asked.calls += value(line)?;
            } else if line.starts_with(LOOKUPS)
                && !line.contains("kind=\"session\"")
                && !line.contains("result=\"Miss\"")
            {
                asked.saved += value(line)?;
            }
        }
        Ok(asked)
    }
}

fn value(line: &str) -> Result<f64> {
    let (_, value) = line.rsplit_once(' ').context("a metric without a value")?;
    Ok(value.parse()?)
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn sessions_and_misses_save_no_call() {
        let text = "# TYPE phonebill_cache_lookups counter\n\
            phonebill_cache_lookups_total{kind=\"bill\",result=\"Hit\"} 7\n\
            phonebill_cache_lookups_total{kind=\"bill\",result=\"Miss\"} 2\n\
            phonebill_cache_lookups_total{kind=\"line\",result=\"Stale\"} 1\n\
            phonebill_cache_lookups_total{kind=\"session\",result=\"Hit\"} 90\n\
            phonebill_kos_calls_total{operation=\"bill\",result=\"ok\"} 2\n\
            phonebill_kos_calls_total{operation=\"product\",result=\"ok\"} 3\n";
        let asked = Asked::of(text).unwrap();
        assert_eq!((asked.calls, asked.saved), (5.0, 8.0));
        let since = asked.since(Asked {
            calls: 1.0,
            saved: 2.0,
        });
        assert_eq!((since.calls, since.saved), (4.0, 6.0));
    }
}
