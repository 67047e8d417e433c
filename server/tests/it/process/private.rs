//! What other users of the machine can read of a process: nothing. On the embedded database, whose files
//! are the product's own.

use crate::support::process::{Process, phonebill};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// `phonebill serve` as an ordinary shell starts it.
fn under_the_usual_umask(data: &Path) -> Process {
    let phonebill = phonebill(data);
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", "umask 022; exec \"$0\" serve"])
        .arg(phonebill.get_program())
        .env_clear()
        .envs(
            phonebill
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    Process::started(&mut shell)
}

#[tokio::test]
async fn its_files_are_its_owners() {
    let above = tempfile::tempdir().unwrap();
    let data = above.path().join("new/data");
    let process = under_the_usual_umask(&data);
    assert_eq!(mode(&data), 0o700);
    let mut files = 0;
    for file in fs::read_dir(&data).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
            files += 1;
        }
    }
    assert!(
        files >= 4,
        "the database, two files beside it, and the secret"
    );
    drop(process);
}

/// A core would hold what customers sent.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_leaves_no_core() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::serve(&data, &[]);
    let limits = fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    let mut lines = limits.lines();
    let core = lines.find_map(|line| line.strip_prefix("Max core file size"));
    let core: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[..2], ["0", "0"]);
}
