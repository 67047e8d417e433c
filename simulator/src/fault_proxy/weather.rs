//! What the way through the proxy is like.

use std::time::Duration;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From whoever connected to the proxy: requests.
    ToUpstream,
    /// From the system behind it: answers.
    ToClient,
}

/// How a connection is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// In the ordinary way (FIN).
    Close,
    /// With a reset (RST): `SO_LINGER` of zero.
    Reset,
}

/// The way in one direction. The default lets everything through at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// Each piece waits this long.
    pub latency: Duration,
    /// And up to this much longer, by chance.
    pub jitter: Duration,
    /// Bytes a second; `None` is as fast as it goes.
    pub bandwidth: Option<u32>,
    /// Pieces of at most this many bytes, each under the latency of its own.
    pub slice: Option<usize>,
    /// Nothing comes through. What was sent arrives when the hole is gone, as it would by TCP's
    /// repeated sending, however late that is.
    pub hole: bool,
    /// The connection ends when it carried this many bytes in this direction.
    pub cut_after: Option<(u64, Ending)>,
}

impl Weather {
    /// `latency` for each piece, and up to `jitter` more.
    pub fn slow(latency: Duration, jitter: Duration) -> Self {
        Self {
            latency,
            jitter,
            ..Self::default()
        }
    }

    /// Nothing comes through for now.
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

    /// How long a piece of that length is on its way at this bandwidth.
    pub(super) fn transfer_time(&self, bytes: usize) -> Duration {
        self.bandwidth.map_or(Duration::ZERO, |per_second| {
            Duration::from_secs_f64(bytes as f64 / f64::from(per_second.max(1)))
        })
    }
}
