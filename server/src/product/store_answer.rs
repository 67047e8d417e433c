//! The table `product_answer`: what each idempotency key was answered.

use super::{
    ports::{Refusal, StoredAnswer},
    record::ChangeRecord,
};
use crate::db::{Db, DbError, Sql, Tx, execute, fetch_optional};
use app::model::IdempotencyKey;

const FIND: Sql = Sql::same(
    "SELECT fingerprint, request_id, answer FROM product_answer
      WHERE account_id = $1 AND idempotency_key = $2",
);
const INSERT: Sql = Sql::same(
    "INSERT INTO product_answer
         (account_id, idempotency_key, fingerprint, request_id, answer, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
);
// The first answer stands.
const ANSWER: Sql = Sql::same(
    "UPDATE product_answer SET answer = $4
      WHERE account_id = $1 AND idempotency_key = $2 AND request_id = $3 AND answer IS NULL",
);
const WITHDRAW: Sql = Sql::same(
    "DELETE FROM product_answer
      WHERE account_id = $1 AND idempotency_key = $2 AND request_id = $3 AND answer IS NULL",
);

/// Answers by account and key.
#[derive(Clone, Debug)]
pub struct AnswerStore {
    db: Db,
}

impl AnswerStore {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    pub async fn find(
        &self,
        account_id: &str,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredAnswer>, DbError> {
        fetch_optional!(self.db.read(), StoredAnswer, FIND, account_id, key.as_str())
    }

    /// Stores the answer to a request that ended before a change was begun. `false`: the key is
    /// taken.
    pub async fn insert_answered(&self, refusal: &Refusal<'_>) -> Result<bool, DbError> {
        let rows = execute!(
            self.db.write(),
            INSERT,
            refusal.account_id,
            refusal.key.as_str(),
            refusal.fingerprint,
            None::<&str>,
            refusal.answer,
            refusal.now_ms,
        )?;
        Ok(rows == 1)
    }

    /// Takes the key for a change that begins. `false`: it is taken.
    pub async fn insert_running(
        tx: &mut Tx,
        change: &ChangeRecord,
        fingerprint: &str,
    ) -> Result<bool, DbError> {
        let rows = execute!(
            tx.target(),
            INSERT,
            &change.account_id,
            change.idempotency_key.as_str(),
            fingerprint,
            &change.request_id.0,
            None::<&str>,
            change.requested_at_ms,
        )?;
        Ok(rows == 1)
    }

    /// Stores the answer of a change, unless there is one.
    pub async fn answer(tx: &mut Tx, change: &ChangeRecord, answer: &str) -> Result<(), DbError> {
        execute!(
            tx.target(),
            ANSWER,
            &change.account_id,
            change.idempotency_key.as_str(),
            &change.request_id.0,
            answer,
        )?;
        Ok(())
    }

    /// Frees the key of a change of which nothing was sent. `false`: it has been answered.
    pub async fn withdraw(tx: &mut Tx, change: &ChangeRecord) -> Result<bool, DbError> {
        let rows = execute!(
            tx.target(),
            WITHDRAW,
            &change.account_id,
            change.idempotency_key.as_str(),
            &change.request_id.0,
        )?;
        Ok(rows == 1)
    }
}
