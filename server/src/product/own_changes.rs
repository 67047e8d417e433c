//! Finds single changes of a customer: by number, by key, and the open one of a line.

use super::{draft::own_line, record::ChangeRecord, service::Inner};
use crate::error::{AppError, AppResult};
use app::{
    model::{Change, IdempotencyKey, KeyUse, LineId, Principal, RequestId},
    problem::ProblemCode,
};
use std::time::Duration;
use tokio::time::timeout;

/// How long a page waits to be told of an open change; later it is shown without. Whoever then asks
/// for another one is still refused.
const OPEN_PATIENCE: Duration = Duration::from_millis(300);

impl Inner {
    /// The change with that number; `NOT_FOUND` also for another customer's.
    pub(super) async fn status(&self, who: &Principal, id: &RequestId) -> AppResult<Change> {
        if !id.is_well_formed() {
            return Err(AppError::new(ProblemCode::NotFound));
        }
        let change = self.own_change(who, id).await?;
        change
            .map(|change| change.view())
            .ok_or_else(|| AppError::new(ProblemCode::NotFound))
    }

    /// What the account has used that key for.
    pub(super) async fn use_of_key(
        &self,
        who: &Principal,
        key: &IdempotencyKey,
    ) -> AppResult<KeyUse> {
        let stored = self.ledger.find_answer(&who.account_id, key).await?;
        Ok(match stored.map(|stored| stored.request_id) {
            None => KeyUse::Unused,
            Some(Some(id)) => KeyUse::Change(RequestId(id)),
            Some(None) => KeyUse::Refused,
        })
    }

    /// The change of that line that has no end yet; the first line by default. `LINE_NOT_FOUND`;
    /// `UNAVAILABLE` where the database does not tell soon.
    pub(super) async fn open_change(
        &self,
        who: &Principal,
        line: Option<&LineId>,
    ) -> AppResult<Option<RequestId>> {
        let number = own_line(who, line)?.line_number.clone();
        let (inner, who) = (self.clone(), who.clone());
        // A task, since the statement outlives the patience.
        let told = self.tasks.finish(async move {
            let Some(id) = inner.ledger.find_open(&number).await? else {
                return Ok(None);
            };
            // A line can change hands while a change of it is open.
            let change = inner.own_change(&who, &id).await?;
            Ok(change.map(|change| change.request_id))
        });
        timeout(OPEN_PATIENCE, told)
            .await
            .map_err(|late| AppError::because(ProblemCode::Unavailable, late))??
    }

    /// The change with that number, if it is of that account.
    pub(super) async fn own_change(
        &self,
        who: &Principal,
        id: &RequestId,
    ) -> AppResult<Option<ChangeRecord>> {
        let change = self.ledger.find(id).await?;
        Ok(change.filter(|change| change.account_id == who.account_id))
    }
}
