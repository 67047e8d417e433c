//! The customers that make the load.

use crate::{
    routes::Route,
    site::{ChangeTold, Movable, Said, Site, body, draft, said},
};
use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Time limit of a request.
const PATIENCE: Duration = Duration::from_secs(20);
/// Lines with six bills each, every bill asked for once.
const BILL_LINES: usize = 600;
/// Enough lines: a change being confirmed blocks its line for the rest of the run.
const CHANGE_LINES: usize = 360;

/// All customers, signed in.
pub struct Customers(Arc<Site>);

/// A customer who asks for one route all the time.
pub struct Asker {
    site: Arc<Site>,
    pub route: Route,
    turn: usize,
    movable: Vec<Movable>,
}

impl Customers {
    /// Gives the demo customers new lines, signs them in, and looks once at everything that is to be
    /// known.
    pub async fn invite(origin: &str, database: &str) -> Result<Self> {
        add_lines(database).await?;
        let http = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let mut site = Site {
            origin: origin.to_owned(),
            http,
            reader: String::new(),
            line: String::new(),
            current: String::new(),
            target: String::new(),
            bills: String::new(),
            months: Vec::new(),
            next_bill: AtomicUsize::new(0),
            mover: String::new(),
            next_key: AtomicUsize::new(0),
            changes: Mutex::default(),
        };
        let user;
        (site.reader, user) = site.sign_in("demo01").await?;
        let first = &user["lines"][0]["lineId"];
        site.line = first.as_str().context("no line")?.to_owned();
        (site.bills, _) = site.sign_in("bill01").await?;
        (site.mover, _) = site.sign_in("prod01").await?;
        let menu = site.get("/api/v1/bill/menu").bearer_auth(&site.bills);
        let menu = body(menu).await?;
        let months = menu["months"].as_array().context("no months")?;
        site.months = months
            .iter()
            .filter_map(|month| month.as_str().map(str::to_owned))
            .collect();
        let choice = site.choice(&site.reader, &site.line).await?;
        (site.current, site.target) = (choice.current, choice.target);
        for path in ["/main", "/bill/result", "/product/menu"] {
            let page = site.page(path).send().await?;
            ensure!(page.status() == 200, "{path}: {}", page.status());
        }
        Ok(Self(Arc::new(site)))
    }

    /// The answers so far to requests for changes.
    pub fn changes_told(&self) -> Vec<ChangeTold> {
        let told = self.0.changes.lock();
        told.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What all customers share.
    pub fn site(&self) -> &Arc<Site> {
        &self.0
    }

    /// The askers of each route.
    pub async fn askers(&self) -> Result<Vec<Asker>> {
        let mut askers = Vec::new();
        let movers = Route::Change.askers();
        for route in Route::ALL {
            for number in 0..route.askers() {
                let mut movable = Vec::new();
                if route == Route::Change {
                    for line in (number..CHANGE_LINES).step_by(movers) {
                        let line = change_line(line);
                        movable.push(self.0.choice(&self.0.mover, &line).await?);
                    }
                }
                askers.push(Asker {
                    site: self.0.clone(),
                    route,
                    turn: 0,
                    movable,
                });
            }
        }
        Ok(askers)
    }
}

impl Asker {
    /// Asks once.
    pub async fn ask(&mut self) -> Said {
        self.turn += 1;
        let site = self.site.clone();
        match self.route {
            Route::Login => said(site.login("none01")).await,
            Route::Main => said(site.page("/main")).await,
            Route::BillMenu => said(site.page("/bill/menu")).await,
            Route::BillResult => said(site.page("/bill/result")).await,
            Route::ProductMenu => said(site.page("/product/menu")).await,
            Route::Cached => said(site.cached_bill()).await,
            Route::Uncached => said(site.bill(&new_bill(&site))).await,
            Route::Options => said(site.options(&site.reader, &site.line)).await,
            Route::Check => said(site.check()).await,
            Route::Change => self.change().await,
            Route::Histories => {
                let path = match self.turn % 2 {
                    0 => "/api/v1/bill/history",
                    _ => "/api/v1/product/history",
                };
                said(site.get(path).bearer_auth(&site.reader)).await
            }
            Route::Live => said(site.get("/health/live")).await,
            Route::Ready => said(site.get("/health/ready")).await,
        }
    }

    async fn change(&mut self) -> Said {
        let site = self.site.clone();
        if self.movable.is_empty() {
            return Said::nothing("every line has a change that is being confirmed");
        }
        let turn = self.turn % self.movable.len();
        let movable = self.movable[turn].clone();
        let key = site.next_key.fetch_add(1, Ordering::Relaxed);
        let key = format!("chaos-key-{key:06}");
        let request = site
            .post("/api/v1/product/request", &site.mover)
            .header("Idempotency-Key", &key)
            .json(&draft(&movable.line, &movable.current, &movable.target));
        let said = said(request).await;
        site.remember(ChangeTold {
            key,
            said: said.clone(),
        });
        match (said.status, said.code.as_str()) {
            (200, _) => {
                let moved = &mut self.movable[turn];
                std::mem::swap(&mut moved.target, &mut moved.next);
                moved.current.clone_from(&moved.next);
            }
            // Nothing was sent.
            (502..=504, "KOS_UNAVAILABLE" | "KOS_TIMEOUT" | "KOS_BAD_ANSWER") => {}
            // It may have been sent: the line is left alone.
            _ => drop(self.movable.swap_remove(turn)),
        }
        said
    }
}

/// Asks for a bill of a new line and month. An unanswered one stays unknown and is asked for again.
pub fn new_bill(site: &Site) -> Value {
    let next = site.next_bill.fetch_add(1, Ordering::Relaxed);
    let month = &site.months[next / BILL_LINES % site.months.len()];
    json!({"lineId": bill_line(next % BILL_LINES), "month": month})
}

fn bill_line(number: usize) -> String {
    format!("chaos-bill01-{number}")
}

fn change_line(number: usize) -> String {
    format!("chaos-prod01-{number}")
}

/// No line in this range is suspended or terminated.
async fn add_lines(database: &str) -> Result<()> {
    for (user, count, first) in [
        ("bill01", BILL_LINES, 71_234_501),
        ("prod01", CHANGE_LINES, 72_234_501),
    ] {
        let sql = AssertSqlSafe(format!(
            "WITH RECURSIVE line (number) AS (
                 SELECT 0 UNION ALL SELECT number + 1 FROM line WHERE number + 1 < {count})
             INSERT INTO auth_line (line_id, account_id, line_number, position)
             SELECT 'chaos-{user}-' || line.number, auth_account.account_id,
                    '010' || ({first} + 11 * line.number), 100 + line.number
               FROM auth_account, line WHERE user_id = '{user}'
             ON CONFLICT DO NOTHING"
        ));
        if database.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(database).await?;
            connection.execute(sql).await?;
            connection.close().await?;
        } else {
            let mut connection = PgConnection::connect(database).await?;
            connection.execute(sql).await?;
            connection.close().await?;
        }
    }
    Ok(())
}
