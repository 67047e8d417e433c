//! The operations of KOS-Order.

use super::{
    CatalogueProduct, ChangeLookup, Failure, KosBill, KosChange, KosChangeError, KosError, KosLine,
    call::{Lane, no_place, refused},
    ended::Ended,
    envelope::read,
    health::KosHealth,
    translate,
    wire::{BillRequest, ChangeRequest, LineRequest},
};
use crate::{
    clock::Clock,
    config::{BreakerConfig, KosConfig},
    crash_point::crash_point,
    ids::Ids,
    metrics::CallMetrics,
    resilience::{
        Breaker, Dialling, Places, Quota, RetryBudget, Ticket, Unsettled, client_builder,
    },
};
use app::model::{BillingMonth, LineNumber, ProductCode};
use reqwest::ClientBuilder;
use std::{sync::Arc, time::Duration};

const BASE_PATH: &str = "/api/v1/kos";
/// Shorter than common servers keep an idle connection, so that a dead one is rarely picked.
const IDLE_CONNECTION: Duration = Duration::from_secs(15);

/// The telecom's KOS-Order. Cheap to clone; clones share connections, places and breakers.
///
/// Closing ones aside, at most `kos.max_connections`: one per call with a place; the spare is halved
/// between kept ones (inquiries only) and ones whose call has taken a freed one ([`Dialling`]).
#[derive(Clone)]
pub struct KosClient(Arc<Shared>);

pub(super) struct Shared {
    pub(super) base: String,
    pub(super) inquiries: Lane,
    changes: Lane,
    pub(super) retries: RetryBudget,
    pub(super) metrics: CallMetrics,
    pub(super) ids: Ids,
    knows_customers: bool,
    bill: Breaker,
    line: Breaker,
    catalogue: Breaker,
    change: Breaker,
    status: Breaker,
}

