//! A private Redis, for tests that stop, kill or reconfigure it.

use super::{environment, wait::until};
use crate::signals::{self, Signal};
use redis::{Client, aio::MultiplexedConnection};
use std::{path::Path, process::Stdio};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A running `redis-server` that saves nothing except on `SAVE`; killed when dropped.
pub struct RedisServer {
    port: u16,
    folder: TempDir,
    process: Child,
    admin: MultiplexedConnection,
}

impl RedisServer {
    /// `None`, after saying so, if the tests run without Redis.
    pub async fn start() -> Option<Self> {
        environment::backend(environment::REDIS_URL)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        let folder = TempDir::new().unwrap();
        let process = spawn(port, folder.path());
        let admin = connect(port).await;
        Some(Self {
            port,
            folder,
            process,
            admin,
        })
    }

    pub fn url(&self) -> String {
        url(self.port)
    }

    /// Runs commands on a connection that was opened at the start.
    pub async fn run(&self, commands: &[&[&str]]) {
        for command in commands {
            let mut admin = self.admin.clone();
            let mut cmd = redis::cmd(command[0]);
            cmd.arg(&command[1..]);
            cmd.exec_async(&mut admin).await.unwrap();
        }
    }

    pub fn signal(&self, signal: Signal) {
        signals::send(self.process.id().unwrap(), signal).unwrap();
    }

    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Starts again on the same port, with what was saved last.
    pub async fn start_again(&mut self) {
        self.process = spawn(self.port, self.folder.path());
        self.admin = connect(self.port).await;
    }

    /// The number of entries it holds.
    pub async fn entries(&self) -> u64 {
        let mut admin = self.admin.clone();
        redis::cmd("DBSIZE").query_async(&mut admin).await.unwrap()
    }
}

fn url(port: u16) -> String {
    format!("redis://127.0.0.1:{port}/")
}

fn spawn(port: u16, folder: &Path) -> Child {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn connect(port: u16) -> MultiplexedConnection {
    let client = Client::open(url(port)).unwrap();
    until("Redis has started", || async {
        client.get_multiplexed_async_connection().await.is_ok()
    })
    .await;
    client.get_multiplexed_async_connection().await.unwrap()
}
