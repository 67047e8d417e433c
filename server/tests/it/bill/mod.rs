//! Bill inquiry over both databases, against the simulator, over real HTTP.

mod another_customer;
mod history;
mod inquiry;
mod journal;
mod killed;
mod measures;
mod outage;
mod record;

use crate::support::{
    backends::TestDatabase,
    customers::{customer, demo01},
    known_kos::KnownKos,
};
use app::{
    model::{BillingMonth, Cursor, InquiryRecord, Limit, LineId, Page, Principal},
    ssr::{BillPort, BillQuery, HistoryQuery},
};
use server::{
    bill::BillInquiry,
    clock::Clock,
    config::BillConfig,
    kos::{KosClient, KosFacts},
    outbox::OutboxBell,
    tasks::Tasks,
};
use simulator::{Capabilities, FaultRule, Operation, Simulator};
use std::path::Path;
use tempfile::TempDir;

/// 2026-11-21 09:30 in Seoul.
const NOW_S: i64 = 1_795_221_000;
const THIS_MONTH: &str = "2026-11";

/// The bill service on one database, with its own KOS.
struct Stand {
    simulator: Simulator,
    client: KosClient,
    facts: KosFacts,
    bills: BillInquiry,
    clock: Clock,
    tasks: Tasks,
    database: TestDatabase,
    /// Holds the journal, unless the test brings its own folder.
    _folder: TempDir,
}

impl Stand {
    async fn start(database: TestDatabase) -> Self {
        Self::with(database, Capabilities::ALL).await
    }

    async fn with(database: TestDatabase, capabilities: Capabilities) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal_in(folder.path());
        Self::journaling(database, capabilities, folder, journal).await
    }

    async fn journaling(
        database: TestDatabase,
        capabilities: Capabilities,
        folder: TempDir,
        journal: BillConfig,
    ) -> Self {
        let database = database.migrated().await;
        let KnownKos {
            simulator,
            client,
            facts,
            clock,
            ids,
            tasks,
        } = KnownKos::start(database.db.clone(), NOW_S, capabilities).await;
        let bills = BillInquiry::new(
            database.db.clone(),
            facts.clone(),
            OutboxBell::default(),
            &journal,
            clock.clone(),
            ids,
            tasks.clone(),
        );
        bills.start_recorder();
        Self {
            simulator,
            client,
            facts,
            bills,
            clock,
            tasks,
            database,
            _folder: folder,
        }
    }

    /// Replaces the fault rules.
    fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator.faults().set(rules);
    }

    /// The calls of KOS for a bill.
    fn bill_calls(&self) -> u64 {
        self.simulator.journal().calls(Operation::Bill)
    }

    /// The customer's whole history, once every inquiry so far is in it.
    async fn history(&self, who: &Principal) -> Vec<InquiryRecord> {
        self.tasks.drain().await;
        self.page(
            who,
            HistoryQuery {
                limit: Limit::new(100).unwrap(),
                ..HistoryQuery::default()
            },
        )
        .await
        .items
    }

    async fn page(&self, who: &Principal, query: HistoryQuery) -> Page<InquiryRecord> {
        self.bills.history(who, query).await.unwrap()
    }
}

/// The default limits, with the journal in the given folder.
fn journal_in(folder: &Path) -> BillConfig {
    BillConfig {
        journal_dir: folder.to_owned(),
        journal_limit: 256 << 20,
        journal_fsync: false,
    }
}

fn line(who: &Principal, number: usize) -> Option<LineId> {
    Some(who.user.lines[number - 1].line_id.clone())
}

fn month(text: &str) -> BillingMonth {
    text.parse().unwrap()
}

fn of_month(text: &str) -> BillQuery {
    BillQuery {
        line: None,
        month: Some(month(text)),
    }
}

fn after(cursor: Option<Cursor>, limit: u32) -> HistoryQuery {
    HistoryQuery {
        cursor,
        limit: Limit::new(limit).unwrap(),
        ..HistoryQuery::default()
    }
}
