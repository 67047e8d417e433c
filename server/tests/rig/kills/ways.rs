//! The connections to KOS, the AP server and the database, each through a fault proxy.

use crate::subject::Setup;
use anyhow::{Context, Result};
use rand::{Rng, RngExt};
use simulator::fault_proxy::{Direction, Ending, FaultProxy, MessageCut, Protocol, Weather};
use std::{net::SocketAddr, time::Duration};

pub struct Ways {
    kos: FaultProxy,
    ap: FaultProxy,
    /// `None` for SQLite, which is a file.
    database: Option<FaultProxy>,
}

impl Ways {
    /// Puts a proxy into each connection of a setup.
    pub fn between(setup: &mut Setup, seed: u64) -> Result<Self> {
        let proxy = |url: &str, protocol| {
            let addr = address(url)?;
            anyhow::Ok(FaultProxy::start(addr, protocol, seed)?)
        };
        let kos = proxy(&setup.kos_url, Protocol::Opaque)?;
        let ap = proxy(&setup.ap_url, Protocol::Opaque)?;
        setup.kos_url = kos.url();
        setup.ap_url = ap.url();
        let mut database = None;
        if let Some(url) = &mut setup.database_url {
            let way = proxy(url, Protocol::Postgres)?;
            *url = url.replace(&address(url)?.to_string(), &way.addr().to_string());
            database = Some(way);
        }
        Ok(Self { kos, ap, database })
    }

    /// Sets random weather, or none, until the next call. Nothing is held back for longer than a life: a
    /// request that reaches KOS after the horizon could not be made good.
    pub fn change(&self, chance: &mut impl Rng) {
        self.calm();
        let way = match chance.random_range(0..3) {
            0 => &self.ap,
            _ => &self.kos,
        };
        let direction = match chance.random() {
            true => Direction::ToUpstream,
            false => Direction::ToClient,
        };
        match chance.random_range(0..12) {
            0 => way.lose_answers(chance.random_range(1..4)),
            1 => way.set_weather(direction, Weather::hole()),
            2 => way.set_weather(
                direction,
                Weather::slow(Duration::from_millis(5), Duration::from_millis(20)),
            ),
            3 => {
                let bytes = chance.random_range(1..600);
                way.set_weather(direction, Weather::cut_after(bytes, Ending::Reset));
            }
            4 => way.refuse(true),
            5 => way.set_weather(
                direction,
                Weather {
                    slice: Some(7),
                    ..Weather::default()
                },
            ),
            _ => {}
        }
        if let Some(database) = &self.database {
            let nth = chance.random_range(1..6);
            match chance.random_range(0..8) {
                0 => database.cut_at(MessageCut {
                    nth,
                    ..MessageCut::lose_answer_to("COMMIT")
                }),
                1 => database.cut_at(MessageCut {
                    nth,
                    ..MessageCut::lose("COMMIT")
                }),
                2 => database.cut_at(MessageCut {
                    nth: nth * 7,
                    ..MessageCut::lose_answer_to("")
                }),
                _ => {}
            }
        }
    }

    pub fn calm(&self) {
        self.kos.calm();
        self.ap.calm();
        if let Some(database) = &self.database {
            database.calm();
        }
    }
}

/// The `host:port` of any URL.
fn address(url: &str) -> Result<SocketAddr> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    host.parse().with_context(|| format!("no address: {host}"))
}
