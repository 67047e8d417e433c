//! The composition root: the only place that knows everything.
//!
//! configuration → simulator (where no URL is given) → databases, cache, KOS → features → gateway.

mod cache;
mod databases;
mod demo;
mod measures;
mod running;
mod secrets;

pub use databases::Databases;
pub use demo::{DEMO_CUSTOMERS, DemoCustomer};
pub use running::Running;
pub(crate) use secrets::of_servers as servers_secrets;

use crate::{
    auth::{Accounts, Auth, IdHasher},
    bill::BillInquiry,
    cache::Cache,
    clock::Clock,
    config::Config,
    http::{
        self, CacheHealth, Gateway, GatewayParts, Health, HealthProbe, RateLimiter, Serving,
        SharedBuckets,
    },
    ids::Ids,
    kos::{KosClient, KosFacts, LineGenerations},
    mvno::MvnoClient,
    outbox::{OutboxBell, Relay, RelayPace},
    product::{ProductChange, ReconcilePace},
    tasks::Tasks,
};
use anyhow::Context;
use running::spawn_server;
use secrecy::ExposeSecret;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Starts everything; when this returns, the public address answers.
///
/// # Errors
/// An address is taken, or the data folder cannot be used. A database, cache or KOS that is away is
/// no error: readiness tells, and the product recovers by itself.
pub async fn start(
    mut config: Config,
    faults: Vec<simulator::FaultRule>,
    clock: Clock,
    ids: Ids,
) -> anyhow::Result<Running> {
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot create {}", config.data_dir.display()))?;
    secrets::complete(&mut config, &ids)?;
    let simulator = demo::start_simulator(&mut config, faults).await?;

    let tasks = Tasks::default();
    let alone = Databases::alone(&config.databases)?;
    let databases = Databases::connect(&config.databases).await?;
    let cache = cache::open(&config, &clock, &ids)?;
    let client = KosClient::new(&config.kos, &config.breaker, clock.clone(), ids.clone())?;
    let facts = KosFacts::new(
        client.clone(),
        cache.clone(),
        LineGenerations::new(databases.product.clone(), clock.clone(), tasks.clone()),
        &config.cache,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    );

    let bell = OutboxBell::default();
    let accounts = Accounts::new(
        databases.auth.clone(),
        &config.auth,
        clock.clone(),
        ids.clone(),
    )?;
    let auth = Auth::new(
        databases.auth.clone(),
        cache.clone(),
        config.cache.session_ttl,
        &config.auth,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    )?;
    let bill = BillInquiry::new(
        databases.bill.clone(),
        facts.clone(),
        bell.clone(),
        &config.bill,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    );
    let product = ProductChange::new(
        databases.product.clone(),
        client.clone(),
        facts,
        bell.clone(),
        &config.kos,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    )
    .with_pace(ReconcilePace::of(&config.product));

    databases.prepare(config.profile, accounts, &tasks).await?;
    product.start_reconciler();
    product.late_watch(databases.product.clone()).start();
    let mvno = MvnoClient::new(&config.mvno, clock.clone())?;
    let outboxes = databases.distinct();
    let pace = RelayPace::of(&config.mvno, outboxes.len());
    Relay::new(
        outboxes,
        mvno.clone(),
        bell,
        clock.clone(),
        ids.clone(),
        tasks.clone(),
    )
    .with_pace(pace)
    .start();
    databases.retention(&clock, &tasks).start();

    let listener = TcpListener::bind(config.http.addr)
        .await
        .with_context(|| format!("cannot listen on {}", config.http.addr))?;
    let origin = match &config.http.public_origin {
        Some(origin) => origin.clone(),
        None => format!("http://{}", listener.local_addr()?),
    };
    let [draining, closing, ending] = [(); 3].map(|()| CancellationToken::new());
    let rates = rate_limiter(&config, &clock)?;
    let metrics = measures::metrics(&auth, &bill, &client, &mvno, &cache, &databases, &rates);
    let gateway = Gateway::from(GatewayParts {
        auth: Arc::new(auth),
        bill: Arc::new(bill),
        product: Arc::new(product),
        health: health_probe(databases.clone(), client, &cache, draining.clone()),
        metrics,
        http: config.http.clone(),
        rates,
        login_ids: IdHasher::new(&config.auth),
        origin: origin.clone(),
        clock,
        ids,
    });
    let admin = match config.admin.addr {
        None => None,
        Some(addr) => Some(
            TcpListener::bind(addr)
                .await
                .with_context(|| format!("cannot listen on {addr}"))?,
        ),
    };
    let admin_addr = admin.as_ref().map(TcpListener::local_addr).transpose()?;
    let serving = Serving {
        max_connections: config.http.max_connections,
        read_timeout: config.http.read_timeout,
        draining: draining.clone(),
        closing: closing.clone(),
        ending: ending.clone(),
        finish: config.http.drain_timeout,
    };
    let mut servers = Vec::new();
    if let Some(listener) = admin {
        let router = http::admin_router(&gateway);
        servers.push(spawn_server(listener, router, serving.clone()));
    }
    servers.push(spawn_server(listener, http::router(gateway), serving));
    Ok(Running {
        origin,
        admin_addr,
        simulator,
        databases,
        _alone: alone,
        tasks,
        draining,
        closing,
        ending,
        servers,
    })
}

/// Counts in Redis when there is one, on a connection of its own.
fn rate_limiter(config: &Config, clock: &Clock) -> anyhow::Result<RateLimiter> {
    let shared = match &config.cache.url {
        Some(url) if config.limits.enabled => {
            let within = config.cache.operation_timeout;
            let buckets = SharedBuckets::connect(url.expose_secret(), within)?;
            Some(buckets.within(&config.cache.namespace))
        }
        _ => None,
    };
    let replicas = config.databases.replicas;
    Ok(RateLimiter::new(
        config.limits.clone(),
        replicas,
        shared,
        clock.clone(),
    ))
}

fn health_probe(
    databases: Databases,
    kos: KosClient,
    cache: &Arc<dyn Cache>,
    draining: CancellationToken,
) -> HealthProbe {
    let cache = cache.clone();
    Arc::new(move || {
        let (databases, kos, draining) = (databases.clone(), kos.clone(), draining.is_cancelled());
        let cache = CacheHealth {
            shared: cache.shared(),
            answers: cache.answers(),
        };
        Box::pin(async move {
            let mut database = true;
            for db in databases.distinct() {
                database &= db.answers().await;
            }
            let schema = databases.schema_is_current();
            Health {
                database,
                schema,
                draining,
                kos: kos.health(),
                cache,
            }
        })
    })
}
