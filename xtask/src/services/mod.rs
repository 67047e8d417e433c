//! Throw-away servers for tests: own port, own folder, removed when dropped.

pub mod phonebill;
pub mod postgres;
pub mod postgres_log;
pub mod redis;

use crate::shell;
use anyhow::{Context, Result};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use tempfile::TempDir;

/// A server that is stopped, and whose folder is removed, on drop: also if the tests fail or are
/// interrupted.
pub struct Service {
    child: Child,
    signal: &'static str,
    // Dropped after the process has ended.
    _folder: TempDir,
}

impl Service {
    fn start(mut command: Command, signal: &'static str, folder: TempDir) -> Result<Self> {
        Ok(Self {
            child: shell::spawn(&mut command)?,
            signal,
            _folder: folder,
        })
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        shell::stop(&mut self.child, self.signal);
    }
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// `program`, to which the kernel sends `signal` should this process be killed outright.
fn tied_to_us(program: &Path, signal: &str, setpriv_arguments: &[String]) -> Command {
    if shell::which("setpriv").is_none() {
        return shell::command(program);
    }
    let mut command = shell::command("setpriv");
    command
        .args(setpriv_arguments)
        .args(["--pdeathsig", signal, "--"])
        .arg(program);
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::system;
    use std::net::TcpStream;

    #[test]
    fn a_server_and_its_folder_are_gone_after_the_drop() {
        if system::postgresql_folder().is_none() || shell::which("redis-server").is_none() {
            eprintln!("skipped: PostgreSQL or Redis is not installed");
            return;
        }
        let (postgres, redis) = (
            postgres::Postgres::start().unwrap(),
            redis::Redis::start().unwrap(),
        );
        let services = [&postgres._service, &redis._service];
        let folders = services.map(|service| service._folder.path().to_path_buf());
        assert!(folders.iter().all(|folder| folder.is_dir()));
        let port = |url: String| {
            url.rsplit([':', '/'])
                .nth(1)
                .unwrap()
                .parse::<u16>()
                .unwrap()
        };
        let ports = [port(postgres.url("tests")), port(redis.url())];
        assert!(
            ports
                .iter()
                .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
        );

        drop((postgres, redis));
        assert!(
            ports
                .iter()
                .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_err())
        );
        assert!(!folders.iter().any(|folder| folder.exists()));
    }
}
