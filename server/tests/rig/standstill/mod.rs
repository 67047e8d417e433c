//! T2 with three real replicas on PostgreSQL and Redis: they are killed, and stopped (SIGSTOP) for longer
//! than their lease, at random moments and exactly where something becomes durable or is sent, while the
//! others take over their work; then they continue (J7).

mod residue;

use crate::{
    laws::{Law, Violation},
    report::Outcome,
    subject::{Backend, Customers, Fate, Fleet, Seeded, StandIns, Verdict, each_with_chance},
};
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use server::crash_point::CRASH_POINTS;
use simulator::FaultRule;
use std::time::Duration;

/// Fleets at once: most of the time a replica is stopped.
const AT_ONCE: usize = 4;
const REPLICAS: usize = 3;
/// Deaths and standstills before all ledgers are compared and the next round begins.
const ROUND: u64 = 25;
/// The lease of a change is three times the longer of `kos.change_timeout_ms` and `kos.inquiry_timeout_ms`;
/// this is longer, in milliseconds.
const BEYOND_LEASE: std::ops::Range<u64> = 1_900..3_200;
/// Longer than a change that was sent may still be applied.
const BEYOND_HORIZON: std::ops::Range<u64> = 3_600..4_400;
/// The place behind the last look at the clock.
const SOCKET: &str = "submit.send.socket";

/// The kinds of rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Standstills at named places other than the socket: no violation is allowed.
    Placed,
    /// Also at the socket, and at random moments: what is sent too late is reported separately.
    Anywhere,
}

/// Stops or kills a replica `stops` times.
///
/// # Errors
/// The rig itself broke.
pub async fn run(backend: Backend, redis: &str, stops: u64, seed: u64) -> Result<Outcome> {
    let rounds: Vec<u64> = (0..stops.div_ceil(ROUND)).collect();
    let places = usize::try_from(stops.div_ceil(ROUND))?.min(AT_ONCE);
    let seeded = Seeded::make(backend, places).await?;
    let share = |round: u64| ROUND.min(stops - round * ROUND);
    // The places take turns, round by round.
    let played: Vec<Vec<Outcome>> = stream::iter(0..places)
        .map(|place| {
            let mine = rounds.iter().copied().skip(place).step_by(places);
            let seeded = &seeded;
            stream::iter(mine)
                .then(move |round| play(seeded, place, redis, share(round), seed + round))
                .try_collect()
        })
        .buffer_unordered(places.max(1))
        .try_collect()
        .await?;
    let mut outcome = Outcome::default();
    for one in played.into_iter().flatten() {
        outcome.tried += one.tried;
        outcome.deaths += one.deaths;
        outcome.aimed += one.aimed;
        outcome.changes += one.changes;
        outcome.residue += one.residue;
        outcome.failures.extend(one.failures);
    }
    Ok(outcome)
}

async fn play(
    seeded: &Seeded,
    place: usize,
    redis: &str,
    stops: u64,
    seed: u64,
) -> Result<Outcome> {
    let round = Round {
        kind: match seed % 2 {
            0 => Kind::Placed,
            _ => Kind::Anywhere,
        },
        capable_kos: (seed / 2).is_multiple_of(2),
        seed,
    };
    let (verdict, aimed, residue) = round
        .play(seeded, place, redis, stops)
        .await
        .with_context(|| format!("seed {seed}"))?;
    let mut outcome = Outcome {
        tried: stops,
        deaths: verdict.deaths,
        changes: verdict.changes,
        aimed,
        residue: u64::from(residue),
        ..Outcome::default()
    };
    outcome.judge(
        format!("{stops} deaths and standstills from seed {seed}"),
        format!("standstill --stops {stops} --seed {seed}"),
        verdict.violations,
        verdict.log,
    );
    Ok(outcome)
}

struct Round {
    kind: Kind,
    capable_kos: bool,
    seed: u64,
}

