//! Bill inquiry over both databases, against the simulator, over real HTTP.

mod history;
mod inquiry;
mod journal;
mod killed;
mod outage;
mod record;

use crate::support::backends::TestDatabase;
use app::{
    model::{
        BillingMonth, Cursor, InquiryRecord, Limit, Line, LineId, Page, Permission, Principal,
        UserInfo,
    },
    ssr::{BillPort, BillQuery, HistoryQuery},
};
use server::{
    bill::BillInquiry,
    cache::MemoryCache,
    clock::Clock,
    config::{BillConfig, BreakerConfig, CacheConfig, KosConfig},
    ids::Ids,
    kos::{KosClient, KosFacts, LineGenerations},
    outbox::OutboxBell,
    tasks::Tasks,
};
use simulator::{Capabilities, FaultRule, Operation, Simulator, SimulatorConfig};
use std::{path::Path, sync::Arc, time::Duration};
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
        let simulator = simulator::start(SimulatorConfig {
            ap_addr: None,
            capabilities,
            clock: simulator::Clock::fixed(NOW_S).unwrap(),
            ..SimulatorConfig::default()
        })
        .await
        .unwrap();
        let clock = Clock::manual(NOW_S * 1_000);
        let ids = Ids::seeded(7, clock.clone());
        let tasks = Tasks::default();
        let url = simulator.kos_url().unwrap();
        let client = KosClient::new(&kos(url), &unbreakable(), clock.clone(), ids.clone());
        let cache = Arc::new(MemoryCache::new(1_000, clock.clone()));
        let facts = KosFacts::new(
            client.unwrap(),
            cache,
            LineGenerations::new(database.db.clone(), clock.clone(), tasks.clone()),
            &times_to_live(),
            clock.clone(),
            ids.clone(),
            tasks.clone(),
        );
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

/// Generous deadlines: a healthy call passes on a busy machine too.
fn kos(url: String) -> KosConfig {
    KosConfig {
        url,
        inquiry_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(2),
        inquiry_places: 32,
        change_places: 2,
        place_timeout: Duration::from_secs(5),
        body_limit: 262_144,
        calls_per_minute: 0,
        capabilities: vec![],
        change_horizon: Duration::from_secs(30),
    }
}

fn unbreakable() -> BreakerConfig {
    BreakerConfig {
        window: 10_000,
        minimum_calls: 10_000,
        failure_rate: 100,
        slow_call: Duration::from_secs(9),
        slow_rate: 100,
        open_for: Duration::from_secs(10),
        probes: 3,
    }
}

fn times_to_live() -> CacheConfig {
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    CacheConfig {
        url: None,
        namespace: String::new(),
        max_entries: 1_000,
        operation_timeout: Duration::from_millis(50),
        client_side: false,
        session_ttl: Duration::from_secs(1_800),
        bill_ttl: hours(1),
        line_ttl: hours(4),
        catalogue_ttl: hours(24),
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
