//! Packages of the operating system: installed by apt as root, otherwise only reported.

use super::Tool;
use crate::shell;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A program that Debian packages.
pub struct SystemPackage {
    name: &'static str,
    wanted: &'static str,
    packages: &'static str,
    found: fn() -> Option<String>,
}

/// The programs of a PostgreSQL server.
pub fn postgresql() -> SystemPackage {
    SystemPackage {
        name: "PostgreSQL",
        wanted: "14 or newer",
        packages: "postgresql",
        found: || version_at_least(&postgresql_folder()?.join("postgres"), 14),
    }
}

/// The Redis server.
pub fn redis() -> SystemPackage {
    SystemPackage {
        name: "Redis",
        wanted: "6 or newer",
        packages: "redis-server",
        found: || version_at_least(&shell::which("redis-server")?, 6),
    }
}

/// It prints its version to standard error only; any version will do.
pub fn nginx() -> SystemPackage {
    SystemPackage {
        name: "nginx",
        wanted: "any",
        packages: "nginx",
        found: || shell::which("nginx").map(|_| "installed".to_owned()),
    }
}

/// The browser of the browser tests.
pub fn chromium() -> SystemPackage {
    SystemPackage {
        name: "Chromium",
        wanted: "any",
        packages: "chromium",
        found: || version_at_least(&chromium_path()?, 0),
    }
}

/// For the build's npm packages.
pub fn node() -> SystemPackage {
    SystemPackage {
        name: "Node.js with npm",
        wanted: "18 or newer",
        packages: "nodejs npm",
        found: || shell::which("npm").and_then(|_| version_at_least(&shell::which("node")?, 18)),
    }
}

/// For Playwright, which does not start on an older version.
pub fn node_for_playwright() -> SystemPackage {
    SystemPackage {
        wanted: "20 or newer",
        found: || shell::which("npm").and_then(|_| version_at_least(&shell::which("node")?, 20)),
        ..node()
    }
}

/// For the independent judge, which needs its standard library only.
pub fn python() -> SystemPackage {
    SystemPackage {
        name: "Python",
        wanted: "3",
        packages: "python3",
        found: || version_at_least(&shell::which("python3")?, 3),
    }
}

/// Without them a screenshot shows boxes, and no test notices.
pub fn korean_fonts() -> SystemPackage {
    SystemPackage {
        name: "Korean fonts",
        wanted: "any",
        packages: "fontconfig fonts-noto-cjk",
        found: || {
            let fonts = shell::output(Command::new("fc-list").args([":lang=ko", "family"])).ok()?;
            fonts.lines().next().map(str::to_owned)
        },
    }
}

/// The browser that Playwright drives; it never downloads one itself.
pub fn chromium_path() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(shell::which)
}

/// The folder of `initdb`, `postgres` and the other programs, which Debian keeps off PATH.
pub fn postgresql_folder() -> Option<PathBuf> {
    // PATH may have links to only some of them.
    let linked = shell::which("postgres").and_then(|postgres| postgres.canonicalize().ok());
    let on_path = linked.and_then(|postgres| Some(postgres.parent()?.to_path_buf()));
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let number = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions
        .map(|entry| entry.path())
        .max_by_key(|path| number(path));
    let folders = [on_path, newest.map(|folder| folder.join("bin"))];
    let programs = ["initdb", "postgres", "pg_isready", "createdb"];
    folders
        .into_iter()
        .flatten()
        .find(|folder| programs.iter().all(|it| folder.join(it).is_file()))
}

/// The first version number in the output of `program --version`, if it is at least `major`.
fn version_at_least(program: &Path, major: u32) -> Option<String> {
    let said = shell::output(Command::new(program).arg("--version")).ok()?;
    parse_version(&said)
        .filter(|(found, _)| *found >= major)
        .map(|(_, version)| version)
}

fn parse_version(said: &str) -> Option<(u32, String)> {
    said.split_whitespace().find_map(|word| {
        let version = word.trim_start_matches("v=").trim_start_matches('v');
        let (major, _) = version.split_once('.')?;
        Some((major.parse().ok()?, version.to_owned()))
    })
}

impl Tool for SystemPackage {
    fn name(&self) -> &'static str {
        self.name
    }

    fn wanted(&self) -> String {
        self.wanted.to_owned()
    }

    fn found(&self) -> Option<String> {
        (self.found)()
    }

    fn fix(&self) -> String {
        let sudo = if shell::is_root() { "" } else { "sudo " };
        format!(
            "{sudo}apt-get install -y --no-install-recommends {}",
            self.packages
        )
    }

    fn install(&self) -> Result<()> {
        if !shell::is_root() || shell::which("apt-get").is_none() {
            bail!(
                "{} is missing. Type this, then try again:\n\n    {}\n",
                self.name,
                self.fix()
            );
        }
        static UPDATED: OnceLock<()> = OnceLock::new();
        if UPDATED.set(()).is_ok() {
            shell::run(Command::new("apt-get").arg("update"))?;
        }
        let install = ["install", "-y", "--no-install-recommends"];
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(install);
        shell::run(apt.args(self.packages.split(' ')))
    }
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_read_from_what_programs_say_of_themselves() {
        for (said, major, version) in [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                15,
                "15.18",
            ),
            (
                "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0",
                7,
                "7.0.15",
            ),
            ("v20.20.2", 20, "20.20.2"),
            (
                "Chromium 156.0.8078.73 built on Debian",
                156,
                "156.0.8078.73",
            ),
        ] {
            assert_eq!(
                parse_version(said),
                Some((major, version.to_owned())),
                "{said}"
            );
        }
        assert_eq!(parse_version("no number here"), None);
    }
}
