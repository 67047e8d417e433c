//! Random walks of the same: one change of plan, with reads, held answers, losses of Redis and passing
//! time around it in random order. A seed replays a walk.

use super::{
    Raised, Stand,
    stand::{TO, hold, line, raise, raise_and_release},
};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    customers::held,
    redis::Corner,
    wait::until,
};
use app::model::{LineNumber, ProductCode};
use server::{clock::Clock, ids::Ids, kos::BELIEVED};
use simulator::{
    Operation,
    fault_proxy::{Direction, Weather},
};
use std::time::Duration;
use tokio::task::JoinHandle;

on_both_databases! {
    no_walk_in_the_process_shows_the_old_plan,
    no_walk_over_redis_shows_the_old_plan,
}

const WALKS: u32 = 150;
const STEPS: u32 = 40;

/// The protocols that the walks must catch.
const ALIKE: [Raised; 4] = [
    Raised::TooSoon,
    Raised::Unannounced,
    Raised::BeforeTheChange,
    Raised::Never,
];

async fn no_walk_in_the_process_shows_the_old_plan(database: TestDatabase) {
    walk_with_each_protocol(&database, None).await;
}

async fn no_walk_over_redis_shows_the_old_plan(database: TestDatabase) {
    let Some(corner) = Corner::find() else { return };
    walk_with_each_protocol(&database, Some(&corner)).await;
}

async fn walk_with_each_protocol(database: &TestDatabase, corner: Option<&Corner>) {
    for raised in [Raised::WithTheOutcome].into_iter().chain(ALIKE) {
        let stand = Stand::start(database, corner).await;
        let mut shown = None;
        for seed in 0..WALKS {
            if Walk::begin(&stand, raised, seed).await.shows_old().await {
                shown = Some(seed);
                break;
            }
        }
        let is_wrong = raised != Raised::WithTheOutcome;
        assert_eq!(shown.is_some(), is_wrong, "{raised:?}, walk {shown:?}");
    }
}

/// The progress of the change.
#[derive(Clone, Copy, PartialEq)]
enum Change {
    None,
    /// Its intent is committed; at that instant, on the clock by which generations are believed.
    Open(Duration),
    /// KOS has applied it.
    Applied(Duration),
    /// Its end is committed, and customers may know.
    Told,
}

/// A read without an answer so far.
struct Read {
    replica: usize,
    /// Whether customers could know of the change when it began.
    told: bool,
    plan: JoinHandle<ProductCode>,
}

struct Walk<'a> {
    stand: &'a Stand,
    raised: Raised,
    line: LineNumber,
    from: ProductCode,
    change: Change,
    /// The replicas whose KOS answers are held.
    held: [bool; 2],
    reads: Vec<Read>,
    chance: Ids,
    shows_old: bool,
}

