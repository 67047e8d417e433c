//! A PostgreSQL cluster for one run, without the durability that costs time.

use super::{Service, free_port, postgres_log, tied_to_us};
use crate::tools::system;
use crate::{shell, workspace};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const USER: &str = "phonebill";
const START_LIMIT: Duration = Duration::from_secs(30);
/// The log file in its folder.
const LOG: &str = "log";
/// The folder, and the tablespace, of the small disk.
const SMALL: &str = "small";
/// A tmpfs that only the server sees and that ends with it.
const WITH_SMALL_DISK: &str = "mount -t tmpfs -o size=64m tmpfs \"$1\" \
    && chown --reference=\"$1/..\" \"$1\" && shift && exec \"$@\"";

/// A running PostgreSQL, stopped on drop.
pub struct Postgres {
    pub(super) _service: Service,
    bin: std::path::PathBuf,
    port: u16,
}

impl Postgres {
    /// # Errors
    /// If the programs are missing or the cluster does not start.
    pub fn start() -> Result<Self> {
        Self::start_as(|server, _| Ok(server))
    }

    /// As [`Self::start`], with `database` on a disk of 64 MiB that can be filled; `None` if the
    /// system does not allow making one.
    ///
    /// # Errors
    /// If the programs are missing or the cluster does not start.
    pub fn start_on_small_disk(database: &str) -> Result<Option<Self>> {
        if !shell::is_root() || shell::which("unshare").is_none() {
            return Ok(None);
        }
        let postgres = Self::start_as(|server, folder| {
            let small = folder.join(SMALL);
            std::fs::create_dir(&small).context("a folder for the small disk")?;
            let mut command = shell::command("unshare");
            command
                .args(["--mount", "--", "sh", "-c", WITH_SMALL_DISK, "sh"])
                .arg(&small)
                .arg(server.get_program())
                .args(server.get_args());
            Ok(command)
        })?;
        let disk = postgres._service._folder.path().join(SMALL);
        postgres.client("psql", |psql| {
            psql.args(["-q", "-d", "tests", "-c"]).arg(format!(
                "CREATE TABLESPACE {SMALL} LOCATION '{}'",
                disk.display()
            ));
        })?;
        postgres.client("createdb", |createdb| {
            createdb.args(["-D", SMALL, database]);
        })?;
        Ok(Some(postgres))
    }

    /// Starts the server with the command that `prepare` returns.
    fn start_as(prepare: impl FnOnce(Command, &Path) -> Result<Command>) -> Result<Self> {
        shell::step("PostgreSQL for this run", || {
            let bin = system::postgresql_folder().context("PostgreSQL is not installed")?;
            let folder = workspace::temporary_folder()?;
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
            let log = std::fs::File::create(folder.path().join(LOG))?;
            let mut server = tied_to_us(&bin.join("postgres"), "INT", &account);
            server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
            for setting in [
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "max_connections=300",
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                postgres_log::PREFIX,
            ] {
                server.args(["-c", setting]);
            }
            let mut server = prepare(server, folder.path())?;
            server
                .current_dir(folder.path())
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

    /// Creates an empty database.
    pub fn create_database(&self, name: &str) -> Result<()> {
        self.client("createdb", |createdb| {
            createdb.arg(name);
        })
    }

    /// Runs one of PostgreSQL's own programs against this server.
    fn client(&self, program: &str, wanted: impl FnOnce(&mut Command)) -> Result<()> {
        let mut client = Command::new(self.bin.join(program));
        client.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", USER]);
        wanted(&mut client);
        shell::output(&mut client).map(drop)
    }

    /// The whole log so far.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn log(&self) -> Result<String> {
        let path = self._service._folder.path().join(LOG);
        std::fs::read_to_string(&path).with_context(|| format!("reading {path:?}"))
    }

    /// The value of `DATABASE_URL` for `database`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{database}", self.port)
    }
}

/// PostgreSQL refuses to run as root. As root this gives `folder` to an unprivileged account and
/// returns the arguments with which `setpriv` becomes it.
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
