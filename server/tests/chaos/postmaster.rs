//! PostgreSQL's first process: ended without a checkpoint, and started again as it was.

use crate::signals::{self, Signal};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    fs::{self, File},
    os::{
        fd::AsRawFd,
        unix::{ffi::OsStringExt, fs::MetadataExt},
    },
    process::{self, Command, Stdio},
};

/// The parent of all server processes.
pub struct Postmaster {
    pub pid: u32,
    program: OsString,
    arguments: Vec<OsString>,
    user: u32,
    group: u32,
    /// What it has mounted lasts for as long as this is open.
    mounts: File,
}

impl Postmaster {
    /// The running one.
    pub fn of(pid: u32) -> Result<Self> {
        let command = fs::read(format!("/proc/{pid}/cmdline"))?;
        let mut words = command.split(|byte| *byte == 0).map(<[u8]>::to_vec);
        let program = words.next().map(OsString::from_vec).context("no command")?;
        let mut arguments: Vec<_> = words.map(OsString::from_vec).collect();
        // Each word ends with a zero.
        arguments.pop();
        let owner = fs::metadata(format!("/proc/{pid}"))?;
        Ok(Self {
            pid,
            program,
            arguments,
            user: owner.uid(),
            group: owner.gid(),
            mounts: File::open(format!("/proc/{pid}/ns/mnt"))?,
        })
    }

    /// An immediate shutdown: connections are cut, and the next start has to recover.
    pub fn stop_at_once(&self) -> Result<()> {
        Ok(signals::send(self.pid, Signal::QUIT)?)
    }

    /// Starts it with the same arguments, as the same user, with the same mounts. It outlives this, for
    /// whoever uses it next, and ends with the rig.
    pub fn start_again(&mut self) -> Result<()> {
        let own = fs::metadata("/proc/self")?.uid();
        let (rig, mounts) = (process::id(), self.mounts.as_raw_fd());
        let mut command = if own == self.user {
            Command::new("setpriv")
        } else {
            let mut command = Command::new("nsenter");
            command
                .arg(format!("--mount=/proc/{rig}/fd/{mounts}"))
                .args(["--", "setpriv", "--clear-groups"])
                .arg(format!("--reuid={}", self.user))
                .arg(format!("--regid={}", self.group));
            command
        };
        let started = command
            .args(["--pdeathsig", "INT", "--"])
            .arg(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting PostgreSQL again")?;
        self.pid = started.id();
        Ok(())
    }
}
