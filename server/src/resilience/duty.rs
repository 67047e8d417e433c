//! How long a worker beside the customers' path rests after a piece of work.

use std::time::Duration;

/// A worker that takes the processor only for a part of the time, so that those who wait for an
/// answer find it free, and that rests less once it is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    /// A rest is so many times as long as the work before it.
    pub rest: u32,
    /// The same while it is late.
    pub rest_when_late: u32,
    /// What waits longer than this makes it late.
    pub late: Duration,
    /// No rest is longer.
    pub longest: Duration,
}

impl Duty {
    /// A twentieth of the time, in pieces a customer does not notice, and more of it once something
    /// has waited for ten seconds. There are two such workers, so it is a tenth together.
    pub const fn a_twentieth(rest_when_late: u32) -> Self {
        Self {
            rest: 19,
            rest_when_late,
            late: Duration::from_secs(10),
            longest: Duration::from_millis(250),
        }
    }

    /// The rest after work that took so long, when the oldest of what waited had waited for `lag`.
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
