//! Reads the database for the judge.

use super::customer::USER;
use crate::laws::ledgers::{AnswerRow, ChangeRow, HistoryRow, Moment, OutboxRow, Record, State};
use anyhow::{Context, Result};
use serde_json::Value;
use sqlx::{
    Connection as _, Executor, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};
use std::path::Path;

/// The rig's own connection.
pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

macro_rules! rows {
    ($connection:expr, $sql:expr) => {
        match $connection {
            Connection::Sqlite(one) => sqlx::query_as($sql).fetch_all(one).await,
            Connection::Postgres(one) => sqlx::query_as($sql).fetch_all(one).await,
        }
    };
}

impl Connection {
    /// # Errors
    /// The file is not a database.
    pub async fn sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(std::time::Duration::from_secs(60));
        Ok(Self::Sqlite(
            SqliteConnection::connect_with(&options).await?,
        ))
    }

    /// # Errors
    /// There is no such database.
    pub async fn postgres(url: &str) -> Result<Self> {
        Ok(Self::Postgres(PgConnection::connect(url).await?))
    }

    /// Checkpoints SQLite's log into the file.
    ///
    /// # Errors
    /// The database fails.
    pub async fn close(self) -> Result<()> {
        match self {
            Self::Sqlite(one) => one.close().await?,
            Self::Postgres(one) => one.close().await?,
        }
        Ok(())
    }

    /// Runs a statement without parameters.
    ///
    /// # Errors
    /// The database fails.
    pub async fn run(&mut self, sql: String) -> Result<()> {
        let sql = sqlx::AssertSqlSafe(sql);
        match self {
            Self::Sqlite(one) => one.execute(sql).await.map(|_| ())?,
            Self::Postgres(one) => one.execute(sql).await.map(|_| ())?,
        }
        Ok(())
    }

    /// The first column of a query without parameters.
    ///
    /// # Errors
    /// The database fails.
    pub async fn texts(&mut self, sql: &'static str) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = rows!(self, sql)?;
        Ok(rows.into_iter().map(|(text,)| text).collect())
    }

    /// Open changes, except those that wait for a person, and undelivered events.
    ///
    /// # Errors
    /// The database fails.
    pub async fn unsettled(&mut self) -> Result<i64> {
        let counted: Vec<(i64,)> = rows!(
            self,
            "SELECT (SELECT COUNT(*) FROM product_change
                      WHERE state IN ('INTENT', 'CALLING', 'UNKNOWN'))
                  + (SELECT COUNT(*) FROM outbox WHERE state <> 'DELIVERED')"
        )?;
        Ok(counted.first().map_or(0, |(count,)| *count))
    }

    /// The generation of a line; 0 before its first change.
    ///
    /// # Errors
    /// The database fails.
    pub async fn generation(&mut self, line: &str) -> Result<i64> {
        let sql = "SELECT generation FROM line_generation WHERE line_number = $1";
        let row: Option<(i64,)> = match self {
            Self::Sqlite(one) => sqlx::query_as(sql).bind(line).fetch_optional(one).await,
            Self::Postgres(one) => sqlx::query_as(sql).bind(line).fetch_optional(one).await,
        }?;
        Ok(row.map_or(0, |(generation,)| generation))
    }

    /// Per change: when the commit that allows its send was made (epoch milliseconds; 0: never), and
    /// whether it was found applied after it had been shown as not applied.
    ///
    /// # Errors
    /// The database fails.
    pub async fn calls(&mut self) -> Result<Vec<(String, i64, bool)>> {
        let rows: Vec<(String, i64, i64)> = rows!(
            self,
            "SELECT request_id, COALESCE(called_at, 0), COALESCE(late_at, 0) FROM product_change"
        )?;
        let calls = rows.into_iter();
        Ok(calls
            .map(|(id, called_at, late_at)| (id, called_at, late_at > 0))
            .collect())
    }

    /// # Errors
    /// The database fails.
    pub async fn moment(&mut self) -> Result<Moment> {
        let states: Vec<(String, String, String)> = rows!(
            self,
            "SELECT line_number, request_id, state FROM product_change"
        )?;
        let states = states
            .into_iter()
            .map(|(line, id, name)| Ok((line, id, state(&name)?)));
        Ok(Moment {
            states: states.collect::<Result<_>>()?,
        })
    }

    /// # Errors
    /// The database fails.
    pub async fn record(&mut self) -> Result<Record> {
        let changes: Vec<(String, String, String, String, String, String, String)> = rows!(
            self,
            "SELECT request_id, user_id, idempotency_key, line_number, from_code, to_code, state
               FROM product_change JOIN auth_account USING (account_id)
              ORDER BY requested_at, request_id"
        )?;
        let history: Vec<(String, String, i64, String, String, String)> = rows!(
            self,
            "SELECT event_id, line_number, line_seq, request_id, state, payload
               FROM product_history ORDER BY line_number, line_seq"
        )?;
        let outbox: Vec<(String, String, String)> = rows!(
            self,
            "SELECT event_id, line_number, body FROM outbox
              WHERE kind = 'PRODUCT_CHANGE' ORDER BY position"
        )?;
        let answers: Vec<(String, Option<String>)> =
            rows!(self, "SELECT idempotency_key, answer FROM product_answer")?;
        Ok(Record {
            changes: changes
                .into_iter()
                .map(|(request_id, account, key, line, from, to, name)| {
                    let state = state(&name)?;
                    Ok(ChangeRow {
                        request_id,
                        account,
                        key,
                        line,
                        from,
                        to,
                        state,
                    })
                })
                .collect::<Result<_>>()?,
            history: history
                .into_iter()
                .map(|(event_id, line, seq, request_id, name, payload)| {
                    let (state, payload) = (state(&name)?, canonical(&payload)?.to_string());
                    Ok(HistoryRow {
                        event_id,
                        line,
                        seq,
                        request_id,
                        state,
                        payload,
                    })
                })
                .collect::<Result<_>>()?,
            outbox: outbox
                .into_iter()
                .map(|(event_id, line, body)| {
                    let payload = canonical(&body)?["payload"].to_string();
                    Ok(OutboxRow {
                        event_id,
                        line,
                        payload,
                    })
                })
                .collect::<Result<_>>()?,
            answers: answers
                .into_iter()
                .map(|(key, answer)| AnswerRow {
                    account: USER.into(),
                    key,
                    answer,
                })
                .collect(),
            bill_inquiries: self
                .texts("SELECT request_id FROM bill_request JOIN bill_result USING (request_id)")
                .await?,
            chain_broken_at: None,
        })
    }
}

fn state(name: &str) -> Result<State> {
    State::of_name(name).with_context(|| format!("no state: {name}"))
}

fn canonical(text: &str) -> Result<Value> {
    serde_json::from_str(text).context("not JSON")
}
