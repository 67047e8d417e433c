//! An nginx before stand-ins, which do what the rig's own replicas never do.

use crate::balancer::{Nginx, free_address};
use anyhow::Result;
use reqwest::{Client, Method, StatusCode};
use std::{collections::BTreeMap, net::SocketAddr, path::Path};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const TIMES: usize = 20;

pub fn all_well(answers: &[StatusCode]) -> bool {
    answers.iter().all(|status| *status == 200)
}

/// An nginx before some servers.
pub struct Front {
    nginx: Nginx,
    address: SocketAddr,
    http: Client,
}

impl Front {
    pub async fn of(folder: &Path, servers: &[SocketAddr]) -> Result<Self> {
        let address = free_address()?;
        Ok(Self {
            nginx: Nginx::start(folder, address, servers).await?,
            address,
            http: Client::builder().no_proxy().build()?,
        })
    }

    pub async fn ask_once(&self, method: &Method, path: &str) -> Result<StatusCode> {
        let url = format!("http://{}{path}", self.address);
        let request = self.http.request(method.clone(), url).body("x");
        Ok(request.send().await?.status())
    }

    pub async fn ask(&self, method: &Method, path: &str) -> Result<Vec<StatusCode>> {
        let mut answers = Vec::new();
        for _ in 0..TIMES {
            answers.push(self.ask_once(method, path).await?);
        }
        Ok(answers)
    }

    pub fn complaints(&self) -> Result<BTreeMap<String, usize>> {
        self.nginx.complaints()
    }
}

/// A server that answers everything with that status.
pub async fn answering(status: u16) -> Result<SocketAddr> {
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
