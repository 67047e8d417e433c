//! How long a background worker rests after a piece of work.

use std::time::Duration;

/// Limits a worker to a share of the processor, so that requests find it free; the worker rests
/// less once it is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Length of a rest, as a multiple of the work before it.
    pub rest: u32,
    /// The same while it is late.
    pub rest_when_late: u32,
    /// The worker is late once something has waited longer than this.
    pub late: Duration,
    /// The longest rest.
    pub longest: Duration,
}

impl Duty {
    /// A twentieth of the time, in pieces a customer does not notice, and more once something has
    /// waited for ten seconds. There are two such workers, so together they take a tenth.
    pub const fn a_twentieth(rest_when_late: u32) -> Self {
        Self {
            rest: 19,
            rest_when_late,
            late: Duration::from_secs(10),
            longest: Duration::from_millis(250),
        }
    }

    /// The rest after work of that length, when the oldest waiting item had waited for `lag`.
    pub fn rest(&self, worked: Duration, lag: Duration) -> Duration {
        let times = if lag > self.late {
            self.rest_when_late
        } else {
            self.rest
        };
        worked.saturating_mul(times).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::Duty;
    use std::time::Duration;

    #[test]
    fn rests_in_proportion_but_not_long_and_less_when_late() {
        let ms = Duration::from_millis;
        let duty = Duty {
            rest: 3,
            rest_when_late: 1,
            late: ms(1_000),
            longest: ms(250),
        };
        assert_eq!(duty.rest(ms(20), ms(1_000)), ms(60));
        assert_eq!(duty.rest(ms(20), ms(1_001)), ms(20));
        assert_eq!(duty.rest(ms(90), ms(0)), ms(250));
        assert_eq!(duty.rest(Duration::MAX, ms(2_000)), ms(250));
        assert_eq!(duty.rest(ms(0), ms(0)), ms(0));
    }
}
