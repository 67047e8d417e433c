//! One life of `phonebill serve`, and how it ends.

use anyhow::{Context, Result};
use std::{
    fs::File,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

/// The binary under test, built by Cargo together with this program.
const BINARY: &str = env!("CARGO_BIN_EXE_phonebill");
const READY: &str = "phonebill is ready at ";

/// Time limits short enough for hundreds of lives, long enough for two busy processors.
const SETTINGS: [(&str, &str); 18] = [
    ("PHONEBILL_PROFILE", "demo"),
    ("PHONEBILL_HTTP_ADDR", "127.0.0.1:0"),
    ("PHONEBILL_RATE_LIMITS", "off"),
    (
        "PHONEBILL__AUTH__TOKEN_SECRET",
        "the-same-secret-in-every-life-of-the-rig",
    ),
    ("PHONEBILL__AUTH__ACCESS_TTL_S", "7200"),
    ("PHONEBILL__AUTH__IDLE_TTL_S", "7200"),
    ("PHONEBILL__KOS__CHANGE_TIMEOUT_MS", "400"),
    ("PHONEBILL__KOS__INQUIRY_TIMEOUT_MS", "1000"),
    ("PHONEBILL__KOS__CHANGE_HORIZON_S", "1"),
    ("PHONEBILL__BREAKER__SLOW_CALL_MS", "350"),
    ("PHONEBILL__BREAKER__OPEN_S", "1"),
    ("PHONEBILL__MVNO__TIMEOUT_MS", "400"),
    ("PHONEBILL__MVNO__FIRST_RETRY_MS", "50"),
    ("PHONEBILL__MVNO__LONGEST_RETRY_S", "1"),
    ("PHONEBILL__PRODUCT__RECONCILE_POLL_MS", "50"),
    ("PHONEBILL__PRODUCT__FIRST_QUESTION_MS", "100"),
    ("PHONEBILL__PRODUCT__LONGEST_PAUSE_MS", "400"),
    ("PHONEBILL__LOG__LEVEL", "warn,server::product=info"),
];

/// What every life of one trial has in common.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Data, and the log of all lives.
    pub folder: PathBuf,
    /// `None`: SQLite in the folder.
    pub database_url: Option<String>,
    pub kos_url: String,
    pub ap_url: String,
    /// Whether KOS is known to offer K1 to K4, or nothing is known.
    pub capable_kos: bool,
    /// Environment variables beside, and before, those of the rig.
    pub settings: Vec<(String, String)>,
}

/// A life that has begun.
pub struct Process {
    child: Child,
    /// `http://host:port`.
    pub origin: String,
}

impl Process {
    /// Starts one, to die at that place. `None`: it died before it was ready.
    ///
    /// # Errors
    /// The binary cannot be run, or it ended by itself.
    pub async fn start(setup: &Setup, crash_at: Option<&str>) -> Result<Option<Self>> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log_of(&setup.folder))?;
        let mut command = Command::new(BINARY);
        command
            .arg("serve")
            .current_dir(&setup.folder)
            .env_clear()
            .envs(SETTINGS)
            .envs(setup.settings.iter().cloned())
            .env("PHONEBILL_DATA_DIR", setup.folder.join("data"))
            .env("KOS_URL", &setup.kos_url)
            .env("MVNO_AP_URL", &setup.ap_url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        if setup.capable_kos {
            command.env("PHONEBILL__KOS__CAPABILITIES", "K1,K2,K3,K4");
        }
        if let Some(url) = &setup.database_url {
            command.env("DATABASE_URL", url);
        }
        if let Some(place) = crash_at {
            command.env("PHONEBILL_TEST_CRASH_AT", place);
        }
        let mut child = command.spawn().context("cannot run phonebill")?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(origin) = line.strip_prefix(READY) {
                let origin = origin.to_owned();
                tokio::spawn(drain(lines));
                return Ok(Some(Self { child, origin }));
            }
        }
        let status = child.wait().await?;
        anyhow::ensure!(
            crash_at.is_some() && status.signal().is_some(),
            "phonebill ended by itself ({status}):\n{}",
            last_words(&setup.folder)
        );
        Ok(None)
    }

    /// Whether it has died.
    pub fn is_dead(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL.
    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

async fn drain(mut lines: Lines<BufReader<ChildStdout>>) {
    while let Ok(Some(_)) = lines.next_line().await {}
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// What the lives in that folder logged last.
pub fn last_words(folder: &Path) -> String {
    let text = std::fs::read_to_string(log_of(folder)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
