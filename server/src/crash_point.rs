//! Places at which a test makes the process abort or suspend, before and after every durable step and
//! send of a change and of its delivery.
//!
//! `PHONEBILL_TEST_CRASH_AT=<name>[:<nth>]` aborts the process at its nth passage of that place (the
//! first without a number). Nothing is flushed and no destructor runs: only what is committed is left.
//! `PHONEBILL_TEST_STOP_AT=<name>[:<nth>]` suspends it there (SIGSTOP) until SIGCONT. Compiled into
//! builds with debug assertions only: a release neither contains the places nor reads the environment.

/// Every place, in the order of a change's life. A name that is not listed does not compile.
pub const CRASH_POINTS: [&str; 39] = [
    // A refusal kept as the answer of its key.
    "submit.refusal.before",
    "submit.refusal.after",
    // Key and intent, one transaction.
    "submit.intent.before",
    "submit.intent.between",
    "submit.intent.after",
    // The commit that allows the send.
    "submit.calling.before",
    "submit.calling.after",
    // The only send. The socket is behind the last look at the clock.
    "submit.send.before",
    "submit.send.socket",
    "submit.send.after",
    // How it ended, as far as the sender knows.
    "submit.end.before",
    "submit.end.after",
    "submit.unknown.before",
    "submit.unknown.after",
    "submit.withdraw.before",
    "submit.withdraw.after",
    // The answer that stands for the change.
    "answer.before",
    "answer.after",
    // Inside the transaction of the end.
    "end.after_change",
    "end.after_history",
    "end.after_event",
    "end.after_answer",
    "end.committed",
    // The reconciler.
    "reconcile.take.before",
    "reconcile.take.after",
    "reconcile.ask.before",
    "reconcile.ask.after",
    "reconcile.end.before",
    "reconcile.end.after",
    "reconcile.later.before",
    "reconcile.later.after",
    "reconcile.manual.before",
    "reconcile.manual.after",
    // The relay.
    "relay.claim.before",
    "relay.claim.after",
    "relay.send.before",
    "relay.send.after",
    "relay.record.before",
    "relay.record.after",
];

/// Aborts or suspends here when the environment says so.
macro_rules! crash_point {
    ($name:literal) => {
        #[cfg(debug_assertions)]
        {
            const {
                assert!(
                    $crate::crash_point::is_listed($name),
                    "add it to CRASH_POINTS"
                );
            }
            $crate::crash_point::passed($name);
        }
    };
}

pub(crate) use crash_point;

/// Counts the passage; aborts or suspends at the configured one.
#[cfg(debug_assertions)]
pub(crate) fn passed(name: &str) {
    use std::sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    };

    static PLANS: OnceLock<[Option<(String, u64)>; 2]> = OnceLock::new();
    static PASSAGES: [AtomicU64; 2] = [AtomicU64::new(0), AtomicU64::new(0)];

    #[expect(
        clippy::disallowed_methods,
        reason = "not settings of the product: absent from every release"
    )]
    let plans = PLANS.get_or_init(|| {
        ["PHONEBILL_TEST_CRASH_AT", "PHONEBILL_TEST_STOP_AT"]
            .map(|name| plan(&std::env::var(name).ok()?))
    });
    let due = |index: usize| {
        let (at, nth) = plans[index].as_ref()?;
        let passage = || PASSAGES[index].fetch_add(1, Ordering::SeqCst) + 1;
        (at == name && passage() == *nth).then_some(())
    };
    if due(0).is_some() {
        std::process::abort();
    }
    if due(1).is_some() {
        stand_still();
    }
}

/// Goes on when somebody says so.
#[cfg(debug_assertions)]
fn stand_still() {
    let kill = ["-c", "kill -STOP $PPID"];
    // Where there is no shell, nothing stands still, and the rig that waits for it says so.
    std::process::Command::new("sh").args(kill).status().ok();
}

/// `name` or `name:nth`.
#[cfg(debug_assertions)]
fn plan(text: &str) -> Option<(String, u64)> {
    Some(match text.split_once(':') {
        Some((name, nth)) => (name.to_owned(), nth.parse().ok()?),
        None => (text.to_owned(), 1),
    })
}

/// Whether the name is in [`CRASH_POINTS`]; at compile time.
#[cfg(debug_assertions)]
pub(crate) const fn is_listed(name: &str) -> bool {
    let mut index = 0;
    while index < CRASH_POINTS.len() {
        if equal(CRASH_POINTS[index].as_bytes(), name.as_bytes()) {
            return true;
        }
        index += 1;
    }
    false
}

#[cfg(debug_assertions)]
const fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use super::{CRASH_POINTS, is_listed, plan};
    use std::collections::HashSet;

    #[test]
    fn a_plan_names_a_place_and_perhaps_a_passage() {
        assert_eq!(plan("answer.before"), Some(("answer.before".into(), 1)));
        assert_eq!(plan("answer.before:3"), Some(("answer.before".into(), 3)));
        assert_eq!(plan("answer.before:x"), None);
    }

    #[test]
    fn places_have_names_of_their_own() {
        let names: HashSet<_> = CRASH_POINTS.iter().collect();
        assert_eq!(names.len(), CRASH_POINTS.len());
        assert!(is_listed("end.committed") && !is_listed("end.commited"));
    }
}
