//! One cell: where it dies, what KOS does, where the recovery dies.

use crate::subject::{Customer, Press, Seeded, StandIns, Trial, Verdict, Waited};
use anyhow::{Context, Result};
use server::crash_point::CRASH_POINTS;
use simulator::{
    FaultRule,
    fault_proxy::{FaultProxy, Protocol},
};
use std::{
    fmt,
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// What KOS does with the first change it gets.
const BEHAVIOURS: [&str; 11] = [
    "ok",
    "refuse:2003",
    "lost_answer",
    "error_after:500",
    "error_before:500",
    "delay:700",
    "hang",
    "reset",
    "half_body",
    "garbage",
    "duplicate_delivery",
];

/// Where the life after the death dies, in turn.
const RECOVERIES: [Option<&str>; 4] = [
    None,
    Some("reconcile.ask.before"),
    Some("end.after_history"),
    Some("relay.send.after"),
];

/// What brings a life to the place where it is to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The customer presses.
    Press,
    /// He presses a change that the check refuses.
    Refusal,
    /// He presses while KOS takes no new connection: nothing is sent.
    NotSent,
    /// An earlier life died after the send: this one finds the change.
    Found,
}

#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Names it for a replay.
    pub number: usize,
    dies_at: &'static str,
    behaviour: &'static str,
    recovery_dies_at: Option<&'static str>,
    capable_kos: bool,
}

impl fmt::Display for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "dies at {}, KOS: {}{}, the recovery dies at {}",
            self.dies_at,
            self.behaviour,
            if self.capable_kos { " with K1-K4" } else { "" },
            self.recovery_dies_at.unwrap_or("no place")
        )
    }
}

impl Cell {
    /// Every place × every behaviour. A plan that two operators set at once needs a person and is
    /// left to the tests of the product.
    pub fn all() -> Vec<Self> {
        let places = CRASH_POINTS
            .into_iter()
            .filter(|place| !place.starts_with("reconcile.manual"));
        let pairs = places.flat_map(|place| BEHAVIOURS.map(|behaviour| (place, behaviour)));
        let cell = |(number, (dies_at, behaviour)): (usize, (&'static str, &'static str))| Self {
            number,
            dies_at,
            behaviour,
            // Eleven behaviours and four recoveries: each place meets each of them.
            recovery_dies_at: RECOVERIES[number % RECOVERIES.len()],
            capable_kos: (number / 2).is_multiple_of(2),
        };
        pairs.enumerate().map(cell).collect()
    }

    /// The verdict, and whether a life ended where it was to end; under some behaviours none comes
    /// by there.
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
            deaths.insert(0, "submit.send.after".to_owned());
        }
        deaths.extend(self.recovery_dies_at.map(str::to_owned));

        let mut press: Option<Press> = None;
        for death in deaths {
            let Some(origin) = trial.live(Some(&death)).await? else {
                reached |= death == aim;
                continue;
            };
            if press.is_none() {
                press = self.choose(seeded, &trial.customer, &origin).await;
                if way == Way::NotSent {
                    refuse(&proxy).await?;
                }
            }
            let pressing = tokio::spawn(press_once(trial.customer.clone(), origin, press.clone()));
            let waited = trial.wait(|| pressing.is_finished()).await?;
            reached |= waited == Waited::Died && death == aim;
            trial.kill().await?;
            pressing.await?;
            proxy.calm();
        }
        let verdict = self.settle(seeded, trial, press).await?;
        Ok((verdict, reached))
    }

    /// The life without a death: whatever was left open is settled, and looked at.
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
        let deadline = Instant::now() + Duration::from_secs(20);
        while !matches!(customer.press(&origin, &press).await, Some(..500)) {
            anyhow::ensure!(Instant::now() < deadline, "no answer");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        if trial.wait(|| true).await? == Waited::Died {
            anyhow::bail!("the last life died");
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
            Some(("reconcile" | "answer", _)) => Way::Found,
            _ => Way::Press,
        }
    }

    /// The relay looks for work when it starts; it is the second time that finds some.
    fn death(&self) -> String {
        let second = self.dies_at.starts_with("relay.claim");
        format!("{}{}", self.dies_at, if second { ":2" } else { "" })
    }

    fn faults(&self) -> Result<Vec<FaultRule>> {
        if self.behaviour == "ok" {
            return Ok(Vec::new());
        }
        let rule = format!("kos.change={}*1", self.behaviour);
        Ok(vec![rule.parse()?])
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
        })
    }
}

async fn press_once(customer: Customer, origin: String, press: Option<Press>) {
    if let Some(press) = press {
        customer.press(&origin, &press).await;
    }
}

/// No new connection from here on.
async fn refuse(proxy: &FaultProxy) -> Result<()> {
    proxy.refuse(true);
    let deadline = Instant::now() + Duration::from_secs(5);
    while TcpStream::connect(proxy.addr()).await.is_ok() {
        anyhow::ensure!(Instant::now() < deadline, "the proxy still accepts");
        tokio::task::yield_now().await;
    }
    Ok(())
}
