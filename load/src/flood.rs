//! The effect of a flood of logins on other requests.

use crate::{
    customers::Customer,
    drive::{Drive, Outcome, Requests},
    requests,
};
use anyhow::Result;
use serde::Serialize;
use std::net::SocketAddr;

/// Reads per second.
const READS: f64 = 200.0;
/// Logins per second: several times what one core can hash.
const LOGINS: f64 = 120.0;

/// The reads without the flood, and with it.
#[derive(Serialize)]
pub struct Flood {
    pub quiet: Outcome,
    pub flooded: Outcome,
}

/// Sends the same reads without and with the flood.
///
/// # Errors
/// As [`Drive::run`].
pub async fn run(
    addr: SocketAddr,
    pid: u32,
    seconds: f64,
    customers: &[Customer],
    password: &str,
) -> Result<Flood> {
    let reads = customers.iter().flat_map(|who| {
        [
            requests::inquiry(who, 0, 0),
            requests::page("/main", who),
            requests::get("/api/v1/bill/menu", &who.token),
            requests::page("/bill/menu", who),
        ]
    });
    let logins = customers.iter().map(|who| requests::login(who, password));
    let drive = |rate, requests: Requests, connections| Drive {
        addr,
        pid,
        connections,
        seconds,
        rate: Some(rate),
        requests,
    };
    let reads = requests::in_turn(reads.collect());
    let quiet = drive(READS, reads.clone(), 32).run().await?;
    let (flooded, _) = tokio::try_join!(
        drive(READS, reads, 32).run(),
        drive(LOGINS, requests::in_turn(logins.collect()), 256).run(),
    )?;
    Ok(Flood { quiet, flooded })
}
