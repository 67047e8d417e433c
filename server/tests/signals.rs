//! Signals to processes that a test program started.

pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};
use std::io;

/// Sends `signal` to the process `pid`.
///
/// # Errors
/// The process is gone, or belongs to another user.
pub fn send(pid: u32, signal: Signal) -> io::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    Ok(kill_process(
        pid.ok_or(io::ErrorKind::InvalidInput)?,
        signal,
    )?)
}
