//! A Redis for one run, in memory only.

use super::{Service, free_port, tied_to_us};
use crate::{shell, workspace};
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

/// A running Redis, stopped on drop.
pub struct Redis {
    pub(super) _service: Service,
    port: u16,
}

impl Redis {
    /// # Errors
    /// If the program is missing or does not start.
    pub fn start() -> Result<Self> {
        shell::step("Redis for this run", || {
            let program = shell::which("redis-server").context("Redis is not installed")?;
            let folder = workspace::temporary_folder()?;
            let port = free_port()?;
            let mut server = tied_to_us(&program, "TERM", &[]);
            server.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
            server
                .args(["--save", "", "--appendonly", "no", "--dir"])
                .arg(folder.path());
            server.stdin(Stdio::null()).stdout(Stdio::null());
            let mut service = Service::start(server, "TERM", folder)?;
            shell::wait_until("Redis", Duration::from_secs(10), || {
                if service.has_ended() {
                    bail!("Redis ended while starting");
                }
                Ok(answers(port).unwrap_or(false))
            })?;
            Ok(Self {
                _service: service,
                port,
            })
        })
    }

    /// The value of `REDIS_URL`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }
}

fn answers(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.write_all(b"PING\r\n")?;
    let mut reply = [0; 5];
    stream.read_exact(&mut reply)?;
    Ok(&reply == b"+PONG")
}
