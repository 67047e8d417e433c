//! The simulated KOS: applies late, loses answers and lies, with any of K1 to K4.

use super::life::Life;
use crate::laws::ledgers::{Applied, Arrival, KosLedger};
use app::model::{
    Allowance, LineNumber, LineStatus, Product, ProductName, RejectReason, RequestId, Won,
};
use async_trait::async_trait;
use server::{
    kos::{
        CatalogueProduct, ChangeLookup, Failure, HeldLine, KosChange, KosChangeError, KosError,
        KosLine, NotSent,
    },
    product::{
        ChangeRecord,
        ports::{ChangeKos, MaySend},
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Time limit of a change.
pub const CALL: Duration = Duration::from_secs(1);
/// KOS applies a received change within this time, or never.
pub const HORIZON: Duration = Duration::from_secs(2);
/// All plans.
pub const PLANS: [&str; 4] = ["PLAN-A", "PLAN-B", "PLAN-C", "PLAN-D"];

/// K1, K3, K4.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    pub tells_by_id: bool,
    pub ignores_duplicates: bool,
    pub compares_current: bool,
}

pub struct Kos {
    pub facts: Facts,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    plans: BTreeMap<String, String>,
    ledger: KosLedger,
    answers: BTreeMap<String, ChangeLookup>,
    after_standstill: Vec<String>,
}

impl Kos {
    pub fn new(facts: Facts) -> Self {
        Self {
            facts,
            state: Mutex::default(),
        }
    }

    pub fn ledger(&self) -> KosLedger {
        self.lock().ledger.clone()
    }

    /// Changes whose sender was stopped between its last look at the clock and the socket.
    pub fn after_standstill(&self) -> Vec<String> {
        self.lock().after_standstill.clone()
    }

    pub fn plan(&self, line: &LineNumber) -> String {
        let state = self.lock();
        let plan = state.plans.get(line.as_str()).map(String::as_str);
        plan.unwrap_or(PLANS[0]).to_owned()
    }

    fn arrive(&self, change: &ChangeRecord, doubled: bool) {
        self.lock().ledger.arrived.push(Arrival {
            request_id: change.request_id.0.clone(),
            doubled_by_network: doubled
                && !(self.facts.ignores_duplicates || self.facts.compares_current),
        });
    }

    /// Applies it, or refuses.
    fn apply(&self, change: &ChangeRecord) -> Result<KosChange, RejectReason> {
        let on = self.plan(&change.line.line_number);
        let mut state = self.lock();
        let id = &change.request_id.0;
        if self.facts.ignores_duplicates {
            match state.answers.get(id) {
                Some(ChangeLookup::Applied(first)) => return Ok(first.clone()),
                Some(ChangeLookup::Refused(reason)) => return Err(*reason),
                _ => {}
            }
        }
        if self.facts.compares_current && on != change.from.code.as_str() {
            let refused = ChangeLookup::Refused(RejectReason::Refused);
            state.answers.entry(id.clone()).or_insert(refused);
            return Err(RejectReason::Refused);
        }
        let applied = Applied {
            request_id: id.clone(),
            line: change.line.line_number.as_str().to_owned(),
            from: on,
            to: change.to.code.as_str().to_owned(),
            by_somebody_else: false,
        };
        let (line, to) = (applied.line.clone(), applied.to.clone());
        state.plans.insert(line, to);
        state.ledger.applied.push(applied);
        let done = KosChange {
            new_product: Some(change.to.clone()),
            effective_date: None,
            kos_order_number: Some(format!("KOS-{}", state.ledger.applied.len())),
        };
        let told = ChangeLookup::Applied(done.clone());
        state.answers.insert(id.clone(), told);
        Ok(done)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// KOS as one life of a replica sees it.
pub struct KosPort {
    pub kos: Arc<Kos>,
    pub life: Arc<Life>,
}

impl KosPort {
    /// The fault of a call, if any.
    fn mishap(&self, ways: u32) -> Option<u32> {
        let world = &self.life.world;
        let goes_wrong = world.happens(world.hostility.calls);
        goes_wrong.then(|| world.pick(0..ways))
    }

    async fn ask(&self, place: &str) -> Result<(), KosError> {
        self.life.step(place).await;
        // Questions settle everything, so they succeed more often than not.
        match self.mishap(8) {
            Some(0) => Err(KosError::Failed(Failure::Status(500))),
            Some(1) => Err(KosError::Timeout),
            _ => Ok(()),
        }
    }

    async fn applied_late(&self, change: &ChangeRecord) {
        let world = self.life.world.clone();
        let longest = u64::try_from((CALL + HORIZON).as_micros()).unwrap_or(0);
        let late = Duration::from_micros(world.pick(1_000..longest));
        let (kos, change) = (self.kos.clone(), change.clone());
        tokio::spawn(async move {
            world.sleep(late).await;
            let applied = kos.apply(&change).is_ok();
            world.note("KOS", &format!("late, {applied}: {}", change.request_id));
        });
    }
}

#[async_trait]
impl ChangeKos for KosPort {
    async fn may_change(&self) -> Result<(), KosError> {
        match self.mishap(20) {
            Some(0) => Err(not_sent(NotSent::BreakerOpen)),
            _ => Ok(()),
        }
    }

    async fn change(
        &self,
        change: &ChangeRecord,
        may_send: &MaySend<'_>,
    ) -> Result<KosChange, KosChangeError> {
        self.life.step("kos: may send").await;
        if !may_send() {
            return Err(KosChangeError::NotSent(not_sent(NotSent::TooLate)));
        }
        let world = &self.life.world;
        // Between the look at the clock and the socket there is no further check (J7).
        let stands_still = world.happens(world.hostility.stop);
        if stands_still {
            self.life.stop_for_seconds("the socket").await;
        }
        let mishap = self.mishap(11);
        if mishap == Some(0) {
            return Err(KosChangeError::NotSent(not_sent(NotSent::BreakerOpen)));
        }
        if stands_still {
            let id = change.request_id.0.clone();
            self.kos.lock().after_standstill.push(id);
        }
        self.kos.arrive(change, mishap == Some(1));
        world.note("KOS", &format!("{mishap:?}: {}", change.request_id));
        let unclear = |error| Err(KosChangeError::Unclear(error));
        let result = match mishap {
            Some(1) => {
                let first = self.kos.apply(change);
                self.kos.apply(change).ok();
                first.map_err(KosChangeError::Refused)
            }
            Some(2 | 3) => {
                self.kos.apply(change).ok();
                unclear(KosError::Failed(Failure::Status(500)))
            }
            Some(4) => unclear(KosError::Failed(Failure::Status(503))),
            Some(5 | 6) => {
                self.applied_late(change).await;
                world.sleep(CALL).await;
                unclear(KosError::Timeout)
            }
            Some(7) => {
                world.sleep(CALL).await;
                unclear(KosError::Timeout)
            }
            Some(8) => {
                self.kos.apply(change).ok();
                unclear(KosError::BadAnswer("half of it".into()))
            }
            Some(9) => {
                self.applied_late(change).await;
                Err(KosChangeError::Accepted)
            }
            Some(_) => {
                let refused = ChangeLookup::Refused(RejectReason::Refused);
                let id = change.request_id.0.clone();
                self.kos.lock().answers.insert(id, refused);
                Err(KosChangeError::Refused(RejectReason::Refused))
            }
            None => self.kos.apply(change).map_err(KosChangeError::Refused),
        };
        self.life.step("kos: answered").await;
        result
    }

    async fn lookup(&self, id: &RequestId) -> Result<ChangeLookup, KosError> {
        self.ask("kos: lookup").await?;
        let told = self.kos.lock().answers.get(&id.0).cloned();
        self.life.step("kos: lookup answered").await;
        Ok(told.unwrap_or(ChangeLookup::NotFound))
    }

    /// The page cache with its generations is a separate model (`Customer::open_page`).
    async fn line(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        self.line_now(line).await
    }

    async fn line_now(&self, line: &HeldLine) -> Result<KosLine, KosError> {
        self.ask("kos: line").await?;
        let product = product(&self.kos.plan(&line.number));
        self.life.step("kos: line answered").await;
        Ok(KosLine {
            customer_id: None,
            product,
            status: LineStatus::Active,
            operator_code: None,
        })
    }

    async fn catalogue(&self) -> Result<Vec<CatalogueProduct>, KosError> {
        let plans = PLANS.map(|plan| CatalogueProduct {
            product: product(plan),
            on_sale: true,
            operator_code: None,
        });
        Ok(plans.into())
    }
}

fn not_sent(why: NotSent) -> KosError {
    KosError::Unavailable {
        why,
        retry_after_s: 1,
    }
}

fn product(code: &str) -> Product {
    let ProductName { code, name } = named(code);
    Product {
        code,
        name,
        monthly_fee: Won(1),
        data_mb: Allowance::Unknown,
        voice_minutes: Allowance::Unknown,
        sms_count: Allowance::Unknown,
        network_type: String::new(),
        description: String::new(),
        benefits: Vec::new(),
    }
}

fn named(code: &str) -> ProductName {
    let known = |_| unreachable!("{code} is a code");
    ProductName {
        code: code.parse().unwrap_or_else(known),
        name: code.to_owned(),
    }
}
