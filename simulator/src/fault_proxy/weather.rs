//! The weather: latency, bandwidth and cuts in one direction.

use std::time::Duration;

/// The direction of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client: requests.
    ToUpstream,
    /// To the client: answers.
    ToClient,
}

/// The way to end a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// An ordinary end (FIN).
    Close,
    /// A reset (RST): `SO_LINGER` of zero.
    Reset,
}

/// The weather in one direction. The default passes everything at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Each piece waits this long.
    pub latency: Duration,
    /// And up to this much longer, at random.
    pub jitter: Duration,
    /// Bytes per second; `None`: unlimited.
    pub bandwidth: Option<u32>,
    /// Pieces of at most this many bytes, each with its own latency.
    pub slice: Option<usize>,
    /// Nothing passes. What was sent arrives once the hole is gone, as after TCP's retransmissions,
    /// however late.
    pub hole: bool,
    /// The connection ends after this many bytes in this direction.
    pub cut_after: Option<(u64, Ending)>,
}

impl Weather {
    /// `latency` per piece, and up to `jitter` more.
    pub fn slow(latency: Duration, jitter: Duration) -> Self {
        Self {
            latency,
            jitter,
            ..Self::default()
        }
    }

    /// Nothing passes for now.
    pub fn hole() -> Self {
        Self {
            hole: true,
            ..Self::default()
        }
    }

    /// The connection ends after `bytes`.
    pub fn cut_after(bytes: u64, ending: Ending) -> Self {
        Self {
            cut_after: Some((bytes, ending)),
            ..Self::default()
        }
    }

    /// The time that a piece of `length` bytes takes at this bandwidth.
    pub(super) fn transfer_time(&self, bytes: usize) -> Duration {
        self.bandwidth.map_or(Duration::ZERO, |per_second| {
            Duration::from_secs_f64(bytes as f64 / f64::from(per_second.max(1)))
        })
    }
}
