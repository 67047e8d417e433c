//! The fault: KOS is called first and again under a new id after an unclear answer, and the record is
//! written last.

use crate::simulation::machine::{Machine, Parts, real};
use app::{
    model::{Change, Line, Principal, RequestId},
    problem::{Problem, ProblemCode},
    ssr::ChangeCommand,
};
use async_trait::async_trait;
use serde_json::json;
use server::{
    kos::KosChangeError,
    outbox::{EventKind, EventResult, NewEvent},
    product::{ChangeRecord, ChangeState, Outcome, ports::Ending},
};
use std::{sync::Arc, time::Duration};

const TRIES: u32 = 3;

pub fn build(parts: Parts) -> Arc<dyn Machine> {
    Arc::new(Naive {
        real: real(parts.clone()),
        parts,
    })
}

struct Naive {
    /// Shows statuses.
    real: Arc<dyn Machine>,
    parts: Parts,
}

#[async_trait]
impl Machine for Naive {
    async fn request(&self, who: &Principal, command: ChangeCommand) -> Result<Change, Problem> {
        let away = || Problem::of(ProblemCode::Unavailable);
        let line = who
            .line(Some(&command.draft.line_id))
            .ok_or_else(|| Problem::of(ProblemCode::LineNotFound))?;
        for _ in 0..TRIES {
            let change = self.fresh(who, line, &command);
            match self.parts.ports.kos.change(&change, &|| true).await {
                Ok(_) => return self.record(change).await.ok_or_else(away),
                Err(KosChangeError::Refused(reason)) => {
                    return Err(Problem::rejected(reason, change.request_id));
                }
                Err(_) => {}
            }
        }
        Err(away())
    }

    async fn status(&self, who: &Principal, id: &RequestId) -> Result<Change, Problem> {
        self.real.status(who, id).await
    }

    async fn reconcile_once(&self) {
        self.real.reconcile_once().await;
    }
}

impl Naive {
    fn fresh(&self, who: &Principal, line: &Line, command: &ChangeCommand) -> ChangeRecord {
        let plan = |code: &app::model::ProductCode| app::model::ProductName {
            code: code.clone(),
            name: code.as_str().to_owned(),
        };
        ChangeRecord {
            request_id: RequestId(self.parts.ids.uuid()),
            account_id: who.account_id.clone(),
            customer_id: who.user.customer_id.clone(),
            line: line.clone(),
            from: plan(&command.draft.current_product_code),
            to: plan(&command.draft.target_product_code),
            idempotency_key: command.key.clone(),
            trace_id: command.trace_id.clone(),
            state: ChangeState::Intent,
            outcome: None,
            requested_at_ms: self.parts.clock.now_ms(),
            processed_at_ms: None,
            receipt: None,
            late_at_ms: None,
        }
    }

    async fn record(&self, change: ChangeRecord) -> Option<Change> {
        let ledger = &self.parts.ports.ledger;
        let generation = ledger.generation(&change.line.line_number).await.ok()?;
        let (owner, lease) = (self.parts.ids.uuid(), Duration::from_secs(3));
        ledger
            .begin(&change, generation, "fingerprint", &owner, lease)
            .await
            .ok()?;
        ledger
            .start_call(&change.request_id, &owner, lease)
            .await
            .ok()?;
        let now_ms = self.parts.clock.now_ms();
        let done = Outcome::Completed {
            effective_date: None,
            kos_order_number: None,
        };
        let ended = change.ended(done, now_ms);
        let ending = Ending {
            event: NewEvent {
                event_id: self.parts.ids.uuid(),
                kind: EventKind::ProductChange,
                customer_id: ended.customer_id.clone(),
                line_number: ended.line.line_number.clone(),
                occurred_at_ms: now_ms,
                result: EventResult::Success,
                message: String::new(),
                payload: json!({"requestId": ended.request_id, "failure": null}),
            },
            from: ChangeState::Calling,
            owner,
            ended: ended.clone(),
            note: None,
        };
        ledger.end(&ending).await.ok()??;
        Some(ended.view())
    }
}
