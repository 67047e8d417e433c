//! The gateway alone: the real router on a real port, over [`FakePorts`].

use super::{client::Client, fake_ports::FakePorts};
use server::{
    auth::IdHasher,
    clock::Clock,
    config::{Config, Layers},
    http::{
        CacheHealth, Gateway, GatewayParts, Health, Metrics, RateLimiter, Serving, admin_router,
        router, serve,
    },
    ids::Ids,
    kos::KosHealth,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

/// A running gateway; dropping it stops it.
pub struct TestGateway {
    pub ports: FakePorts,
    pub origin: String,
    pub admin_origin: String,
    pub clock: Clock,
    /// For requests without a network.
    pub router: axum::Router,
    /// Once cancelled, answers close their connection.
    pub draining: CancellationToken,
    stop: CancellationToken,
}

impl Drop for TestGateway {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl TestGateway {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts with settings by their environment variables.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::with_health(settings, healthy()).await
    }

    pub async fn with_health(settings: &[(&str, &str)], health: Health) -> Self {
        let config = config(settings);
        let (ports, clock) = (FakePorts::default(), Clock::manual(1_795_221_000_000));
        let (draining, stop) = (CancellationToken::new(), CancellationToken::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let admin = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let admin_origin = format!("http://{}", admin.local_addr().unwrap());
        let schema_fits = watch::Sender::new(health.schema).subscribe();
        let gateway = Gateway::from(GatewayParts {
            auth: Arc::new(ports.clone()),
            bill: Arc::new(ports.clone()),
            product: Arc::new(ports.clone()),
            health: Arc::new(move || {
                let health = health.clone();
                Box::pin(async move { health })
            }),
            schema_fits,
            metrics: Metrics::default(),
            http: config.http.clone(),
            rates: RateLimiter::new(config.limits.clone(), 1, None, clock.clone()),
            login_ids: IdHasher::new(&config.auth),
            origin: origin.clone(),
            clock: clock.clone(),
            ids: Ids::seeded(1, clock.clone()),
        });
        let (admin_router, router) = (admin_router(&gateway), router(gateway));
        for (listener, router) in [(admin, admin_router), (listener, router.clone())] {
            let serving = Serving {
                max_connections: config.http.max_connections,
                read_timeout: config.http.read_timeout,
                draining: draining.clone(),
                closing: stop.clone(),
                ending: stop.clone(),
                finish: Duration::ZERO,
            };
            tokio::spawn(serve(listener, router, serving));
        }
        Self {
            ports,
            origin,
            admin_origin,
            clock,
            router,
            draining,
            stop,
        }
    }

    /// An API client without credentials.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.origin)
    }

    /// An API client with a customer's token.
    pub fn program(&self, user_id: &str) -> Client {
        self.anonymous().bearer(user_id)
    }

    pub fn browser(&self) -> Client {
        Client::browser(&self.origin)
    }
}

/// A healthy state.
pub fn healthy() -> Health {
    Health {
        database: true,
        schema: true,
        draining: false,
        kos: KosHealth {
            operations: Vec::new(),
        },
        cache: CacheHealth {
            shared: false,
            answers: true,
        },
    }
}

fn config(settings: &[(&str, &str)]) -> Config {
    let mut variables = BTreeMap::from([("PHONEBILL_RATE_LIMITS", "off")]);
    variables.extend(settings.iter().copied());
    let variables = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    // Not served in earnest: a test may be in a hurry that no KOS would keep up with.
    Layers::default()
        .environment(&variables.collect())
        .finish_for_maintenance()
        .unwrap()
}
