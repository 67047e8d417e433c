//! The bill port: menu, inquiry, glance, comparison, recent bills, history.

use super::{
    answer::{self, Answer},
    comparison,
    journal::Journal,
    measures::JournalMeasures,
    month_range, recent,
    record::{Asked, InquiryDone},
    recorder::Recorder,
    store_inquiry::{self, InquiryRow},
    written::WrittenBills,
};
use crate::{
    clock::{self, Clock},
    config::BillConfig,
    db::{Db, HistorySlice},
    error::{AppError, AppResult},
    ids::Ids,
    kos::{HeldLine, KosFacts},
    outbox::{self, OutboxBell},
    tasks::Tasks,
};
use app::{
    model::{
        Bill, BillMenu, BillingMonth, Comparison, InquiryRecord, Line, LineId, Page, Principal,
        RecentBills,
    },
    problem::{Problem, ProblemCode},
    ssr::{BillPort, BillQuery, HistoryQuery},
};
use async_trait::async_trait;
use prometheus_client::registry::Registry;
use std::{collections::HashMap, sync::Arc, time::Duration};

/// How long a bill waits for the price list; after that it goes without, and the next one finds it
/// cached.
const CATALOGUE_PATIENCE: Duration = Duration::from_millis(300);

/// Bill inquiry for the customers of the MVNO. Cheap to clone.
#[derive(Clone)]
pub struct BillInquiry(Arc<Parts>);

struct Parts {
    db: Db,
    facts: KosFacts,
    recorder: Recorder,
    measures: JournalMeasures,
    written: WrittenBills,
    clock: Clock,
    ids: Ids,
    tasks: Tasks,
}

impl BillInquiry {
    /// `bell` wakes the relay of the outbox in `db`.
    pub fn new(
        db: Db,
        facts: KosFacts,
        bell: OutboxBell,
        config: &BillConfig,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        let measures = JournalMeasures::default();
        let journal = Journal::new(config.clone(), measures.clone(), ids.clone(), clock.clone());
        let recorder = Recorder::new(
            db.clone(),
            bell,
            journal,
            measures.clone(),
            clock.clone(),
            tasks.clone(),
        );
        Self(Arc::new(Parts {
            recorder,
            measures,
            written: WrittenBills::new(clock.clone()),
            db,
            facts,
            clock,
            ids,
            tasks,
        }))
    }

    /// Starts the worker that commits what the journals hold, this process's and those of dead ones.
    pub fn start_recorder(&self) {
        self.0.recorder.start();
    }

    /// Registers the metrics of the journal.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.0.measures.register(registry);
    }

    /// Measures the inquiries that a person has to look at.
    pub async fn measure_set_aside(&self) {
        self.0.recorder.measure_set_aside().await;
    }

    /// The line and the month meant.
    fn subject(&self, who: &Principal, query: &BillQuery) -> AppResult<(Line, BillingMonth)> {
        let line = own_line(who, query.line.as_ref())?;
        let month = month_range::resolve(query.month, self.0.clock.current_month())
            .map_err(|field| AppError::validation(vec![field]))?;
        Ok((line, month))
    }

    async fn ask(&self, who: &Principal, query: &BillQuery) -> AppResult<Bill> {
        let (line, month) = self.subject(who, query)?;
        let held = HeldLine::of(who, &line);
        let told = self.0.facts.bill(&held, month).await?;
        let bill = answer::bill(self.0.ids.uuid(), &line, &told);
        Ok(self.completed(bill).await)
    }

    /// The bill, with missing allowances from the price list.
    async fn completed(&self, mut bill: Bill) -> Bill {
        if answer::lacks_allowance(&bill.usage) {
            let catalogue =
                tokio::time::timeout(CATALOGUE_PATIENCE, self.0.facts.catalogue()).await;
            if let Ok(Ok(catalogue)) = catalogue {
                answer::complete_allowances(&mut bill, &catalogue.value);
            }
        }
        bill
    }

    async fn answer(&self, asked: &Asked) -> AppResult<Answer> {
        let told = self.0.facts.bill(&asked.held_line(), asked.month).await?;
        let answer = if answer::lacks_allowance(&told.value.usage) {
            let bill = answer::bill(asked.request_id.clone(), &asked.line, &told);
            Answer::of(&Box::pin(self.completed(bill)).await)
        } else {
            self.0.written.answer(asked, &told)
        };
        answer.map_err(unreadable)
    }

    async fn answer_and_record(self, asked: Asked) -> Result<Answer, Problem> {
        let answer = self.answer(&asked).await.map_err(AppError::into_problem);
        let done = InquiryDone {
            asked: &asked,
            processed_at: self.0.clock.now_ms(),
            outcome: answer.as_ref(),
        };
        self.0.recorder.record(&done).await?;
        answer
    }

    /// One inquiry, recorded even if the caller leaves.
    async fn inquired(&self, who: &Principal, query: BillQuery) -> Result<Answer, Problem> {
        let (line, month) = self.subject(who, &query)?;
        let asked = Asked::by(who, &line, month, self.0.ids.uuid(), self.0.clock.now_ms());
        self.0
            .tasks
            .finish(self.clone().answer_and_record(asked))
            .await
            .map_err(AppError::from)?
    }

    async fn find_history(
        &self,
        who: &Principal,
        query: HistoryQuery,
    ) -> AppResult<Page<InquiryRecord>> {
        let line = match &query.line {
            Some(wanted) => Some(own_line(who, Some(wanted))?),
            None => None,
        };
        let line_id = line.as_ref().map(|line| line.line_id.0.as_str());
        let slice = HistorySlice::of(&query).ok_or_else(|| Problem::malformed("cursor"))?;
        self.0.recorder.caught_up().await;
        let rows = store_inquiry::find_slice(&self.0.db, &who.account_id, line_id, &slice).await?;
        let page = slice.page(rows, InquiryRow::key);
        let ids: Vec<_> = page
            .items
            .iter()
            .map(|row| row.request_id.clone())
            .collect();
        let delivered = outbox::delivered_at(&self.0.db, &ids).await?;
        let records = page
            .items
            .into_iter()
            .map(|row| inquiry_record(row, &delivered));
        Ok(Page {
            items: records.collect::<AppResult<_>>()?,
            next_cursor: page.next_cursor,
        })
    }
}

