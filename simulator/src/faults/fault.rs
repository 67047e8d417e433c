//! The faults of a call.

use std::{fmt, time::Duration};

/// A way in which a call fails.
///
/// "Applied" means that the call did its work: a change is in the ledger, an AP event is received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Works and answers late. The work is done even if the caller has left.
    Delay(Duration),
    /// Of a change only: answered at once as being worked on, and applied after this.
    Accepted(Duration),
    /// Answers this HTTP status; nothing is applied.
    ErrorBefore(u16),
    /// Applied, then answers this HTTP status.
    ErrorAfter(u16),
    /// Applied, then the connection is closed without a byte of an answer.
    LostAnswer,
    /// Nothing is applied, and no answer ever comes.
    Hang,
    /// Applied, and no answer ever comes.
    HangAfter,
    /// The connection is reset (RST); nothing is applied.
    Reset,
    /// Applied; the header promises the whole body, half of it comes, the connection ends.
    HalfBody,
    /// Applied; the body is bytes that are neither UTF-8 nor JSON.
    Garbage,
    /// Applied; the body comes byte by byte with this pause before each.
    SlowDrip(Duration),
    /// The request is delivered twice; the first answer is returned.
    DuplicateDelivery,
    /// Refused, nothing applied: a KOS result code, or for the AP an HTTP status.
    Refuse(String),
}

impl Fault {
    /// Whether it means nothing for other operations.
    pub(super) fn is_of_changes_only(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }

    /// `None` if the text names no fault.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let status = |default: u16| match argument {
            None => Some(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|status| (400..600).contains(status)),
        };
        let pause = || argument?.parse().ok().map(Duration::from_millis);
        match name {
            "delay" => pause().map(Self::Delay),
            "accepted" => pause().map(Self::Accepted),
            "error_before" => status(503).map(Self::ErrorBefore),
            "error_after" => status(500).map(Self::ErrorAfter),
            "slow_drip" => pause().map(Self::SlowDrip),
            "refuse" => argument
                .filter(|code| !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit()))
                .map(|code| Self::Refuse(code.to_owned())),
            _ if argument.is_some() => None,
            "lost_answer" => Some(Self::LostAnswer),
            "hang" => Some(Self::Hang),
            "hang_after" => Some(Self::HangAfter),
            "reset" => Some(Self::Reset),
            "half_body" => Some(Self::HalfBody),
            "garbage" => Some(Self::Garbage),
            "duplicate_delivery" => Some(Self::DuplicateDelivery),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(pause) => write!(f, "delay:{}", pause.as_millis()),
            Self::Accepted(pause) => write!(f, "accepted:{}", pause.as_millis()),
            Self::ErrorBefore(status) => write!(f, "error_before:{status}"),
            Self::ErrorAfter(status) => write!(f, "error_after:{status}"),
            Self::LostAnswer => f.write_str("lost_answer"),
            Self::Hang => f.write_str("hang"),
            Self::HangAfter => f.write_str("hang_after"),
            Self::Reset => f.write_str("reset"),
            Self::HalfBody => f.write_str("half_body"),
            Self::Garbage => f.write_str("garbage"),
            Self::SlowDrip(pause) => write!(f, "slow_drip:{}", pause.as_millis()),
            Self::DuplicateDelivery => f.write_str("duplicate_delivery"),
            Self::Refuse(code) => write!(f, "refuse:{code}"),
        }
    }
}
