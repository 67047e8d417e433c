//! The real binary as a process: signals, locks, refusals to start.

mod accounts;
mod drain;
mod faults;
mod log;
mod proxies;
mod redis_tls;
mod start;

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ExitStatus, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Generous: a debug build on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A `phonebill serve`; killed when dropped.
struct Process {
    child: Child,
    origin: String,
}

/// The command, with nothing inherited that configures it.
fn phonebill(data: &TempDir) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_phonebill"));
    for name in [
        "DATABASE_URL",
        "REDIS_URL",
        "KOS_URL",
        "MVNO_AP_URL",
        "PHONEBILL_PROFILE",
    ] {
        command.env_remove(name);
    }
    command
        .env("PHONEBILL_DATA_DIR", data.path())
        .env("PHONEBILL_HTTP_ADDR", "127.0.0.1:0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Runs to its end; the exit code and what it said.
fn run(data: &TempDir, command: &str, settings: &[(&str, &str)]) -> (Option<i32>, String) {
    run_with(data, command, settings, "")
}

/// The same with something to read.
fn run_with(
    data: &TempDir,
    command: &str,
    settings: &[(&str, &str)],
    typed: &str,
) -> (Option<i32>, String) {
    let mut child = phonebill(data)
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
    /// Waits until it says where it is.
    fn serve(data: &TempDir, settings: &[(&str, &str)]) -> Self {
        Self::run(data, &["serve"], settings)
    }

    /// `serve` with arguments.
    fn run(data: &TempDir, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut command = phonebill(data);
        command.args(arguments).envs(settings.iter().copied());
        Self::started(&mut command)
    }

    fn started(command: &mut std::process::Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.map(Result::unwrap).find_map(|line| {
            line.strip_prefix("phonebill is ready at ")
                .map(str::to_owned)
        });
        Self {
            origin: ready.unwrap_or_else(|| panic!("it ended before it was ready")),
            child,
        }
    }

    fn signal(&self, name: &str) {
        let kill = std::process::Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    async fn ended(&mut self) -> ExitStatus {
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
