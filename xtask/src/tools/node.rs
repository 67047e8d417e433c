//! npm packages: wasm-opt, Swagger UI, and those of the browser tests.

use super::Tool;
use crate::{shell, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A package in its own folder of the tool cache.
pub struct NpmPackage {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    /// Its folder in the tool cache, before the version.
    folder: &'static str,
    /// Whether what is installed works.
    works: fn(&NpmPackage) -> bool,
}

/// wasm-opt. Never the system's: Debian's version 108 exits 0 and builds a page that silently does
/// not hydrate.
pub const BINARYEN: NpmPackage = NpmPackage {
    name: "wasm-opt",
    package: "binaryen",
    version: "132.0.0",
    folder: "binaryen",
    works: |binaryen| {
        let program = binaryen.bin_folder().join("wasm-opt");
        let said = shell::output(Command::new(program).arg("--version"));
        let major = binaryen.version.split('.').next().unwrap_or_default();
        said.is_ok_and(|said| said.contains(&format!("version {major}")))
    },
};

/// The page of `/api/docs`; two of its files become part of the site.
pub const SWAGGER_UI: NpmPackage = NpmPackage {
    name: "Swagger UI",
    package: "swagger-ui-dist",
    version: "5.35.0",
    folder: "swagger-ui",
    works: |swagger_ui| swagger_ui.files().join("swagger-ui-bundle.js").is_file(),
};

impl NpmPackage {
    fn folder(&self) -> PathBuf {
        workspace::tool_cache().join(format!("{}-{}", self.folder, self.version))
    }

    /// The folder of its programs, to put on PATH.
    pub fn bin_folder(&self) -> PathBuf {
        self.folder().join("node_modules/.bin")
    }

    /// The folder of its files.
    pub fn files(&self) -> PathBuf {
        self.folder().join("node_modules").join(self.package)
    }

    /// No install script is needed: Swagger UI's only asks for donations, and wasm-opt has none.
    fn arguments(&self) -> [String; 5] {
        [
            "install".to_owned(),
            "--ignore-scripts".to_owned(),
            "--prefix".to_owned(),
            self.folder().display().to_string(),
            format!("{}@{}", self.package, self.version),
        ]
    }
}

impl Tool for NpmPackage {
    fn name(&self) -> &'static str {
        self.name
    }

    fn wanted(&self) -> String {
        format!("npm {} {}", self.package, self.version)
    }

    fn found(&self) -> Option<String> {
        (self.works)(self).then(|| self.version.to_owned())
    }

    fn fix(&self) -> String {
        format!("npm {}", self.arguments().join(" "))
    }

    fn install(&self) -> Result<()> {
        let folder = self.folder();
        fs::create_dir_all(&folder).with_context(|| format!("creating {folder:?}"))?;
        shell::run(npm().args(self.arguments()))
    }
}

/// `end2end/node_modules`, according to its lock file.
pub struct BrowserTestPackages;

impl BrowserTestPackages {
    fn lock_text(&self) -> Option<String> {
        fs::read_to_string(workspace::root().join("end2end/package-lock.json")).ok()
    }

    fn stamp(&self) -> PathBuf {
        workspace::root().join("end2end/node_modules/.installed-from")
    }
}

impl Tool for BrowserTestPackages {
    fn name(&self) -> &'static str {
        "end2end packages"
    }

    fn wanted(&self) -> String {
        "package-lock.json".to_owned()
    }

    fn found(&self) -> Option<String> {
        let installed = fs::read_to_string(self.stamp()).ok()?;
        (Some(installed) == self.lock_text()).then(|| "installed".to_owned())
    }

    fn fix(&self) -> String {
        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix end2end".to_owned()
    }

    fn install(&self) -> Result<()> {
        shell::run(npm().args(["ci", "--prefix", "end2end"]))?;
        fs::write(self.stamp(), self.lock_text().unwrap_or_default()).context("end2end stamp")
    }
}

fn npm() -> Command {
    let mut npm = shell::command("npm");
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .args(["--no-fund", "--no-audit"]);
    npm
}
