//! The port of product change.

use super::{
    answer::Answer,
    draft::{find, own_line, refuse_same_product},
    eligibility,
    line_now::LineNow,
    ports::{ChangeKos, ChangeLedger, ChangePorts, EndListener},
    recheck::LateWatch,
    reconcile::{ReconcilePace, reconcile},
    record::ChangeRecord,
    rules::ChangeRules,
    store_ledger::SqlLedger,
    wiring::{CacheAndRelay, KosOverHttp},
};
use crate::{
    clock::Clock,
    config::KosConfig,
    db::{Db, DbError, HistorySlice, Keyset},
    error::{AppError, AppResult, Chain},
    ids::Ids,
    kos::{BELIEVED, CatalogueProduct, HeldLine, KosClient, KosFacts},
    outbox::OutboxBell,
    tasks::Tasks,
};
use app::{
    model::{
        Change, ChangeDraft, ChangeOptions, CheckResult, CheckType, IdempotencyKey, KeyUse, Line,
        LineId, Page, PreCheck, Principal, ProductCode, ProductMenu, RequestId, Won,
    },
    problem::{Problem, ProblemCode},
    ssr::{ChangeCommand, HistoryQuery, ProductPort},
};
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// Product change. Cheap to clone.
#[derive(Clone)]
pub struct ProductChange(Arc<Inner>);

#[derive(Clone)]
pub(super) struct Inner {
    pub(super) ledger: Arc<dyn ChangeLedger>,
    pub(super) kos: Arc<dyn ChangeKos>,
    pub(super) listener: Arc<dyn EndListener>,
    pub(super) rules: ChangeRules,
    pub(super) clock: Clock,
    pub(super) ids: Ids,
    pub(super) tasks: Tasks,
    pub(super) pace: ReconcilePace,
}

impl ProductChange {
    #[expect(
        clippy::too_many_arguments,
        reason = "the composition root names each once"
    )]
    pub fn new(
        db: Db,
        kos: KosClient,
        facts: KosFacts,
        bell: OutboxBell,
        config: &KosConfig,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        let ports = ChangePorts {
            ledger: Arc::new(SqlLedger::new(db)),
            kos: Arc::new(KosOverHttp {
                client: kos,
                facts: facts.clone(),
            }),
            listener: Arc::new(CacheAndRelay { facts, bell }),
        };
        Self::over(ports, ChangeRules::of(config), clock, ids, tasks)
    }

    /// The same machine over other ports: a ledger in memory, a simulated KOS.
    pub fn over(
        ports: ChangePorts,
        rules: ChangeRules,
        clock: Clock,
        ids: Ids,
        tasks: Tasks,
    ) -> Self {
        Self(Arc::new(Inner {
            ledger: ports.ledger,
            kos: ports.kos,
            listener: ports.listener,
            rules,
            clock,
            ids,
            tasks,
            pace: ReconcilePace::default(),
        }))
    }

    /// With a reconciler of another pace than the default one.
    pub fn with_pace(&self, pace: ReconcilePace) -> Self {
        Self(Arc::new(Inner {
            pace,
            ..(*self.0).clone()
        }))
    }

    /// Starts the worker that settles what was left open, also by a process that is gone.
    pub fn start_reconciler(&self) {
        self.0.tasks.start(reconcile(self.0.clone()));
    }

    /// The worker that finds changes which KOS applied after they had been told as not applied.
    pub fn late_watch(&self, db: Db) -> LateWatch {
        let inner = &self.0;
        let asks_by_request_id = inner.rules.asks_by_request_id;
        LateWatch::new(
            db,
            inner.kos.clone(),
            asks_by_request_id,
            inner.tasks.clone(),
        )
    }

    /// One turn of that worker: takes over what is due, asks about it, writes down what follows.
    ///
    /// # Errors
    /// [`DbError`] when the ledger cannot tell what is due.
    pub async fn reconcile_once(&self) -> Result<(), DbError> {
        self.0.reconcile_due().await
    }
}

#[async_trait]
impl ProductPort for ProductChange {
    async fn menu(&self, who: &Principal, line: Option<LineId>) -> Result<ProductMenu, Problem> {
        Ok(self.0.menu(who, line.as_ref()).await?)
    }

    async fn options(
        &self,
        who: &Principal,
        line: Option<LineId>,
    ) -> Result<ChangeOptions, Problem> {
        Ok(self.0.options(who, line.as_ref()).await?)
    }

