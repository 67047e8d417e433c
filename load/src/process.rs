//! CPU time and memory of a process, from `/proc`.

use anyhow::{Context, Result};
use std::{fs, time::Duration};

/// Linux counts CPU time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// CPU time of all its threads.
///
/// # Errors
/// There is no such process.
pub fn cpu(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold spaces.
    let rest = stat.rsplit_once(") ").context("/proc/<pid>/stat")?.1;
    let ticks = |index: usize| -> Result<u32> {
        let field = rest.split(' ').nth(index).context("/proc/<pid>/stat")?;
        Ok(field.parse()?)
    };
    // utime and stime.
    Ok(TICK * (ticks(11)? + ticks(12)?))
}

/// Resident memory in MiB: now, and the peak.
///
/// # Errors
/// There is no such process.
pub fn memory(pid: u32) -> Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let mebibytes = |name: &str| -> Result<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.split_whitespace().next());
        Ok(kib.context("/proc/<pid>/status")?.parse::<f64>()? / 1024.0)
    };
    Ok((mebibytes("VmRSS:")?, mebibytes("VmHWM:")?))
}
