//! One mode of the product, started, filled with customers and measured.

use super::{figures::Measured, server_core};
use crate::services::{
    phonebill::{Phonebill, Simulator},
    postgres::Postgres,
    redis::Redis,
};
use crate::{shell, workspace};
use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The modes of the product.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Embedded,
    Full,
}

impl Mode {
    /// As in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Full => "full",
        }
    }

    /// The handler a cached inquiry is compared with, and the least percentage of its throughput.
    pub fn limit(self) -> (&'static str, f64) {
        match self {
            Self::Embedded => ("bare", 60.0),
            Self::Full => ("bare with one Redis GET", 70.0),
        }
    }
}

/// How long the measurements take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// The figures are published.
    Whole,
    /// To try things out.
    Quick,
    /// Long enough to see whether every request is answered; the figures mean nothing.
    Rehearsal,
}

impl Length {
    /// Factor on every duration.
    fn scale(self) -> f64 {
        match self {
            Self::Whole => 1.0,
            Self::Quick => 0.4,
            Self::Rehearsal => 0.05,
        }
    }
}

/// Half of them make the mix, half are unknown to the cache.
const CUSTOMERS: usize = 60;
const LINES_EACH: usize = 3;
const PASSWORD: &str = "Bench-pass-2026";

/// # Errors
/// If something does not start or answer.
pub fn measure(mode: Mode, binary: &Path, load: &Path, length: Length) -> Result<Measured> {
    let log = workspace::target().join("bench").join(mode.name());
    match mode {
        Mode::Embedded => run(&Setting {
            binary,
            load,
            length,
            log: &log,
            // The lines of its customers are other customers' at KOS; in full mode a demo asks nobody.
            environment: &[("PHONEBILL__KOS__CUSTOMER_IDS", "differ".to_owned())],
            redis: None,
        }),
        Mode::Full => {
            let (postgres, redis) = (Postgres::start()?, Redis::start()?);
            postgres.create_database("bench")?;
            let simulator = Simulator::start(binary)?;
            let environment = [
                ("DATABASE_URL", postgres.url("bench")),
                ("REDIS_URL", redis.url()),
                ("KOS_URL", simulator.kos_url()),
                ("MVNO_AP_URL", simulator.ap_url()),
                ("PHONEBILL_PROFILE", "demo".to_owned()),
            ];
            run(&Setting {
                binary,
                load,
                length,
                log: &log,
                environment: &environment,
                redis: Some(redis.url()),
            })
        }
    }
}

struct Setting<'a> {
    binary: &'a Path,
    load: &'a Path,
    length: Length,
    log: &'a Path,
    environment: &'a [(&'static str, String)],
    redis: Option<String>,
}

fn run(setting: &Setting<'_>) -> Result<Measured> {
    let log = setting.log.with_extension("log");
    let server = Phonebill::start_on(server_core(), setting.binary, log, setting.environment)?;
    for number in 0..CUSTOMERS {
        shell::fail_if_interrupted()?;
        create_customer(setting, &server, number)?;
    }
    let mut load = shell::command(setting.load);
    load.arg("measure")
        .args(["--addr", &server.addr(), "--admin", &server.admin_addr()])
        .args(["--pid", &server.pid().to_string()])
        .args(["--customers", &CUSTOMERS.to_string()])
        .args(["--password", PASSWORD])
        .args(["--scale", &setting.length.scale().to_string()]);
    if let Some(core) = server_core() {
        load.args(["--server-cpu", &core.to_string()]);
    }
    if let Some(redis) = &setting.redis {
        load.args(["--redis", redis]);
    }
    let output = load.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!(
            "the load ended; phonebill's last words:\n{}",
            server.last_words()
        );
    }
    Measured::read(&String::from_utf8_lossy(&output.stdout))
}

fn create_customer(setting: &Setting<'_>, server: &Phonebill, number: usize) -> Result<()> {
    let mut create = Command::new(setting.binary);
    create
        .args(["account", "create", &format!("load{number:03}")])
        .args(["--name", "Load", "--customer-id", &format!("L{number:07}")])
        .args([
            "--permission",
            "BILL_INQUIRY",
            "--permission",
            "PRODUCT_CHANGE",
        ])
        .env("PHONEBILL_DATA_DIR", server.data_dir())
        .envs(
            setting
                .environment
                .iter()
                .map(|(name, value)| (name, value)),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    for line in 1..=LINES_EACH {
        create.args(["--line", &format!("0107{:07}", 10 * number + line)]);
    }
    let mut child = create.spawn().context("phonebill account create")?;
    let mut input = child.stdin.take().context("no standard input")?;
    input.write_all(PASSWORD.as_bytes())?;
    drop(input);
    let created = child.wait_with_output()?;
    if !created.status.success() {
        let why = String::from_utf8_lossy(&created.stderr);
        bail!("a customer could not be created: {why}");
    }
    Ok(())
}