    async fn fee(
        &self,
        who: &Principal,
        line: &LineId,
        product: &ProductCode,
    ) -> Result<Option<Won>, Problem> {
        Ok(self.0.fee(who, line, product).await?)
    }

    async fn check(&self, who: &Principal, draft: ChangeDraft) -> Result<PreCheck, Problem> {
        let (now, catalogue) = self.0.facts_for(who, &draft).await?;
        let target = find(&catalogue, &draft);
        Ok(eligibility::check_all(&now.facts(target)))
    }

    async fn check_one(
        &self,
        who: &Principal,
        draft: ChangeDraft,
        check: CheckType,
    ) -> Result<CheckResult, Problem> {
        let (now, catalogue) = self.0.facts_for(who, &draft).await?;
        let target = find(&catalogue, &draft);
        Ok(eligibility::check(&now.facts(target), check))
    }

    async fn request(&self, who: &Principal, command: ChangeCommand) -> Result<Change, Problem> {
        let (inner, who) = (self.0.clone(), who.clone());
        let submitted: Answer = self
            .0
            .tasks
            .finish(async move { inner.submit(&who, &command).await })
            .await
            .map_err(AppError::from)?;
        submitted
    }

    async fn open_change(
        &self,
        who: &Principal,
        line: Option<&LineId>,
    ) -> Result<Option<RequestId>, Problem> {
        Ok(self.0.open_change(who, line).await?)
    }

    async fn use_of_key(&self, who: &Principal, key: &IdempotencyKey) -> Result<KeyUse, Problem> {
        Ok(self.0.use_of_key(who, key).await?)
    }

    async fn status(&self, who: &Principal, request: &RequestId) -> Result<Change, Problem> {
        Ok(self.0.status(who, request).await?)
    }

    async fn history(&self, who: &Principal, query: HistoryQuery) -> Result<Page<Change>, Problem> {
        let slice = HistorySlice::of(&query).ok_or_else(|| Problem::malformed("cursor"))?;
        if let Some(line) = &query.line {
            own_line(who, Some(line))?;
        }
        let changes = self
            .0
            .ledger
            .list(&who.account_id, query.line.as_ref(), &slice)
            .await
            .map_err(AppError::from)?;
        let page = slice.page(changes, |change| Keyset {
            at_ms: change.requested_at_ms,
            id: change.request_id.0.clone(),
        });
        Ok(Page {
            items: page.items.iter().map(ChangeRecord::view).collect(),
            next_cursor: page.next_cursor,
        })
    }
}

impl Inner {
    /// Waits until no replica believes a generation of the line from before it was known to be
    /// changing, `open_since` (monotonic) at the latest. An end is committed after this.
    pub(super) async fn let_generations_lapse(&self, open_since: Duration) {
        let passed = self.clock.monotonic().saturating_sub(open_since);
        self.clock.sleep(BELIEVED.saturating_sub(passed)).await;
    }

    /// KOS shows another plan of that line than was shown: where the refusal leads to, the cache must not
    /// show it again. If that fails, it does until the entry is too old.
    pub(super) async fn outdate(&self, line: &Line) {
        let (ledger, number) = (self.ledger.clone(), line.line_number.clone());
        // A task, since a customer who leaves must not cancel a write.
        let raised = self.tasks.finish(async move {
            if let Err(error) = ledger.raise_generation(&number).await {
                let error = Chain(&error);
                tracing::warn!(%error, "the cache may show a plan that the line has left");
            }
        });
        raised.await.ok();
    }

    /// The line now, and the price list.
    pub(super) async fn facts_of(
        &self,
        who: &Principal,
        line: &Line,
    ) -> AppResult<(LineNow, Vec<CatalogueProduct>)> {
        let held = HeldLine::of(who, line);
        let (now, catalogue) =
            tokio::join!(LineNow::ask(self.kos.as_ref(), &held), self.kos.catalogue());
        Ok((now?, catalogue?))
    }

    async fn facts_for(
        &self,
        who: &Principal,
        draft: &ChangeDraft,
    ) -> AppResult<(LineNow, Vec<CatalogueProduct>)> {
        let line = own_line(who, Some(&draft.line_id))?;
        refuse_same_product(draft)?;
        let (now, catalogue) = self.facts_of(who, line).await?;
        if now.is_not_on(&draft.current_product_code) {
            self.outdate(line).await;
            return Err(AppError::new(ProblemCode::CurrentProductChanged));
        }
        Ok((now, catalogue))
    }
}
