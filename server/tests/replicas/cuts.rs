//! Which of nginx's complaints count: those about a request that a replica had taken, not those about a
//! replica that is stopped. nginx sends a GET again in both cases, so customers notice neither.

use crate::{
    balancer::{free_address, is_cut},
    front::{Front, all_well, answering},
};
use anyhow::{Result, ensure};
use reqwest::Method;
use std::{net::SocketAddr, path::Path};
use tokio::{io::AsyncReadExt, net::TcpListener};

/// How a replica goes away while an answer is awaited.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// It closes the connection.
    Close,
    /// It resets the connection, as the system does for a process that is killed.
    Reset,
}

/// Proves that each of them is found, and that a stopped replica is none of them.
///
/// # Errors
/// One is not found, or a stopped replica is.
pub async fn prove(folder: &Path) -> Result<()> {
    let well = answering(200).await?;
    let stopped = Front::of(&folder.join("stopped"), &[free_address()?, well]).await?;
    let answers = stopped.ask(&Method::GET, "/").await?;
    ensure!(all_well(&answers), "beside a stopped replica: {answers:?}");
    let complaints = stopped.complaints()?;
    ensure!(complaints.is_empty(), "a stopped replica: {complaints:?}");

    for cut in [Cut::Close, Cut::Reset] {
        let servers = [cutting(cut).await?, well];
        let front = Front::of(&folder.join(format!("{cut:?}")), &servers).await?;
        let answers = front.ask(&Method::GET, "/").await?;
        ensure!(all_well(&answers), "not sent again: {answers:?}");
        let complaints = front.complaints()?;
        let found = complaints.keys().any(|said| is_cut(said));
        ensure!(found, "{cut:?} is not found: {complaints:?}");
    }
    Ok(())
}

/// A server that takes each request and answers none.
async fn cutting(cut: Cut) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // Unread bytes make the system reset the connection instead of closing it.
            let arrived = match cut {
                Cut::Close => stream.read_buf(&mut Vec::with_capacity(4_096)).await,
                Cut::Reset => stream.readable().await.map(|()| 0),
            };
            if arrived.is_err() {
                return;
            }
        }
    });
    Ok(address)
}
