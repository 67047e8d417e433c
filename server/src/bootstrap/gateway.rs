//! The gateway on its listeners.

use super::{
    features::{Features, Shared},
    health, measures,
    running::{Stopping, spawn_server},
};
use crate::{
    auth::IdHasher,
    clock::Clock,
    config::Config,
    http::{self, Gateway, GatewayParts, RateLimiter, Serving, SharedBuckets},
};
use anyhow::Context;
use secrecy::ExposeSecret;
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, task::JoinHandle};

/// Where the gateway listens.
pub(super) struct Listeners {
    public: TcpListener,
    admin: Option<TcpListener>,
}

impl Listeners {
    /// # Errors
    /// An address is taken.
    pub(super) async fn bind(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            public: bind(config.http.addr).await?,
            admin: match config.admin.addr {
                None => None,
                Some(addr) => Some(bind(addr).await?),
            },
        })
    }

    /// The origin that is configured, else that of the public address.
    pub(super) fn origin(&self, config: &Config) -> std::io::Result<String> {
        Ok(match &config.http.public_origin {
            Some(origin) => origin.clone(),
            None => format!("http://{}", self.public.local_addr()?),
        })
    }

    pub(super) fn admin_addr(&self) -> std::io::Result<Option<SocketAddr>> {
        self.admin.as_ref().map(TcpListener::local_addr).transpose()
    }

    /// Serves from now on.
    pub(super) fn serve(
        self,
        gateway: Gateway,
        config: &Config,
        stopping: &Stopping,
    ) -> Vec<JoinHandle<()>> {
        let serving = Serving {
            max_connections: config.http.max_connections,
            read_timeout: config.http.read_timeout,
            draining: stopping.draining.clone(),
            closing: stopping.closing.clone(),
            ending: stopping.ending.clone(),
            finish: config.http.drain_timeout,
        };
        let admin = self.admin.map(|listener| {
            let router = http::admin_router(&gateway);
            spawn_server(listener, router, serving.clone())
        });
        let public = spawn_server(self.public, http::router(gateway), serving);
        admin.into_iter().chain([public]).collect()
    }
}

async fn bind(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    let bound = TcpListener::bind(addr).await;
    bound.with_context(|| format!("cannot listen on {addr}"))
}

/// Puts the features behind the gateway.
///
/// # Errors
/// A Redis URL that cannot be used.
pub(super) fn build(
    config: &Config,
    shared: &Shared,
    features: Features,
    origin: String,
    stopping: &Stopping,
) -> anyhow::Result<Gateway> {
    let rates = rate_limiter(config, &shared.clock)?;
    let metrics = measures::metrics(&features, shared, &rates);
    let health = health::probe(shared, features.kos, stopping.draining.clone());
    Ok(Gateway::from(GatewayParts {
        auth: Arc::new(features.auth),
        bill: Arc::new(features.bill),
        product: Arc::new(features.product),
        health,
        schema_fits: shared.databases.schema_fits(),
        metrics,
        http: config.http.clone(),
        rates,
        login_ids: IdHasher::new(&config.auth),
        origin,
        clock: shared.clock.clone(),
        ids: shared.ids.clone(),
    }))
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
    let (limits, replicas) = (config.limits.clone(), config.databases.replicas);
    Ok(RateLimiter::new(limits, replicas, shared, clock.clone()))
}
