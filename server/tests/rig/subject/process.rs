//! One life of `phonebill serve`, and how it ends.

use crate::{
    binary,
    signals::{self, Signal},
};
use anyhow::{Context, Result};
use std::{
    fs::File,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

const READY: &str = "phonebill is ready at ";
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long a life that stops before it is ready stays stopped: longer than a lease.
const BEFORE_READY: Duration = Duration::from_millis(2_100);

/// Time limits short enough for hundreds of lives, long enough for two busy processors.
const SETTINGS: [(&str, &str); 20] = [
    ("PHONEBILL_PROFILE", "demo"),
    ("PHONEBILL_HTTP_ADDR", "127.0.0.1:0"),
    ("PHONEBILL_RATE_LIMITS", "off"),
    (
        "PHONEBILL__AUTH__TOKEN_SECRET",
        "the-same-secret-in-every-life-of-the-rig",
    ),
    ("PHONEBILL__AUTH__ACCESS_TTL_S", "7200"),
    ("PHONEBILL__AUTH__IDLE_TTL_S", "7200"),
    ("PHONEBILL__DATABASE__ACQUIRE_TIMEOUT_MS", "3000"),
    ("PHONEBILL__KOS__CHANGE_TIMEOUT_MS", "400"),
    ("PHONEBILL__KOS__CONNECT_TIMEOUT_MS", "300"),
    ("PHONEBILL__KOS__INQUIRY_TIMEOUT_MS", "600"),
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

/// The settings shared by all lives of a trial.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Data, and the log of all lives.
    pub folder: PathBuf,
    /// `None`: SQLite in the folder.
    pub database_url: Option<String>,
    /// `None`: the in-process cache.
    pub redis_url: Option<String>,
    pub kos_url: String,
    pub ap_url: String,
    /// Whether KOS is configured as offering K1 to K4, or nothing.
    pub capable_kos: bool,
    /// Environment variables that override those of the rig.
    pub settings: Vec<(String, String)>,
}

/// What happens to a life at a named place (`server::crash_point`).
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    Lives,
    DiesAt(&'a str),
    /// Stops there until it is woken.
    StandsStillAt(&'a str),
}

/// A running life.
pub struct Process {
    child: Child,
    /// `http://host:port`.
    pub origin: String,
    /// It stopped before it was ready, and was woken.
    pub stood_still: bool,
}

impl Process {
    /// Starts one. `None`: it died before it was ready, as intended.
    ///
    /// # Errors
    /// The binary cannot be run, or it ended by itself.
    pub async fn start(setup: &Setup, fate: Fate<'_>) -> Result<Option<Self>> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log_of(&setup.folder))?;
        let mut command = command(setup);
        command
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        match fate {
            Fate::Lives => {}
            Fate::DiesAt(place) => {
                command.env("PHONEBILL_TEST_CRASH_AT", place);
            }
            Fate::StandsStillAt(place) => {
                command.env("PHONEBILL_TEST_STOP_AT", place);
            }
        }
        let mut child = command.spawn().context("cannot run phonebill")?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(stdout).lines();
        let pid = child.id().context("it has ended")?;
        let mut stood_still = false;
        loop {
            match timeout(LOOK_EVERY, lines.next_line()).await {
                Ok(line) => {
                    let Some(line) = line? else { break };
                    if let Some(origin) = line.strip_prefix(READY) {
                        let origin = origin.to_owned();
                        tokio::spawn(drain(lines));
                        return Ok(Some(Self {
                            child,
                            origin,
                            stood_still,
                        }));
                    }
                }
                // It reached its place during start-up.
                Err(_) if is_still(pid) => {
                    tokio::time::sleep(BEFORE_READY).await;
                    signals::send(pid, Signal::CONT)?;
                    stood_still = true;
                }
                Err(_) => {}
            }
        }
        let status = child.wait().await?;
        anyhow::ensure!(
            matches!(fate, Fate::DiesAt(_)) && status.signal().is_some(),
            "phonebill ended by itself ({status}):\n{}",
            last_words(&setup.folder)
        );
        Ok(None)
    }

    /// Whether it has died.
    pub fn is_dead(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGSTOP.
    pub fn stop(&self) -> Result<()> {
        Ok(signals::send(self.pid()?, Signal::STOP)?)
    }

    /// SIGCONT.
    pub fn wake(&self) -> Result<()> {
        Ok(signals::send(self.pid()?, Signal::CONT)?)
    }

    /// Whether it is stopped.
    pub fn is_still(&self) -> bool {
        self.pid().is_ok_and(is_still)
    }

    /// Its process id.
    pub fn pid(&self) -> Result<u32> {
        self.child.id().context("it has ended")
    }

    /// SIGKILL.
    pub async fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// `phonebill` with the settings of a trial.
fn command(setup: &Setup) -> Command {
    let mut command = Command::from(binary::phonebill());
    command
        .current_dir(&setup.folder)
        .envs(SETTINGS)
        .envs(setup.settings.iter().cloned())
        .env("PHONEBILL_DATA_DIR", setup.folder.join("data"))
        .env("KOS_URL", &setup.kos_url)
        .env("MVNO_AP_URL", &setup.ap_url);
    if setup.capable_kos {
        command.env("PHONEBILL__KOS__CAPABILITIES", "K1,K2,K3,K4");
    }
    let urls = [
        ("DATABASE_URL", &setup.database_url),
        ("REDIS_URL", &setup.redis_url),
    ];
    for (name, url) in urls {
        if let Some(url) = url {
            command.env(name, url);
        }
    }
    command
}

/// Records an operator's decision about a change that waits for a person.
///
/// # Errors
/// `phonebill change resolve` failed.
pub async fn resolve(setup: &Setup, request_id: &str, applied: bool) -> Result<()> {
    let decision = if applied {
        "--applied"
    } else {
        "--not-applied"
    };
    let done = command(setup)
        .args(["change", "resolve", request_id, decision])
        .args(["--note", "asked KOS's people"])
        .output()
        .await?;
    anyhow::ensure!(
        done.status.success(),
        "phonebill change resolve: {}: {}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}

fn is_still(pid: u32) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state follows the name, which is in parentheses.
    state
        .rsplit_once(") ")
        .is_some_and(|(_, rest)| rest.starts_with('T'))
}

async fn drain(mut lines: Lines<BufReader<ChildStdout>>) {
    while let Ok(Some(_)) = lines.next_line().await {}
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// The last log lines of the lives in a folder.
pub fn last_words(folder: &Path) -> String {
    let text = std::fs::read_to_string(log_of(folder)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
