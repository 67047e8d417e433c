//! The baselines, as separate processes on the product's core.

use anyhow::{Context, Result, ensure};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A bare handler; killed when dropped.
pub struct BareServer {
    child: Child,
    pub addr: SocketAddr,
}

impl BareServer {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// It does not start within ten seconds.
    pub fn start(cpu: Option<usize>, body: &Path, redis: Option<&str>) -> Result<Self> {
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = ourselves(cpu)?;
        command.arg("bare").arg("--addr").arg(addr.to_string());
        command.arg("--body").arg(body);
        if let Some(redis) = redis {
            command.args(["--redis", redis]);
        }
        let bare = Self {
            child: command.spawn()?,
            addr,
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(addr).is_err() {
            ensure!(Instant::now() < deadline, "the bare handler does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(bare)
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for BareServer {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the bare handler: {error}");
        }
    }
}

/// Raw argon2id hashes per second.
///
/// # Errors
/// The process that counts them cannot be run or prints no number.
pub fn hashes(cpu: Option<usize>, seconds: f64) -> Result<f64> {
    let mut command = ourselves(cpu)?;
    command.args(["hashes", "--seconds", &seconds.to_string()]);
    let output = command.stderr(Stdio::inherit()).output()?;
    String::from_utf8(output.stdout)?
        .trim()
        .parse()
        .context("raw argon2")
}

/// This program again, pinned to the core if one is given.
fn ourselves(cpu: Option<usize>) -> Result<Command> {
    let program = std::env::current_exe()?;
    Ok(match cpu {
        None => Command::new(program),
        Some(cpu) => {
            let mut command = Command::new("taskset");
            command.args(["-c", &cpu.to_string()]).arg(program);
            command
        }
    })
}
