//! A PostgreSQL cluster for one run, without the promises that cost time.

use super::{Service, free_port, tied_to_us};
use crate::tools::system;
use crate::{shell, workspace::TempFolder};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const USER: &str = "phonebill";
const START_LIMIT: Duration = Duration::from_secs(30);

pub struct Postgres {
    pub(super) _service: Service,
    bin: std::path::PathBuf,
    port: u16,
}

impl Postgres {
    /// # Errors
    /// When the programs are missing or the cluster does not start.
    pub fn start() -> Result<Self> {
        shell::step("PostgreSQL for this run", || {
            let bin = system::postgresql_folder().context("PostgreSQL is not installed")?;
            let folder = TempFolder::new("postgres")?;
            let account = unprivileged_account(folder.path())?;
            let data = folder.path().join("data");
            let mut initdb = tied_to_us(&bin.join("initdb"), "INT", &account);
            initdb.args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"]);
            initdb
                .arg(format!("--username={USER}"))
                .arg("--pgdata")
                .arg(&data);
            shell::output(initdb.current_dir(folder.path()))?;

            let port = free_port()?;
            let log = std::fs::File::create(folder.path().join("log"))?;
            let mut server = tied_to_us(&bin.join("postgres"), "INT", &account);
            server
                .current_dir(folder.path())
                .arg("-D")
                .arg(&data)
                .args(["-p", &port.to_string()]);
            for setting in [
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=300",
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
            ] {
                server.args(["-c", setting]);
            }
            server
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log);
            let mut service = Service::start(server, "INT", folder)?;
            shell::wait_until("PostgreSQL", START_LIMIT, || {
                if service.has_ended() {
                    bail!("PostgreSQL ended while starting");
                }
                let mut probe = Command::new(bin.join("pg_isready"));
                probe.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
                Ok(probe.status()?.success())
            })?;
            let postgres = Self {
                _service: service,
                bin,
                port,
            };
            postgres.create_database("tests")?;
            Ok(postgres)
        })
    }

    pub fn create_database(&self, name: &str) -> Result<()> {
        let mut createdb = Command::new(self.bin.join("createdb"));
        createdb.args([
            "-h",
            "127.0.0.1",
            "-p",
            &self.port.to_string(),
            "-U",
            USER,
            name,
        ]);
        shell::output(&mut createdb).map(drop)
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }
}

/// PostgreSQL refuses to run as root: then `folder` is given to an account of the system,
/// and the arguments for `setpriv` to become it are returned.
fn unprivileged_account(folder: &Path) -> Result<Vec<String>> {
    if !shell::is_root() {
        return Ok(Vec::new());
    }
    let accounts = std::fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
    let ids = |wanted: &str| {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let mut ids = fields.skip(1).map_while(|field| field.parse::<u32>().ok());
            (name == wanted).then(|| Some((ids.next()?, ids.next()?)))?
        })
    };
    let account = ids("postgres").or_else(|| ids("nobody"));
    let (user, group) = account.context("neither `postgres` nor `nobody` is an account")?;
    std::os::unix::fs::chown(folder, Some(user), Some(group))?;
    if shell::which("setpriv").is_none() {
        bail!("PostgreSQL refuses to run as root, and `setpriv` (util-linux) is not installed");
    }
    let become_user = [format!("--reuid={user}"), format!("--regid={group}")];
    Ok(become_user
        .into_iter()
        .chain(["--clear-groups".to_owned()])
        .collect())
}
