//! The product itself and its stand-ins, for the browser tests and the bench.

use super::{Service, free_port, tied_to_us};
use crate::{shell, workspace};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

const START_LIMIT: Duration = Duration::from_secs(30);

/// A running `phonebill serve`, stopped on drop.
pub struct Phonebill {
    _service: Service,
    port: u16,
    admin: u16,
    log: PathBuf,
    data: PathBuf,
    pid: u32,
}

impl Phonebill {
    /// Starts `binary serve` on free ports, with its own data and without rate limits; it logs to
    /// `log`.
    ///
    /// # Errors
    /// If it ends or is not ready within 30 s.
    pub fn start(binary: &Path, log: PathBuf, environment: &[(&str, String)]) -> Result<Self> {
        Self::start_on(None, binary, log, environment)
    }

    /// As [`Self::start`], pinned to `core`.
    ///
    /// # Errors
    /// If it ends or is not ready within 30 s.
    pub fn start_on(
        core: Option<usize>,
        binary: &Path,
        log: PathBuf,
        environment: &[(&str, String)],
    ) -> Result<Self> {
        let folder = workspace::temporary_folder()?;
        let (port, admin) = (free_port()?, free_port()?);
        if let Some(parent) = log.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = File::create(&log).with_context(|| format!("creating {log:?}"))?;
        let data = folder.path().join("data");
        let mut server = match core {
            None => tied_to_us(binary, "TERM", &[]),
            Some(core) => {
                let mut pinned = tied_to_us(Path::new("taskset"), "TERM", &[]);
                pinned.args(["-c", &core.to_string()]).arg(binary);
                pinned
            }
        };
        server
            .arg("serve")
            .current_dir(folder.path())
            .env("PHONEBILL_HTTP_ADDR", format!("127.0.0.1:{port}"))
            .env("PHONEBILL_ADMIN_ADDR", format!("127.0.0.1:{admin}"))
            .env("PHONEBILL_DATA_DIR", &data)
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
            // `setpriv` and `taskset` exec the next program, so the id stays.
            pid: service.child.id(),
            _service: service,
            port,
            admin,
            log,
            data,
        })
    }

    /// The address browsers use.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// Host and port.
    pub fn addr(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of its metrics, as host and port.
    pub fn admin_addr(&self) -> String {
        format!("127.0.0.1:{}", self.admin)
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The folder of its files.
    pub fn data_dir(&self) -> &Path {
        &self.data
    }

    /// The last 20 lines of its log.
    pub fn last_words(&self) -> String {
        tail(&self.log)
    }
}

/// The stand-ins for KOS and the MVNO AP in their own process.
pub struct Simulator {
    _service: Service,
    kos: u16,
    ap: u16,
}

impl Simulator {
    /// # Errors
    /// If it does not listen within 30 s.
    pub fn start(binary: &Path) -> Result<Self> {
        let (kos, ap) = (free_port()?, free_port()?);
        let addr = |port: u16| format!("127.0.0.1:{port}");
        let mut command = tied_to_us(binary, "TERM", &[]);
        command
            .args(["simulate", "--kos-addr", &addr(kos), "--ap-addr", &addr(ap)])
            .args(["--control-addr", &addr(free_port()?)])
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let mut service = Service::start(command, "TERM", workspace::temporary_folder()?)?;
        shell::wait_until("the stand-ins", START_LIMIT, || {
            if service.has_ended() {
                bail!("the stand-ins ended while starting");
            }
            Ok(TcpStream::connect(addr(ap)).is_ok())
        })?;
        Ok(Self {
            _service: service,
            kos,
            ap,
        })
    }

    /// The value of `KOS_URL`.
    pub fn kos_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.kos)
    }

    /// The value of `MVNO_AP_URL`.
    pub fn ap_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ap)
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
