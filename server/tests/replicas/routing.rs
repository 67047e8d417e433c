//! What nginx does with a replica whose machine is silent, and with one of another release. The rig's own
//! replicas are neither, so these are stand-ins.

use crate::front::{Front, all_well, answering};
use anyhow::{Result, ensure};
use reqwest::Method;
use std::{net::SocketAddr, path::Path, time::Duration};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// A file named by its content.
const FILE: &str = "/pkg/phonebill.1f.css";
const PAGE: &str = "/main";
/// A connection on this machine that takes longer is not accepted.
const ACCEPTED_WITHIN: Duration = Duration::from_millis(300);

/// Proves the settings of `deploy/nginx/proxy.conf`, in that folder.
///
/// # Errors
/// One of them does not hold, or nginx would do the same without it.
pub async fn prove(folder: &Path) -> Result<()> {
    let (earlier, later) = (answering(404).await?, answering(200).await?);
    let releases = Front::of(&folder.join("releases"), &[earlier, later]).await?;
    let files = releases.ask(&Method::GET, FILE).await?;
    ensure!(all_well(&files), "a file of the later release: {files:?}");
    let pages = releases.ask(&Method::GET, PAGE).await?;
    ensure!(!all_well(&pages), "nobody was of the earlier release");

    let silent = Silent::start().await?;
    let one_silent = Front::of(&folder.join("one-silent"), &[silent.address, later]).await?;
    for method in [Method::GET, Method::POST] {
        let answers = one_silent.ask(&method, PAGE).await?;
        ensure!(all_well(&answers), "beside a silent machine: {answers:?}");
    }
    let all_silent = Front::of(&folder.join("all-silent"), &[silent.address]).await?;
    let answer = all_silent.ask_once(&Method::GET, PAGE).await?;
    ensure!(answer == 504, "the machine was not silent: {answer}");
    Ok(())
}

/// A machine that takes no connection and refuses none: its queue of connections is full.
struct Silent {
    address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl Silent {
    async fn start() -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let listener = socket.listen(1)?;
        let address = listener.local_addr()?;
        let mut queue = Vec::new();
        while let Ok(accepted) = timeout(ACCEPTED_WITHIN, TcpStream::connect(address)).await {
            queue.push(accepted?);
            ensure!(queue.len() < 100, "the queue of connections does not fill");
        }
        Ok(Self {
            address,
            _listener: listener,
            _queue: queue,
        })
    }
}
