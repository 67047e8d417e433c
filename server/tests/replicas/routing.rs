//! What nginx does with a replica whose machine is silent, and with one of another release. The rig's own
//! replicas are neither, so these are stand-ins.

use super::balancer::{Nginx, free_address};
use anyhow::{Result, ensure};
use reqwest::{Client, Method, StatusCode};
use std::{net::SocketAddr, path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};

/// A file named by its content.
const FILE: &str = "/pkg/phonebill.1f.css";
const PAGE: &str = "/main";
const TIMES: usize = 20;
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

fn all_well(answers: &[StatusCode]) -> bool {
    answers.iter().all(|status| *status == 200)
}

/// An nginx before some servers.
struct Front {
    _nginx: Nginx,
    address: SocketAddr,
    http: Client,
}

impl Front {
    async fn of(folder: &Path, servers: &[SocketAddr]) -> Result<Self> {
        let address = free_address()?;
        Ok(Self {
            _nginx: Nginx::start(folder, address, servers).await?,
            address,
            http: Client::builder().no_proxy().build()?,
        })
    }

    async fn ask_once(&self, method: &Method, path: &str) -> Result<StatusCode> {
        let url = format!("http://{}{path}", self.address);
        let request = self.http.request(method.clone(), url).body("x");
        Ok(request.send().await?.status())
    }

    async fn ask(&self, method: &Method, path: &str) -> Result<Vec<StatusCode>> {
        let mut answers = Vec::new();
        for _ in 0..TIMES {
            answers.push(self.ask_once(method, path).await?);
        }
        Ok(answers)
    }
}

/// A server that answers everything with that status.
async fn answering(status: u16) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                // nginx sends such a small request at once.
                stream.read_buf(&mut Vec::with_capacity(4_096)).await?;
                let answer = format!(
                    "HTTP/1.1 {status} Stub\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await
            });
        }
    });
    Ok(address)
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
