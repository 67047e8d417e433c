//! nginx in front of the replicas, in its own folder.

use anyhow::{Context, Result, bail, ensure};
use std::{
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

    /// Its complaints about replicas, except refused connections: those are part of a restart, and
    /// another replica is tried.
    pub fn complaints(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let odd = log
            .lines()
            .filter(|line| line.contains("upstream") && !line.contains("(111:"));
        odd.map(str::to_owned).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
