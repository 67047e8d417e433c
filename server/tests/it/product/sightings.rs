//! Sightings of plans, and when each customer was told that theirs had changed.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

/// A history, written while it happens and judged afterwards.
#[derive(Default)]
pub(super) struct Sightings(Mutex<History>);

#[derive(Default)]
struct History {
    /// By customer number.
    told: HashMap<usize, Duration>,
    seen: Vec<Sighting>,
}

/// One look at one page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sighting {
    pub(super) customer: usize,
    pub(super) page: &'static str,
    /// The instant at which the look began.
    pub(super) begun: Duration,
    pub(super) shows_old: bool,
}

/// The judgement over all looks.
#[derive(Debug, PartialEq)]
pub(super) struct Judgement {
    /// Old plans seen while that was right.
    pub(super) old_before: usize,
    /// Looks that began after the customer was told.
    pub(super) after: usize,
    /// Those of them that showed the old plan.
    pub(super) broken: Vec<Sighting>,
}

impl Sightings {
    /// From now on the customer may see only the new plan.
    pub(super) fn told(&self, customer: usize, at: Duration) {
        self.history().told.insert(customer, at);
    }

    pub(super) fn saw(&self, sighting: Sighting) {
        self.history().seen.push(sighting);
    }

    /// A look that began before the customer was told may show either plan.
    pub(super) fn judge(&self) -> Judgement {
        let history = self.history();
        let (after, before): (Vec<_>, Vec<_>) = history.seen.iter().partition(|look| {
            let told = history.told.get(&look.customer);
            told.is_some_and(|told| look.begun >= *told)
        });
        Judgement {
            old_before: before.iter().filter(|look| look.shows_old).count(),
            after: after.len(),
            broken: after
                .into_iter()
                .filter(|look| look.shows_old)
                .cloned()
                .collect(),
        }
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.0.lock().unwrap()
    }
}

#[test]
fn only_a_look_that_began_after_the_news_and_shows_the_old_plan_is_a_breach() {
    let sightings = Sightings::default();
    let look = |customer, begun_s, shows_old| Sighting {
        customer,
        page: "line",
        begun: Duration::from_secs(begun_s),
        shows_old,
    };
    let breach = look(1, 10, true);
    for seen in [
        look(1, 9, true),
        breach.clone(),
        look(1, 11, false),
        look(2, 11, true),
    ] {
        sightings.saw(seen);
    }
    sightings.told(1, Duration::from_secs(10));
    let judgement = Judgement {
        old_before: 2,
        after: 2,
        broken: vec![breach],
    };
    assert_eq!(sightings.judge(), judgement);
}
