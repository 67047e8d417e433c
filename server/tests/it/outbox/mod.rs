//! The outbox against the simulator's AP server, on both databases.

mod at_once;
mod claims;
mod delivery;
mod desk;
mod share;

use crate::support::backends::TestDatabase;
use serde_json::json;
use server::{
    clock::Clock,
    config::MvnoConfig,
    ids::Ids,
    mvno::MvnoClient,
    outbox::{Backoff, EventKind, EventResult, NewEvent, OutboxBell, Relay, RelayPace, enqueue},
    resilience::Duty,
    tasks::Tasks,
};
use simulator::{ApEvent, FaultRule, Simulator, SimulatorConfig};
use std::time::Duration;

const SECRET: &str = "a-secret-of-the-two";
const LINE: &str = "01012345678";
const OTHER_LINE: &str = "01023456789";

/// An AP server, a database with an outbox, and the relays that a test starts.
struct Rig {
    simulator: Simulator,
    database: TestDatabase,
    bell: OutboxBell,
    tasks: Tasks,
    ids: Ids,
}

impl Rig {
    async fn new(database: TestDatabase) -> Self {
        let simulator = simulator::start(SimulatorConfig {
            kos_addr: None,
            ap_secret: SECRET.into(),
            ..SimulatorConfig::default()
        });
        Self {
            simulator: simulator.await.unwrap(),
            database: database.migrated().await,
            bell: OutboxBell::default(),
            tasks: Tasks::default(),
            ids: Ids::random(Clock::system()),
        }
    }

    /// Polls and retries almost without delay.
    fn pace() -> RelayPace {
        RelayPace {
            poll: Duration::from_millis(20),
            backoff: Backoff {
                first: Duration::from_millis(20),
                longest: Duration::from_millis(20),
            },
            ..RelayPace::default()
        }
    }

    /// The same without a rest between two looks.
    fn restless() -> RelayPace {
        let pace = Self::pace();
        let duty = Duty {
            rest: 0,
            rest_when_late: 0,
            ..pace.duty
        };
        RelayPace { duty, ..pace }
    }

    /// A replica with its own connections.
    async fn start_relay(&self, pace: RelayPace) {
        let ap = self.simulator.ap_url().unwrap();
        self.start_relay_to(&ap, pace).await;
    }

    /// The same, to another AP server.
    async fn start_relay_to(&self, ap: &str, pace: RelayPace) {
        let config = MvnoConfig {
            url: ap.to_owned(),
            signing_secret: SECRET.into(),
            timeout: Duration::from_secs(5),
            places: 8,
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(300),
        };
        Relay::new(
            vec![self.database.replica().await],
            MvnoClient::new(&config, Clock::system()).unwrap(),
            self.bell.clone(),
            Clock::system(),
            self.ids.clone(),
            self.tasks.clone(),
        )
        .with_pace(pace)
        .start();
    }

    fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator.faults().set(rules);
    }

    /// Commits an event and rings the bell.
    async fn tell(&self, event: &NewEvent) {
        self.enqueue(std::slice::from_ref(event)).await;
        self.bell.ring();
    }

    /// Commits events without ringing the bell.
    async fn enqueue(&self, events: &[NewEvent]) {
        let mut tx = self.database.db.begin_write().await.unwrap();
        for event in events {
            enqueue(&mut tx, event).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The number of delivery attempts.
    fn requests(&self) -> usize {
        self.simulator.journal().requests().len()
    }

    fn received(&self) -> Vec<ApEvent> {
        self.simulator.ledger().ap_events().unwrap()
    }

    /// The ids received for a line, without duplicates, in order of arrival.
    fn received_of(&self, line: &str) -> Vec<String> {
        self.received()
            .into_iter()
            .filter(|event| event.line_number.as_str() == line && !event.duplicate)
            .map(|event| event.event_id)
            .collect()
    }

    async fn waiting(&self) -> i64 {
        self.database
            .number("SELECT COUNT(*) FROM outbox WHERE state = 'WAITING'")
            .await
    }

    async fn stop(self) {
        self.tasks.drain().await;
    }
}

fn event(id: &str, line: &str) -> NewEvent {
    NewEvent {
        event_id: id.into(),
        kind: EventKind::ProductChange,
        customer_id: "CUST00000001".into(),
        line_number: line.parse().unwrap(),
        occurred_at_ms: 1_795_221_000_000,
        result: EventResult::Success,
        message: "상품 변경이 완료되었습니다".into(),
        payload: json!({"requestId": "CHG-1", "to": {"code": "LTE-BASIC-001"}}),
    }
}

fn inquiry(id: &str, line: &str) -> NewEvent {
    NewEvent {
        kind: EventKind::BillInquiry,
        ..event(id, line)
    }
}
