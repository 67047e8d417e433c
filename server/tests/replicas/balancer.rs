//! nginx in front of the replicas, in its own folder.

use anyhow::{Context, Result, bail, ensure};
use std::{
    collections::BTreeMap,
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The settings under test.
const PROXY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx/proxy.conf");

/// An address that was free a moment ago.
pub fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?)
}

/// A running nginx; killed when dropped.
pub struct Nginx {
    child: Child,
    log: PathBuf,
}

impl Nginx {
    pub async fn start(folder: &Path, front: SocketAddr, replicas: &[SocketAddr]) -> Result<Self> {
        let folder = folder.join("nginx");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("nginx.conf"), config(front, replicas))?;
        let child = Command::new("nginx")
            .arg("-p")
            .arg(&folder)
            .args(["-e", "error.log", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting nginx: is it installed?")?;
        let log = folder.join("error.log");
        let mut nginx = Self { child, log };
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) {
            ensure!(
                nginx.child.try_wait()?.is_none(),
                "nginx ended while starting"
            );
            if TcpStream::connect(front).is_ok() {
                return Ok(nginx);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("nginx does not listen")
    }

    /// The number of its complaints about replicas, by what it says, except refused connections: those
    /// are part of a restart, and another replica is tried. Anything else hit a request under way, as a
    /// replica must not do even where nginx sent the request again and no customer noticed.
    pub fn complaints(&self) -> Result<BTreeMap<String, usize>> {
        let log = fs::read_to_string(&self.log).context("nginx has no log")?;
        let mut complaints = BTreeMap::new();
        for line in log.lines() {
            if line.contains("upstream") && !is_refusal(line) {
                *complaints.entry(said(line).to_owned()).or_default() += 1;
            }
        }
        Ok(complaints)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether that complaint is about a connection closed or reset while an answer was awaited.
pub fn is_cut(said: &str) -> bool {
    ["upstream prematurely closed", "recv() failed (104:"]
        .iter()
        .any(|cut| said.starts_with(cut))
}

/// Whether no connection came about: 111 is ECONNREFUSED.
fn is_refusal(line: &str) -> bool {
    line.contains("connect() failed (111:")
}

/// What a line of the log says: the part between the number of the connection and the client.
fn said(line: &str) -> &str {
    let said = line.split_once(", client:").map_or(line, |(said, _)| said);
    let numbered = said
        .split_once(": *")
        .and_then(|(_, said)| said.split_once(' '));
    numbered.map_or(said, |(_, said)| said)
}

/// A single process of the current user; the upstream is that of `deploy/nginx/phonebill.conf`.
fn config(front: SocketAddr, replicas: &[SocketAddr]) -> String {
    let servers: String = replicas
        .iter()
        .map(|address| format!("server {address} max_fails=1 fail_timeout=1s;\n"))
        .collect();
    format!(
        "daemon off; master_process off; pid nginx.pid; error_log error.log;
         events {{ worker_connections 1024; }}
         http {{
           access_log off;
           client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
           uwsgi_temp_path uwsgi; scgi_temp_path scgi;
           upstream phonebill {{
             zone phonebill 64k;
             {servers}
             keepalive 64;
             keepalive_timeout 1s;
           }}
           server {{
             listen {front};
             include {PROXY};
           }}
         }}"
    )
}