#[async_trait]
impl BillPort for BillInquiry {
    async fn menu(&self, who: &Principal, line: Option<LineId>) -> Result<BillMenu, Problem> {
        let line = own_line(who, line.as_ref())?;
        let current_month = self.0.clock.current_month();
        Ok(BillMenu {
            lines: who.user.lines.clone(),
            line_id: line.line_id,
            current_month,
            months: current_month.selectable(),
        })
    }

    async fn inquire(&self, who: &Principal, query: BillQuery) -> Result<Bill, Problem> {
        let answer = self.inquired(who, query).await?;
        Ok(answer.bill().map_err(unreadable)?)
    }

    async fn inquire_json(&self, who: &Principal, query: BillQuery) -> Result<String, Problem> {
        Ok(self.inquired(who, query).await?.into_json())
    }

    async fn glance(&self, who: &Principal, query: BillQuery) -> Result<Bill, Problem> {
        Ok(self.ask(who, &query).await?)
    }

    async fn previous_bill(
        &self,
        who: &Principal,
        line: Option<LineId>,
    ) -> Result<Option<Bill>, Problem> {
        let line = own_line(who, line.as_ref())?;
        let month = self.0.clock.current_month();
        let (request_id, months) = (self.0.ids.uuid(), [month, month.previous()]);
        let around = comparison::around(&self.0.facts, request_id, who, &line, month, &months);
        Ok(around.await.earlier)
    }

    async fn recent(&self, who: &Principal, line: Option<LineId>) -> Result<RecentBills, Problem> {
        let line = own_line(who, line.as_ref())?;
        let (held, month) = (HeldLine::of(who, &line), self.0.clock.current_month());
        Ok(recent::told_soon(&self.0.facts, &held, month).await)
    }

    async fn compare(&self, who: &Principal, query: BillQuery) -> Result<Comparison, Problem> {
        let (line, month) = self.subject(who, &query)?;
        let months = self.0.clock.current_month().selectable();
        let request_id = self.0.ids.uuid();
        Ok(comparison::around(&self.0.facts, request_id, who, &line, month, &months).await)
    }

    async fn history(
        &self,
        who: &Principal,
        query: HistoryQuery,
    ) -> Result<Page<InquiryRecord>, Problem> {
        Ok(self.find_history(who, query).await?)
    }
}

/// An answer that has no JSON form, or does not read back.
fn unreadable(error: serde_json::Error) -> AppError {
    AppError::because(ProblemCode::Internal, error)
}

/// Another customer's line and an unknown line are the same refusal.
fn own_line(who: &Principal, wanted: Option<&LineId>) -> AppResult<Line> {
    who.line(wanted)
        .cloned()
        .ok_or_else(|| AppError::new(ProblemCode::LineNotFound))
}

fn inquiry_record(row: InquiryRow, delivered: &HashMap<String, i64>) -> AppResult<InquiryRecord> {
    Ok(InquiryRecord {
        status: row.status()?,
        source: row.source()?,
        month: row
            .month
            .parse()
            .map_err(|_| row.corrupt("bill_request", "month"))?,
        delivered_at: delivered.get(&row.request_id).copied().map(clock::kst),
        requested_at: clock::kst(row.requested_at),
        processed_at: Some(clock::kst(row.processed_at)),
        request_id: row.request_id,
        line_id: LineId(row.line_id),
        result_code: row.result_code,
    })
}
