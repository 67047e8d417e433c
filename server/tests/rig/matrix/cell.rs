//! One cell: a place of death, a behaviour of KOS, a place where the recovery dies.

use super::behaviour::{BEHAVIOURS, Behaviour, Reach};
use crate::subject::{Customer, Press, Seeded, StandIns, Trial, Verdict, Waited};
use anyhow::{Context, Result};
use server::crash_point::CRASH_POINTS;
use simulator::{
    FaultRule,
    fault_proxy::{FaultProxy, Protocol},
};
use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// The places where the recovery dies, in turn; a life that does not reach its place lives on.
const RECOVERIES: [&str; 4] = [
    "reconcile.take.after",
    "reconcile.ask.after",
    "end.after_history",
    "relay.send.after",
];

const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// Attempts at a page before a life without a choice is accepted.
const CHOOSES: u32 = 10;
/// Time limit for an answer to the same key.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);
/// Time from a commit to the place behind it, on a busy machine.
const LAST_STEP: Duration = Duration::from_secs(5);

/// The place where an earlier life dies, so that the next one finds its change.
const SENDER_DIES: &str = "submit.send.after";

/// How a life gets to the place where it dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The customer presses.
    Press,
    /// The customer presses a change that the check refuses.
    Refusal,
    /// The customer presses while KOS accepts no connection: nothing is sent.
    NotSent,
    /// An earlier life died after the send, and this one finds the change.
    Found,
}

#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Its name, for a replay.
    pub number: usize,
    dies_at: &'static str,
    behaviour: Behaviour,
    recovery_dies_at: &'static str,
    capable_kos: bool,
    /// Whether a life reaches its place.
    pub reach: Reach,
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.behaviour.fault {
            "" => "ok",
            fault => fault,
        };
        write!(
            out,
            "dies at {}, KOS: {fault}{}{}, the recovery dies at {}",
            self.dies_at,
            match self.behaviour.third_plan {
                true => " and a third plan",
                false => "",
            },
            if self.capable_kos { " with K1-K4" } else { "" },
            self.recovery_dies_at,
        )
    }
}

impl Cell {
    /// Every place × every behaviour that leads past it; `turn` shifts the recovery's place and KOS's
    /// capabilities, so that two databases try different ones.
    pub fn all(turn: usize) -> Vec<Self> {
        let mut cells = Vec::new();
        for (place, dies_at) in CRASH_POINTS.into_iter().enumerate() {
            for (kind, behaviour) in BEHAVIOURS.into_iter().enumerate() {
                let reach_of = |capable| (behaviour.leads_past(dies_at, capable), capable);
                // With the other capabilities if these do not lead past the place.
                let wanted = (place + kind / 2 + turn).is_multiple_of(2);
                let (reach, capable_kos) = match reach_of(wanted) {
                    (Reach::Never, _) => reach_of(!wanted),
                    reachable => reachable,
                };
                if reach == Reach::Never {
                    continue;
                }
                cells.push(Self {
                    number: cells.len(),
                    dies_at,
                    behaviour,
                    // Fourteen behaviours, four recoveries: each place gets each recovery.
                    recovery_dies_at: RECOVERIES[(place + kind + turn) % RECOVERIES.len()],
                    capable_kos,
                    reach,
                });
            }
        }
        cells
    }

    /// The verdict, and whether a life ended at its place; under some behaviours none reaches it.
    ///
    /// # Errors
    /// The rig itself broke.
    pub async fn run(&self, seeded: &Seeded, place: usize) -> Result<(Verdict, bool)> {
        self.try_run(seeded, place)
            .await
            .with_context(|| format!("cell {}: {self}", self.number))
    }

