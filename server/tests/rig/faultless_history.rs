//! A history without violations, for planting faults.

use crate::laws::ledgers::{
    AnswerRow, Applied, Arrival, ChangeRow, Delivery, HistoryRow, KosLedger, Ledgers, OutboxRow,
    Record, Says, Shown, State, Told,
};

pub const LINE: &str = "line-1";

/// A line's changes: to A, to B, and one refused, all shown truthfully.
pub fn good() -> Ledgers {
    let mut ledgers = Ledgers {
        kos: KosLedger {
            arrived: ["one", "two", "three"].map(arrival).into(),
            applied: vec![applied("one", "A"), applied("two", "B")],
        },
        record: Record {
            bill_inquiries: vec!["bill-1".into()],
            ..Record::default()
        },
        ..Ledgers::default()
    };
    for (seq, (id, to, state)) in (1..).zip([
        ("one", "A", State::Completed),
        ("two", "B", State::Completed),
        ("three", "C", State::Rejected),
    ]) {
        let row = ChangeRow {
            request_id: id.into(),
            account: "me".into(),
            key: format!("key-{id}"),
            line: LINE.into(),
            from: from(id).into(),
            to: to.into(),
            state,
        };
        let event = HistoryRow {
            event_id: format!("event-{id}"),
            line: LINE.into(),
            seq,
            request_id: id.into(),
            state,
            payload: format!("payload-{id}"),
        };
        ledgers.record.outbox.push(OutboxRow {
            event_id: event.event_id.clone(),
            line: LINE.into(),
            payload: event.payload.clone(),
        });
        ledgers.ap.push(Delivery {
            event_id: event.event_id.clone(),
            line: LINE.into(),
            request_id: id.into(),
            result: if state == State::Completed {
                "SUCCESS"
            } else {
                "FAILURE"
            }
            .into(),
            payload: event.payload.clone(),
        });
        let (status, says) = match state {
            State::Completed => (200, Says::Completed),
            _ => (409, Says::Failed),
        };
        ledgers.record.answers.push(AnswerRow {
            account: "me".into(),
            key: row.key.clone(),
            answer: Some(format!("answer-{id}")),
        });
        for _ in 0..2 {
            ledgers.show(answer(id, status, says));
        }
        ledgers.show(status_of(id, says));
        if state == State::Completed {
            ledgers.show(page(to));
        }
        let mut before = ledgers.moments.last().cloned().unwrap_or_default();
        before.states.push((LINE.into(), id.into(), State::Calling));
        ledgers.moments.push(before.clone());
        before.states.last_mut().unwrap().2 = state;
        ledgers.moments.push(before);
        ledgers.record.changes.push(row);
        ledgers.record.history.push(event);
    }
    ledgers.show(Shown::Bill {
        request_id: "bill-1".into(),
    });
    ledgers
}

impl Ledgers {
    pub fn show(&mut self, what: Shown) {
        let at = 2 * self.told.len() as u64;
        self.told.push(Told {
            asked: at,
            answered: at + 1,
            what,
        });
    }

    pub fn row(&mut self, id: &str) -> &mut ChangeRow {
        let rows = &mut self.record.changes;
        rows.iter_mut().find(|row| row.request_id == id).unwrap()
    }
}

/// The plan from which that change leads away.
fn from(id: &str) -> &'static str {
    match id {
        "two" => "A",
        "three" => "B",
        _ => "the first",
    }
}

pub fn arrival(id: &str) -> Arrival {
    Arrival {
        request_id: id.into(),
        doubled_by_network: false,
    }
}

pub fn applied(id: &str, to: &str) -> Applied {
    Applied {
        request_id: id.into(),
        line: LINE.into(),
        from: from(id).into(),
        to: to.into(),
        by_somebody_else: false,
    }
}

pub fn answer(id: &str, status: u16, says: Says) -> Shown {
    Shown::Answer {
        account: "me".into(),
        key: format!("key-{id}"),
        status,
        body: format!("answer-{id}"),
        request_id: Some(id.into()),
        says: Some(says),
    }
}

pub fn status_of(id: &str, says: Says) -> Shown {
    Shown::Status {
        request_id: id.into(),
        says,
    }
}

pub fn page(plan: &str) -> Shown {
    Shown::Page {
        line: LINE.into(),
        plan: plan.into(),
    }
}
