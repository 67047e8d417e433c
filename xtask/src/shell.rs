//! Starting other programs: with progress, interruptible, leaving none behind.
//!
//! Every child gets its own process group, so that Ctrl-C reaches this program first, which then
//! stops them in order.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
const TICK: Duration = Duration::from_millis(20);
const GRACE: Duration = Duration::from_secs(10);

/// Makes Ctrl-C, SIGTERM and SIGHUP fail the current step instead of killing this process, so that
/// everything started is stopped on the way out.
pub fn watch_for_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("signal handler")
}

/// Fails once Ctrl-C, SIGTERM or SIGHUP has arrived.
pub fn fail_if_interrupted() -> Result<()> {
    if INTERRUPTED.load(Ordering::SeqCst) {
        bail!("interrupted");
    }
    Ok(())
}

/// Announces a step, runs it, and prints how long it took.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n==> {title}");
    let started = Instant::now();
    let result = work().with_context(|| format!("{title}: failed"))?;
    eprintln!(
        "    {title}: done in {:.1} s",
        started.elapsed().as_secs_f64()
    );
    Ok(result)
}

/// A command that runs in the workspace's folder.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::workspace::root());
    command
}

/// Cargo, without the variables that `cargo run` set for *this* package.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Runs to the end, with its output on the terminal; fails if the program fails.
pub fn run(command: &mut Command) -> Result<()> {
    let mut child = spawn(command)?;
    let status = wait(&mut child)?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs to the end and returns its standard output; fails if the program fails.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| shown(command))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        bail!("`{}` ended with {}: {said}", shown(command), done.status);
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Runs to the end; every line of its output is printed and passed to `on_line`.
pub fn tee(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    // Colours would hide the closing lines from `on_line`.
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("FORCE_COLOR", "0");
    let mut child = spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (sender, lines) = mpsc::channel();
    let pipes: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|pipe| Box::new(pipe) as _),
        child.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    for pipe in pipes.into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                if sender
                    .send(String::from_utf8_lossy(&line).into_owned())
                    .is_err()
                {
                    break;
                }
            }
        });
    }
    drop(sender);
    loop {
        match lines.recv_timeout(TICK) {
            Ok(line) => {
                println!("{line}");
                on_line(&line);
            }
            Err(RecvTimeoutError::Timeout) => {
                if fail_if_interrupted().is_err() {
                    stop(&mut child, "INT");
                }
            }
            Err(RecvTimeoutError::Disconnected) => return wait(&mut child),
        }
    }
}

/// Starts a program in a process group of its own.
pub fn spawn(command: &mut Command) -> Result<Child> {
    fail_if_interrupted()?;
    command
        .process_group(0)
        .spawn()
        .with_context(|| format!("starting `{}`", shown(command)))
}

fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            fail_if_interrupted()?;
            return Ok(status);
        }
        if fail_if_interrupted().is_err() {
            stop(child, "INT");
        }
        std::thread::sleep(TICK);
    }
}

/// Sends `signal` to the child's process group, waits, and kills the group if it does not end.
pub fn stop(child: &mut Child, signal: &str) {
    let group = format!("-{}", child.id());
    let send = |signal: &str| {
        let signal = format!("-{signal}");
        Command::new("kill")
            .args([signal.as_str(), "--", group.as_str()])
            .output()
    };
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    let deadline = Instant::now() + GRACE;
    if send(signal).is_ok() {
        while Instant::now() < deadline {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(TICK);
        }
    }
    eprintln!("process {} did not end when asked; killing it", child.id());
    if let Err(error) = send("KILL").and_then(|_| child.wait()) {
        eprintln!("could not kill process {}: {error}", child.id());
    }
}

/// Polls `ready` until it holds.
///
/// # Errors
/// After `limit`, on an interrupt, or if `ready` itself fails.
pub fn wait_until(
    what: &str,
    limit: Duration,
    mut ready: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let deadline = Instant::now() + limit;
    while !ready()? {
        fail_if_interrupted()?;
        if Instant::now() > deadline {
            bail!("{what}: not ready after {} s", limit.as_secs());
        }
        std::thread::sleep(TICK);
    }
    Ok(())
}

/// The full path of a program on PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// PATH with `folders` in front.
pub fn path_with(folders: &[PathBuf]) -> Result<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&path));
    std::env::join_paths(all).context("PATH")
}

/// Whether this process runs as root.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let short = |word: &OsStr| match Path::new(word).file_name() {
        Some(name) if Path::new(word).is_absolute() => name.to_string_lossy().into_owned(),
        _ => word.to_string_lossy().into_owned(),
    };
    words.map(short).collect::<Vec<_>>().join(" ")
}