    async fn try_run(&self, seeded: &Seeded, place: usize) -> Result<(Verdict, bool)> {
        let stand_ins = StandIns::start(self.capable_kos, self.faults()?).await?;
        let mut trial = Trial::begin(seeded, place, stand_ins).await?;
        let kos = trial.setup.kos_url.trim_start_matches("http://").parse()?;
        let proxy = FaultProxy::start(kos, Protocol::Opaque, self.number as u64)?;
        trial.setup.kos_url = proxy.url();
        let way = self.way();
        let (aim, mut reached) = (self.death(), false);
        let mut deaths = vec![aim.clone()];
        if way == Way::Found {
            deaths.insert(0, SENDER_DIES.to_owned());
        }
        deaths.push(self.recovery_dies_at.to_owned());

        let mut press: Option<Press> = None;
        for death in deaths {
            let Some(origin) = trial.live(Some(&death)).await? else {
                reached |= death == aim;
                continue;
            };
            if press.is_none() {
                for _ in 0..CHOOSES {
                    press = self.choose(seeded, &trial.customer, &origin).await;
                    if press.is_some() {
                        break;
                    }
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                if way == Way::NotSent {
                    refuse(&proxy).await?;
                }
            }
            let over = Arc::new(AtomicBool::new(false));
            let customer = trial.customer.clone();
            let pressing = customer.press_until(origin, press.clone(), over.clone());
            let pressing = tokio::spawn(pressing);
            let mut waited = trial.wait(|| pressing.is_finished()).await?;
            // Behind the last places, all is committed a moment before.
            if waited == Waited::Settled && death == aim && self.reach == Reach::Always {
                waited = trial.outlives(LAST_STEP).await?;
            }
            reached |= waited == Waited::Died && death == aim;
            trial.kill().await?;
            over.store(true, Ordering::Relaxed);
            pressing.await?;
            proxy.calm();
            if self.dies_at.starts_with("answer") {
                let faults = trial.stand_ins.simulator.faults();
                faults.set(self.silence(&death)?);
            }
            if let Some(press) = press.as_ref().filter(|_| self.behaviour.third_plan) {
                let line = &seeded.lines[0].number;
                let kos = &trial.stand_ins;
                kos.visit_a_shop(line, &press.from, &press.third).await?;
            }
        }
        let verdict = self.settle(seeded, trial, press).await?;
        Ok((verdict, reached))
    }

    /// Runs a life without a death, which settles what was left open, and looks at it.
    async fn settle(
        &self,
        seeded: &Seeded,
        mut trial: Trial,
        press: Option<Press>,
    ) -> Result<Verdict> {
        let origin = trial.live(None).await?.context("the last life died")?;
        let customer = trial.customer.clone();
        let press = match press {
            Some(press) => press,
            None => self
                .choose(seeded, &customer, &origin)
                .await
                .context("no plan to choose")?,
        };
        let deadline = Instant::now() + ANSWERED_WITHIN;
        while !customer
            .press(&origin, &press)
            .await
            .is_some_and(|answer| answer.is_final())
        {
            anyhow::ensure!(Instant::now() < deadline, "no answer");
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
        for _ in 0..2 {
            if trial.wait(|| true).await? == Waited::Died {
                anyhow::bail!("the last life died");
            }
            trial.decide_what_waits_for_a_person().await?;
        }
        for id in trial.changes().await? {
            customer.look(&origin, &id).await;
        }
        let line = &seeded.lines[0];
        customer.choose(&origin, &line.id, &line.number).await;
        customer.press(&origin, &press).await;
        trial.verdict().await
    }

    fn way(&self) -> Way {
        match self.dies_at.split_once('.') {
            Some(("submit", step)) if step.starts_with("refusal") => Way::Refusal,
            Some(("submit", step)) if step.starts_with("withdraw") => Way::NotSent,
            Some(("reconcile", step))
                if step.starts_with("later") && self.behaviour.asks_in_the_same_life() =>
            {
                Way::Press
            }
            Some(("reconcile" | "answer", _)) => Way::Found,
            _ => Way::Press,
        }
    }

    /// The relay first looks for work at its start; the second look finds some.
    fn death(&self) -> String {
        let second = self.dies_at.starts_with("relay.claim");
        format!("{}{}", self.dies_at, if second { ":2" } else { "" })
    }

    fn faults(&self) -> Result<Vec<FaultRule>> {
        if self.behaviour.fault.is_empty() {
            return Ok(Vec::new());
        }
        let rule = format!("kos.change={}*1", self.behaviour.fault);
        Ok(vec![rule.parse()?])
    }

    /// A retry with the key of a change whose sender died writes its answer, unless the change is settled
    /// first: so after the sender's death KOS answers nothing until that life has died too.
    fn silence(&self, death: &str) -> Result<Vec<FaultRule>> {
        let silent = if death == SENDER_DIES {
            &["kos.product", "kos.change_status"][..]
        } else {
            &[]
        };
        let rules = silent.iter().map(|operation| {
            let rule = format!("{operation}=error_before:500");
            rule.parse().with_context(|| format!("no rule: {rule}"))
        });
        rules.collect()
    }

    async fn choose(&self, seeded: &Seeded, customer: &Customer, origin: &str) -> Option<Press> {
        let line = &seeded.lines[0];
        let choice = customer.choose(origin, &line.id, &line.number).await?;
        let [to, other, ..] = &choice.targets[..] else {
            return None;
        };
        let refused = self.way() == Way::Refusal;
        Some(Press {
            key: format!("cell-{:05}", self.number),
            line_id: line.id.clone(),
            from: if refused {
                other.clone()
            } else {
                choice.current
            },
            to: to.clone(),
            third: other.clone(),
        })
    }
}

/// Lets KOS accept no new connection.
async fn refuse(proxy: &FaultProxy) -> Result<()> {
    proxy.refuse(true);
    let deadline = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(proxy.addr()).await.is_ok() {
        anyhow::ensure!(Instant::now() < deadline, "the proxy still accepts");
        tokio::task::yield_now().await;
    }
    Ok(())
}
