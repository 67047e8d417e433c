//! The real binary as a process of its own.

use crate::{
    binary,
    signals::{self, Signal},
};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Time limit for a process to end; generous, for a debug build on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// How it announces its address, and how while its database is away.
const READY: &str = "phonebill is ready at ";
const WAITING: &str = "phonebill waits for its database and listens at ";

/// A `phonebill serve`; killed when dropped.
pub struct Process {
    child: Child,
    /// `http://host:port`.
    pub origin: String,
    /// What it will announce, while it waits for its database.
    to_come: Option<Lines<BufReader<ChildStdout>>>,
}

/// `phonebill` on a free port, with its data in the folder `data`.
pub fn phonebill(data: &Path) -> Command {
    let mut command = binary::phonebill();
    command
        .env("PHONEBILL_DATA_DIR", data)
        .env("PHONEBILL_HTTP_ADDR", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Runs a command to its end; returns its exit code and its standard error.
pub fn run(data: &TempDir, command: &str, settings: &[(&str, &str)]) -> (Option<i32>, String) {
    run_with(data, command, settings, "")
}

/// As [`run`], with standard input.
pub fn run_with(
    data: &TempDir,
    command: &str,
    settings: &[(&str, &str)],
    typed: &str,
) -> (Option<i32>, String) {
    let mut child = phonebill(data.path())
        .args(command.split(' '))
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may have ended already.
    _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

impl Process {
    /// Starts `serve` and waits until it announces its address.
    pub fn serve(data: &TempDir, settings: &[(&str, &str)]) -> Self {
        let mut command = phonebill(data.path());
        command.arg("serve").envs(settings.iter().copied());
        Self::started(&mut command)
    }

    /// Starts any command that serves, and waits until it announces its address.
    pub fn started(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let announced = lines.by_ref().map(Result::unwrap).find_map(|line| {
            let ready = line.strip_prefix(READY).map(|origin| (origin, false));
            let waiting = || line.strip_prefix(WAITING).map(|origin| (origin, true));
            let (origin, waits) = ready.or_else(waiting)?;
            Some((origin.to_owned(), waits))
        });
        let (origin, waits) = announced.unwrap_or_else(|| panic!("it ended before it was ready"));
        Self {
            child,
            origin,
            to_come: waits.then_some(lines),
        }
    }

    /// Whether it has announced only that it waits for its database.
    pub fn waits(&self) -> bool {
        self.to_come.is_some()
    }

    /// Waits until it announces that it is ready.
    pub async fn announces_ready(&mut self) {
        let mut lines = self.to_come.take().unwrap();
        let ready = move || lines.any(|line| line.unwrap().starts_with(READY));
        assert!(tokio::task::spawn_blocking(ready).await.unwrap());
    }

    /// Of the operating system.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        signals::send(self.child.id(), signal).unwrap();
    }

    /// Waits until it ends.
    pub async fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < LIMIT, "it does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