impl Round {
    /// The verdict, the standstills at their exact place, and whether a process that was stopped at the
    /// socket sent something too late.
    async fn play(
        &self,
        seeded: &Seeded,
        place: usize,
        redis: &str,
        stops: u64,
    ) -> Result<(Verdict, u64, bool)> {
        let mut chance = StdRng::seed_from_u64(self.seed);
        let stand_ins = StandIns::start(self.capable_kos, faults(self.seed)?).await?;
        let mut fleet = Fleet::begin(seeded, place, stand_ins, redis, REPLICAS).await?;
        for number in 0..REPLICAS {
            fleet.start(number, Fate::Lives).await?;
        }
        let customers = Customers::start(&fleet.trial.customer, &seeded.lines, self.seed);
        customers.send_to(fleet.origins());
        let mut aimed = 0;
        for _ in 0..stops {
            let number = chance.random_range(0..REPLICAS);
            match chance.random_range(0..10) {
                0..3 => {
                    fleet.kill(number).await?;
                    fleet.start(number, Fate::Lives).await?;
                }
                3..5 if self.kind == Kind::Anywhere => {
                    fleet.replica(number)?.stop()?;
                    pause(chance.random_range(BEYOND_LEASE)).await;
                    fleet.look().await?;
                    fleet.replica(number)?.wake()?;
                }
                _ => {
                    let (at, pace) = self.standstill(&mut chance);
                    fleet.kill(number).await?;
                    fleet.start(number, Fate::StandsStillAt(&at)).await?;
                    customers.send_to(fleet.origins());
                    if fleet.stands_still(number, Duration::from_secs(3)).await? {
                        aimed += 1;
                        pause(pace).await;
                        fleet.look().await?;
                        fleet.replica(number)?.wake()?;
                    } else {
                        // It may reach the place later, when nothing would wake it.
                        fleet.kill(number).await?;
                        fleet.start(number, Fate::Lives).await?;
                    }
                }
            }
            customers.send_to(fleet.origins());
            pause(chance.random_range(50..400)).await;
        }
        fleet.trial.stand_ins.simulator.faults().clear();
        let waiting = customers.finish();
        fleet.settle(|| waiting.is_finished()).await?;
        let late = residue::sent_too_late(&mut fleet.trial).await?;
        let unseen = match self.capable_kos {
            true => residue::not_found(&mut fleet.trial, &late).await?,
            // A later change of the line hides the ones before.
            false => Vec::new(),
        };
        look_everywhere(seeded, &mut fleet).await?;
        for number in 0..REPLICAS {
            fleet.kill(number).await?;
        }
        let mut verdict = fleet.trial.verdict().await?;
        let is_residue = |found: &Violation| {
            self.kind == Kind::Anywhere
                && matches!(found.law, Law::V3 | Law::V4)
                && late.iter().any(|id| found.what.contains(id))
        };
        let found = verdict.violations.len();
        verdict.violations.retain(|found| !is_residue(found));
        let had_residue = verdict.violations.len() < found;
        verdict.violations.extend(unseen);
        Ok((verdict, aimed, had_residue))
    }

    /// The place at which a life stops, and for how many milliseconds.
    fn standstill(&self, chance: &mut StdRng) -> (String, u64) {
        if self.kind == Kind::Anywhere && chance.random_ratio(1, 3) {
            return (SOCKET.into(), chance.random_range(BEYOND_HORIZON));
        }
        let places: Vec<_> = CRASH_POINTS
            .into_iter()
            .filter(|at| *at != SOCKET)
            .collect();
        let at = places[chance.random_range(0..places.len())];
        // Workers pass some places before there is any work.
        let nth = match at.split_once('.') {
            Some(("reconcile" | "relay", step))
                if step.starts_with("take") || step.starts_with("claim") =>
            {
                chance.random_range(10..40)
            }
            _ => chance.random_range(1..4),
        };
        (format!("{at}:{nth}"), chance.random_range(BEYOND_LEASE))
    }
}

/// Looks at every change and every page, on every replica.
async fn look_everywhere(seeded: &Seeded, fleet: &mut Fleet) -> Result<()> {
    let customer = fleet.trial.customer.clone();
    let changes = fleet.trial.changes().await?;
    for origin in fleet.origins() {
        for id in &changes {
            customer.look(&origin, id).await;
        }
        for line in &seeded.lines {
            customer.choose(&origin, &line.id, &line.number).await;
        }
    }
    Ok(())
}

async fn pause(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}

/// The faults, with the percentage of calls.
fn faults(seed: u64) -> Result<Vec<FaultRule>> {
    let rules = [
        "kos.change=lost_answer%8",
        "kos.change=error_before:500%5",
        "kos.change=refuse:2099%5",
        "kos.change=delay:600%4",
        "kos.change=hang%3",
        "kos.change=reset%3",
        "ap=lost_answer%10",
        "ap=error_before:500%10",
    ];
    each_with_chance(&rules, seed)
}
