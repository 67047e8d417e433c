//! The product itself, for the browser tests.

use super::{Service, free_port, tied_to_us};
use crate::{shell, workspace::TempFolder};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

const START_LIMIT: Duration = Duration::from_secs(30);

pub struct Phonebill {
    _service: Service,
    port: u16,
    log: PathBuf,
}

impl Phonebill {
    /// Starts `binary serve` on free ports, with data of its own and no rate limits; its log
    /// goes to `log`.
    ///
    /// # Errors
    /// When it ends, or is not ready, within 30 s.
    pub fn start(binary: &Path, log: PathBuf, environment: &[(&str, String)]) -> Result<Self> {
        let folder = TempFolder::new("data")?;
        let port = free_port()?;
        if let Some(parent) = log.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = File::create(&log).with_context(|| format!("creating {log:?}"))?;
        let mut server = tied_to_us(binary, "TERM", &[]);
        server
            .arg("serve")
            .current_dir(folder.path())
            .env("PHONEBILL_HTTP_ADDR", format!("127.0.0.1:{port}"))
            .env(
                "PHONEBILL_ADMIN_ADDR",
                format!("127.0.0.1:{}", free_port()?),
            )
            .env("PHONEBILL_DATA_DIR", folder.path().join("data"))
            .env("PHONEBILL_RATE_LIMITS", "off")
            .env("PHONEBILL__HTTP__DRAIN_PAUSE_MS", "0")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        for inherited in ["DATABASE_URL", "REDIS_URL", "KOS_URL", "MVNO_AP_URL"] {
            if !environment.iter().any(|(name, _)| *name == inherited) {
                server.env_remove(inherited);
            }
        }
        let mut service = Service::start(server, "TERM", folder)?;
        shell::wait_until("phonebill", START_LIMIT, || {
            if service.has_ended() {
                bail!("phonebill ended while starting:\n{}", tail(&log));
            }
            Ok(is_ready(port).unwrap_or(false))
        })?;
        Ok(Self {
            _service: service,
            port,
            log,
        })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The last lines it logged.
    pub fn last_words(&self) -> String {
        tail(&self.log)
    }
}

fn is_ready(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let request = format!(
        "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
