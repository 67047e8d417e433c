//! The resources of a process, from `/proc`.

use anyhow::{Context, Result};
use std::{collections::HashSet, fs, net::SocketAddr};

/// The resources at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Footprint {
    /// Connections to KOS, including those being opened.
    pub sockets: usize,
    /// Resident memory in KiB.
    pub memory: usize,
}

impl Footprint {
    pub fn of(pid: u32, kos: SocketAddr) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory = memory.and_then(|line| line.split_whitespace().next());
        let open = open_sockets(pid)?;
        let remote = format!("0100007F:{:04X}", kos.port());
        let table = fs::read_to_string("/proc/net/tcp")?;
        let ours = table.lines().filter(|line| {
            // sl, local, remote, state, queues, timer, retransmissions, uid, timeout, inode.
            let fields: Vec<_> = line.split_whitespace().collect();
            fields.get(2).is_some_and(|other| *other == remote)
                && fields.get(9).is_some_and(|inode| open.contains(*inode))
        });
        Ok(Self {
            sockets: ours.count(),
            memory: memory.context("no VmRSS")?.parse()?,
        })
    }
}

/// The inodes of its sockets.
fn open_sockets(pid: u32) -> Result<HashSet<String>> {
    let mut inodes = HashSet::new();
    for file in fs::read_dir(format!("/proc/{pid}/fd"))? {
        // It may have been closed meanwhile.
        let Ok(target) = fs::read_link(file?.path()) else {
            continue;
        };
        let target = target.to_string_lossy();
        let inode = target.strip_prefix("socket:[");
        inodes.extend(
            inode
                .and_then(|rest| rest.strip_suffix(']'))
                .map(str::to_owned),
        );
    }
    Ok(inodes)
}