impl KosClient {
    /// Opens no connection yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(
        config: &KosConfig,
        breaker: &BreakerConfig,
        clock: Clock,
        ids: Ids,
    ) -> Result<Self, reqwest::Error> {
        let breaker =
            |name, deadline| Breaker::new(name, breaker, deadline, clock.clone(), ids.clone());
        let spare = config.spare_connections();
        let dialling = Dialling::at_most(spare.div_ceil(2));
        let quota = Arc::new(Quota::per_minute(config.calls_per_minute));
        let metrics = CallMetrics::default();
        let http = || client_builder(&config.url, config.connect_timeout);
        let lane = |http: ClientBuilder, places, patience| {
            Ok::<_, reqwest::Error>(Lane {
                http: http.build()?,
                places: Places::new(places, config.place_timeout),
                patience,
                body_limit: config.body_limit,
                quota: quota.clone(),
                metrics: metrics.clone(),
                clock: clock.clone(),
            })
        };
        Ok(Self(Arc::new(Shared {
            base: format!("{}{BASE_PATH}", config.url),
            inquiries: lane(
                http()
                    .pool_idle_timeout(IDLE_CONNECTION)
                    .pool_max_idle_per_host(spare / 2)
                    .connector_layer(dialling),
                config.inquiry_places,
                config.inquiry_timeout,
            )?,
            // A connection of its own per change: on a kept one that died meanwhile, the HTTP
            // library sends again by itself, and a change is sent once.
            changes: lane(
                http().pool_max_idle_per_host(0),
                config.change_places,
                config.change_timeout,
            )?,
            retries: RetryBudget::default(),
            bill: breaker("kos.bill", config.inquiry_timeout),
            line: breaker("kos.line", config.inquiry_timeout),
            catalogue: breaker("kos.catalogue", config.inquiry_timeout),
            change: breaker("kos.change", config.change_timeout),
            status: breaker("kos.change_status", config.inquiry_timeout),
            metrics,
            ids,
            knows_customers: config.customer_ids_agree,
        })))
    }

    /// The bill of a line for a month.
    ///
    /// # Errors
    /// [`KosError`]; refused with `LineNotFound`, `LineNotActive`, `NoBill`.
    pub async fn bill(
        &self,
        request_id: &str,
        line: &LineNumber,
        month: BillingMonth,
    ) -> Result<KosBill, KosError> {
        let body = BillRequest {
            line_number: line.as_str(),
            billing_month: month.compact(),
            request_id,
        };
        let request = self.0.post("/bill/inquiry", request_id, &body)?;
        self.0
            .inquire(&self.0.bill, request, |status, body| {
                translate::bill(read(status, body)?, line, month)
            })
            .await
    }

    /// A line, its state and the plan it is on.
    ///
    /// # Errors
    /// [`KosError`]; refused with `LineNotFound`, `LineNotActive`, `ProductFactsMissing`.
    pub async fn line(&self, request_id: &str, line: &LineNumber) -> Result<KosLine, KosError> {
        let body = LineRequest {
            line_number: line.as_str(),
            request_id,
        };
        let request = self.0.post("/product/inquiry", request_id, &body)?;
        self.0
            .inquire(&self.0.line, request, |status, body| {
                translate::line(read(status, body)?, line)
            })
            .await
    }

    /// Every plan, including those not on sale.
    ///
    /// # Errors
    /// [`KosError`].
    pub async fn catalogue(&self, request_id: &str) -> Result<Vec<CatalogueProduct>, KosError> {
        let request = self.0.get("/product/list", request_id)?;
        self.0
            .inquire(&self.0.catalogue, request, |status, body| {
                translate::catalogue(read(status, body)?)
            })
            .await
    }

    /// Whether a change could be sent now; checked before one is recorded.
    ///
    /// # Errors
    /// [`KosError::Unavailable`] while the breaker of changes is open, and when no place for a change
    /// became free in time.
    pub async fn may_change(&self) -> Result<(), KosError> {
        self.0.change.peek().map_err(refused)?;
        // Given back at once: it is taken again for the call, and may be gone by then.
        let place = self.0.changes.places.take().await;
        place.map(drop).ok_or_else(no_place)
    }

    /// Changes a line's plan; sent once at most. `from` is what the line is believed to be on.
    /// `may_send` is asked when nothing but the connection stands between here and the wire.
    ///
    /// While its breaker is half-open, an inquiry about the line is the experiment and the change
    /// goes out only once the breaker has closed.
    ///
    /// # Errors
    /// [`KosChangeError`].
    pub async fn change(
        &self,
        request_id: &str,
        line: &LineNumber,
        from: &ProductCode,
        to: &ProductCode,
        may_send: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<KosChange, KosChangeError> {
        let body = ChangeRequest {
            line_number: line.as_str(),
            current_product_code: from.as_str(),
            target_product_code: to.as_str(),
            request_id,
        };
        let request = self
            .0
            .post("/product/change", request_id, &body)
            .map_err(KosChangeError::NotSent)?;
        let breaker = &self.0.change;
        breaker
            .peek()
            .map_err(|open| KosChangeError::NotSent(self.0.turned_away(breaker, open)))?;
        let admission = self.admit_change(request_id, line, may_send);
        let read = |status, body: &[u8]| translate::change(read(status, body)?, line, to);
        let changes = &self.0.changes;
        let called = changes.call(breaker.name(), changes.deadline(), admission, request, read);
        match called.await {
            Ok(change) => Ok(change),
            Err(Ended::NotSent(error)) => Err(KosChangeError::NotSent(error)),
            Err(Ended::Sent(KosError::Refused(refusal))) => {
                Err(KosChangeError::Refused(refusal.reject_reason()))
            }
            Err(Ended::Sent(KosError::Failed(Failure::NotFinished))) => {
                Err(KosChangeError::Accepted)
            }
            Err(Ended::Sent(error)) => Err(KosChangeError::Unclear(error)),
        }
    }

    /// What KOS recorded of a change. Needs a KOS that offers K1.
    ///
    /// # Errors
    /// [`KosError`]; a plain 404 is a failure, not "never applied".
    pub async fn change_status(&self, request_id: &str) -> Result<ChangeLookup, KosError> {
        let path = format!("/product/change/{request_id}");
        let request = self.0.get(&path, request_id)?;
        self.0
            .inquire(&self.0.status, request, |status, body| {
                translate::lookup(read(status, body), request_id)
            })
            .await
    }

    /// The state of the breakers, reported only: readiness does not depend on KOS.
    pub fn health(&self) -> KosHealth {
        let shared = &self.0;
        let breakers = [
            &shared.bill,
            &shared.line,
            &shared.catalogue,
            &shared.change,
            &shared.status,
        ];
        KosHealth {
            operations: breakers.map(Breaker::snapshot).to_vec(),
        }
    }

    /// Whether a customer's id that it tells is of the accounts' set.
    pub(super) fn knows_customers(&self) -> bool {
        self.0.knows_customers
    }

    /// The metrics of the calls.
    pub fn metrics(&self) -> &CallMetrics {
        &self.0.metrics
    }

    /// The places of inquiries and of changes, by name.
    pub(super) fn places(&self) -> [(&'static str, &Places); 2] {
        [
            ("inquiry", &self.0.inquiries.places),
            ("change", &self.0.changes.places),
        ]
    }

    /// A permit to send a change, after as many probing inquiries as the breaker asks for.
    async fn admit_change(
        &self,
        request_id: &str,
        line: &LineNumber,
        may_send: &(dyn Fn() -> bool + Send + Sync),
    ) -> Result<Ticket, KosError> {
        loop {
            if !may_send() {
                return Err(KosError::too_late());
            }
            match self.0.change.admit_settled() {
                Ok(ticket) => {
                    crash_point!("submit.send.socket");
                    return Ok(ticket);
                }
                Err(Unsettled::Refused(open)) => return Err(refused(open)),
                Err(Unsettled::Probe(probe)) => match self.line(request_id, line).await {
                    Ok(_) | Err(KosError::Refused(_)) => probe.succeeded(),
                    Err(error) => {
                        if error.is_local(self.0.line.snapshot().state) {
                            probe.unused();
                        } else {
                            probe.failed();
                        }
                        return Err(error);
                    }
                },
            }
        }
    }
}