impl<'a> Walk<'a> {
    /// A walk on its own line.
    async fn begin(stand: &'a Stand, raised: Raised, seed: u32) -> Walk<'a> {
        let chance = Ids::seeded(u64::from(seed), Clock::manual(0));
        let facts = &stand.replicas[0].facts;
        // The operator that offers the plan.
        let operator = facts.line_now(&held(&line())).await.unwrap().operator_code;
        let mut number = 40_010_001 + seed * 20;
        let (line, from) = loop {
            let line: LineNumber = format!("010{number}").parse().unwrap();
            let now = facts.line_now(&held(&line)).await.unwrap();
            if now.operator_code == operator && now.product.code.as_str() != TO {
                break (line, now.product.code);
            }
            number += 1;
        };
        Walk {
            stand,
            raised,
            line,
            from,
            change: Change::None,
            held: [false; 2],
            reads: Vec::new(),
            chance,
            shows_old: false,
        }
    }

    async fn shows_old(mut self) -> bool {
        for _ in 0..STEPS {
            self.step().await;
        }
        self.come_to_an_end().await;
        self.shows_old
    }

    fn one_of(&self, choices: usize) -> usize {
        (self.chance.fraction() * choices as f64) as usize
    }

    async fn step(&mut self) {
        let replica = self.one_of(2);
        match self.one_of(12) {
            0..=3 => self.read(replica).await,
            4 => self.keep_answers(replica),
            5 => self.let_answers_go(replica).await,
            6 => self.stand.replicas[replica].lose_redis(),
            7 => self.stand.replicas[replica].find_redis().await,
            8 | 9 => self.pass_time().await,
            _ => self.go_on_with_the_change().await,
        }
    }

    /// Reads the line or the running month's bill: both show the plan.
    async fn read(&mut self, replica: usize) {
        let (facts, line) = (
            self.stand.replicas[replica].facts.clone(),
            self.line.clone(),
        );
        let journal = self.stand.simulator.journal();
        let heard = || journal.calls(Operation::Product) + journal.calls(Operation::Bill);
        let before = heard();
        let is_line = self.one_of(2) == 0;
        let plan = tokio::spawn(async move {
            if is_line {
                facts
                    .line(&held(&line))
                    .await
                    .unwrap()
                    .value
                    .product
                    .code
                    .clone()
            } else {
                let month = Clock::system().current_month();
                let bill = facts.bill(&held(&line), month).await.unwrap();
                bill.value.product.code.clone()
            }
        });
        let alone = !self.reads.iter().any(|read| read.replica == replica);
        if alone && self.held[replica] {
            // KOS answers it with the current plan, or it needs no answer.
            until("KOS has answered", || async {
                plan.is_finished() || heard() > before
            })
            .await;
        }
        self.reads.push(Read {
            replica,
            told: self.change == Change::Told,
            plan,
        });
        if !self.held[replica] {
            self.answered(replica).await;
        }
    }

    async fn answered(&mut self, replica: usize) {
        let (answered, waiting) = std::mem::take(&mut self.reads)
            .into_iter()
            .partition(|read| read.replica == replica);
        self.reads = waiting;
        let answered: Vec<Read> = answered;
        for read in answered {
            let plan = read.plan.await.unwrap();
            self.shows_old |= read.told && plan == self.from;
        }
    }

    fn keep_answers(&mut self, replica: usize) {
        self.held[replica] = true;
        let way = &self.stand.replicas[replica].to_kos;
        way.set_weather(Direction::ToClient, Weather::hole());
    }

    async fn let_answers_go(&mut self, replica: usize) {
        self.held[replica] = false;
        self.stand.replicas[replica].to_kos.calm();
        self.answered(replica).await;
    }

    async fn pass_time(&mut self) {
        let longest = BELIEVED.as_millis() as usize * 3 / 4;
        let passes = 1 + self.one_of(longest) as u64;
        self.stand.believing.advance(Duration::from_millis(passes));
    }

    async fn go_on_with_the_change(&mut self) {
        let db = self.stand.db();
        let now = self.stand.believing.monotonic();
        match self.change {
            Change::None => {
                match self.raised {
                    Raised::BeforeTheChange => raise(db, &self.line).await,
                    Raised::Unannounced => {}
                    _ => hold(db, &self.line).await,
                }
                self.change = Change::Open(now);
            }
            Change::Open(since) => {
                if let Some(replica) = self.held.iter().position(|held| !held) {
                    let to = TO.parse().unwrap();
                    let id = format!("PC-{}", self.line.as_str());
                    let client = &self.stand.replicas[replica].client;
                    let changed = client.change(&id, &self.line, &self.from, &to, &|| true);
                    changed.await.unwrap();
                    self.change = Change::Applied(since);
                }
            }
            Change::Applied(since) if now - since >= BELIEVED || self.raised == Raised::TooSoon => {
                match self.raised {
                    Raised::BeforeTheChange | Raised::Never => {}
                    _ => raise_and_release(db, &self.line).await,
                }
                self.change = Change::Told;
            }
            Change::Applied(_) | Change::Told => {}
        }
    }

    /// Ends all trouble and the change, then reads on both replicas.
    async fn come_to_an_end(&mut self) {
        for replica in 0..2 {
            self.let_answers_go(replica).await;
            self.stand.replicas[replica].find_redis().await;
        }
        while self.change != Change::Told {
            self.pass_time().await;
            self.go_on_with_the_change().await;
        }
        for _ in 0..4 {
            self.read(0).await;
            self.read(1).await;
        }
    }
}
