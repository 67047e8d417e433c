//! Bill inquiry over both databases, against the simulator, over real HTTP.

mod history;
mod inquiry;
mod journal;
mod killed;
mod outage;
mod record;

use crate::support::{backends::TestDatabase, known_kos::KnownKos};
use app::{
    model::{
        BillingMonth, Cursor, InquiryRecord, Limit, Line, LineId, Page, Permission, Principal,
        UserInfo,
    },
    ssr::{BillPort, BillQuery, HistoryQuery},
};
use server::{
    bill::BillInquiry, clock::Clock, config::BillConfig, kos::KosFacts, outbox::OutboxBell,
    tasks::Tasks,
};
use simulator::{Capabilities, FaultRule, Operation, Simulator};
use std::path::Path;
use tempfile::TempDir;

/// 2026-11-21 09:30 in Seoul.
const NOW_S: i64 = 1_795_221_000;
const THIS_MONTH: &str = "2026-11";

/// The service on one database, with a KOS of its own.
struct Stand {
    simulator: Simulator,
    facts: KosFacts,
    bills: BillInquiry,
    clock: Clock,
    tasks: Tasks,
    database: TestDatabase,
    /// Keeps the journal, unless the test has a folder of its own.
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
        Self {
            simulator,
            facts,
            bills,
            clock,
            tasks,
            database,
            _folder: folder,
        }
    }

    /// Replaces what goes wrong.
    fn faults(&self, rules: &[&str]) {
        let rules = rules.iter().map(|rule| rule.parse::<FaultRule>().unwrap());
        self.simulator.faults().set(rules);
    }

    /// How often KOS was asked for a bill.
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

/// The default limits, in that folder.
fn journal_in(folder: &Path) -> BillConfig {
    BillConfig {
        journal_dir: folder.to_owned(),
        journal_limit: 256 << 20,
        journal_fsync: false,
    }
}

/// A customer with those lines, named `line-1`, `line-2`, … in order.
fn customer(account: &str, numbers: &[&str]) -> Principal {
    let lines = numbers.iter().enumerate().map(|(index, number)| Line {
        line_id: LineId(format!("{account}-line-{}", index + 1)),
        line_number: number.parse().unwrap(),
    });
    Principal {
        session_id: "session".into(),
        account_id: account.into(),
        user: UserInfo {
            user_id: account.into(),
            user_name: "김하늘".into(),
            customer_id: format!("C-{account}"),
            permissions: vec![Permission::BillInquiry],
            lines: lines.collect(),
        },
    }
}

/// The demo customer with two lines.
fn demo01() -> Principal {
    customer("demo01", &["01012345678", "01023456789"])
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
