//! A row of `product_change` and the record it stands for.

use super::{
    history_chain,
    lifecycle::State,
    record::{ChangeRecord, Outcome},
};
use crate::db::DbError;
use app::model::{Line, LineId, ProductName, RejectReason, RequestId};
use serde::{Deserialize, de::IntoDeserializer, de::value::Error as ValueError};

/// The columns of [`ChangeRow`], for `SELECT` and `RETURNING`.
macro_rules! columns {
    () => {
        "request_id, account_id, customer_id, line_id, line_number, from_code, from_name, to_code, \
         to_name, idempotency_key, trace_id, state, reason, effective_date, kos_order_number, \
         requested_at, processed_at, late_at, \
         (SELECT line_seq FROM product_history AS event \
           WHERE event.request_id = product_change.request_id) AS line_seq, \
         (SELECT hash FROM product_history AS event \
           WHERE event.request_id = product_change.request_id) AS hash"
    };
}
pub(super) use columns;

#[derive(sqlx::FromRow)]
pub(super) struct ChangeRow {
    pub request_id: String,
    account_id: String,
    customer_id: String,
    line_id: String,
    line_number: String,
    from_code: String,
    from_name: String,
    to_code: String,
    to_name: String,
    idempotency_key: String,
    trace_id: String,
    pub state: String,
    pub reason: Option<String>,
    pub effective_date: Option<String>,
    pub kos_order_number: Option<String>,
    requested_at: i64,
    pub processed_at: Option<i64>,
    late_at: Option<i64>,
    line_seq: Option<i64>,
    hash: Option<String>,
}

impl From<&ChangeRecord> for ChangeRow {
    fn from(change: &ChangeRecord) -> Self {
        let outcome = change.outcome.as_ref();
        let (effective_date, kos_order_number) = match outcome {
            Some(Outcome::Completed {
                effective_date,
                kos_order_number,
            }) => (
                effective_date.as_ref().map(|date| date.as_str().to_owned()),
                kos_order_number.clone(),
            ),
            _ => (None, None),
        };
        Self {
            request_id: change.request_id.0.clone(),
            account_id: change.account_id.clone(),
            customer_id: change.customer_id.clone(),
            line_id: change.line.line_id.0.clone(),
            line_number: change.line.line_number.as_str().to_owned(),
            from_code: change.from.code.as_str().to_owned(),
            from_name: change.from.name.clone(),
            to_code: change.to.code.as_str().to_owned(),
            to_name: change.to.name.clone(),
            idempotency_key: change.idempotency_key.as_str().to_owned(),
            trace_id: change.trace_id.clone(),
            state: change.state.as_str().to_owned(),
            reason: outcome.and_then(Outcome::reason).map(reason_name),
            effective_date,
            kos_order_number,
            requested_at: change.requested_at_ms,
            processed_at: change.processed_at_ms,
            late_at: change.late_at_ms,
            line_seq: None,
            hash: None,
        }
    }
}

impl TryFrom<ChangeRow> for ChangeRecord {
    type Error = DbError;

    fn try_from(row: ChangeRow) -> Result<Self, DbError> {
        let corrupt = |column| DbError::Corrupt {
            table: "product_change",
            column,
            id: row.request_id.clone(),
        };
        let state = State::of_name(&row.state).ok_or_else(|| corrupt("state"))?;
        let outcome = match state {
            State::Completed => Some(Outcome::Completed {
                effective_date: row
                    .effective_date
                    .as_deref()
                    .map(|date| date.parse().map_err(|_| corrupt("effective_date")))
                    .transpose()?,
                kos_order_number: row.kos_order_number.clone(),
            }),
            State::NotApplied => Some(Outcome::NotApplied),
            State::Rejected => {
                let reason = row.reason.as_deref().and_then(reason_of_name);
                Some(Outcome::Rejected(reason.ok_or_else(|| corrupt("reason"))?))
            }
            _ => None,
        };
        let product = |code: &str, name: &str, column| {
            Ok::<_, DbError>(ProductName {
                code: code.parse().map_err(|_| corrupt(column))?,
                name: name.to_owned(),
            })
        };
        Ok(Self {
            line: Line {
                line_id: LineId(row.line_id.clone()),
                line_number: row
                    .line_number
                    .parse()
                    .map_err(|_| corrupt("line_number"))?,
            },
            from: product(&row.from_code, &row.from_name, "from_code")?,
            to: product(&row.to_code, &row.to_name, "to_code")?,
            idempotency_key: row
                .idempotency_key
                .parse()
                .map_err(|_| corrupt("idempotency_key"))?,
            state,
            outcome,
            requested_at_ms: row.requested_at,
            processed_at_ms: row.processed_at,
            late_at_ms: row.late_at,
            receipt: row
                .line_seq
                .zip(row.hash.as_deref())
                .map(|(line_seq, hash)| history_chain::receipt(line_seq, hash)),
            request_id: RequestId(row.request_id),
            account_id: row.account_id,
            customer_id: row.customer_id,
            trace_id: row.trace_id,
        })
    }
}

/// The reason as the API names it.
fn reason_name(reason: RejectReason) -> String {
    serde_json::json!(reason)
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn reason_of_name(name: &str) -> Option<RejectReason> {
    RejectReason::deserialize(IntoDeserializer::<ValueError>::into_deserializer(name)).ok()
}

#[cfg(test)]
mod tests {
    use super::ChangeRow;
    use crate::product::{
        lifecycle::State,
        record::{ChangeRecord, Outcome, tests::record},
    };
    use app::model::{KstDate, RejectReason};

    #[test]
    fn a_row_reads_back_as_the_record_it_was_made_of() {
        let done = Outcome::Completed {
            effective_date: Some("2026-12-01".parse::<KstDate>().unwrap()),
            kos_order_number: Some("KOS-1".into()),
        };
        let rejected = Outcome::Rejected(RejectReason::OperatorMismatch);
        let mut records = vec![record()];
        for outcome in [done, rejected, Outcome::NotApplied] {
            records.push(record().ended(outcome, 7));
        }
        for record in records {
            let read = ChangeRecord::try_from(ChangeRow::from(&record)).unwrap();
            assert_eq!(read, record);
        }
    }

    #[test]
    fn a_row_that_makes_no_sense_is_named_and_not_guessed() {
        let mut row = ChangeRow::from(&record());
        row.state = State::Rejected.as_str().into();
        let error = ChangeRecord::try_from(row).unwrap_err().to_string();
        assert!(
            error.contains("reason") && error.contains("CHG-"),
            "{error}"
        );
    }
}
