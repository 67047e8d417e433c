//! What comes from npm: wasm-opt, and the packages of the browser tests.

use super::Tool;
use crate::{shell, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const BINARYEN: &str = "132.0.0";

/// wasm-opt. Never the system's: Debian's version 108 exits 0 and builds a page that
/// silently does not hydrate.
pub struct Binaryen;

impl Binaryen {
    fn folder(&self) -> PathBuf {
        workspace::tool_cache().join(format!("binaryen-{BINARYEN}"))
    }

    /// The folder to put on PATH.
    pub fn bin_folder(&self) -> PathBuf {
        self.folder().join("node_modules/.bin")
    }
}

impl Tool for Binaryen {
    fn name(&self) -> &'static str {
        "wasm-opt"
    }

    fn wanted(&self) -> String {
        format!("npm binaryen {BINARYEN}")
    }

    fn found(&self) -> Option<String> {
        let said = shell::output(Command::new(self.bin_folder().join("wasm-opt")).arg("--version"));
        let major = BINARYEN.split('.').next().unwrap_or(BINARYEN);
        let said = said.ok()?;
        said.contains(&format!("version {major}"))
            .then(|| said.trim().to_owned())
    }

    fn fix(&self) -> String {
        format!(
            "npm install --prefix {} binaryen@{BINARYEN}",
            self.folder().display()
        )
    }

    fn install(&self) -> Result<()> {
        let folder = self.folder();
        fs::create_dir_all(&folder).with_context(|| format!("creating {folder:?}"))?;
        let package = format!("binaryen@{BINARYEN}");
        shell::run(
            npm()
                .arg("install")
                .arg("--prefix")
                .arg(&folder)
                .arg(package),
        )
    }
}

const SWAGGER_UI: &str = "5.35.0";

/// What `/api/docs` shows the API with; its two files become part of the site.
pub struct SwaggerUi;

impl SwaggerUi {
    fn folder(&self) -> PathBuf {
        workspace::tool_cache().join(format!("swagger-ui-{SWAGGER_UI}"))
    }

    /// The folder of its files.
    pub fn files(&self) -> PathBuf {
        self.folder().join("node_modules/swagger-ui-dist")
    }
}

impl Tool for SwaggerUi {
    fn name(&self) -> &'static str {
        "Swagger UI"
    }

    fn wanted(&self) -> String {
        format!("npm swagger-ui-dist {SWAGGER_UI}")
    }

    fn found(&self) -> Option<String> {
        let bundle = self.files().join("swagger-ui-bundle.js");
        bundle.is_file().then(|| SWAGGER_UI.to_owned())
    }

    fn fix(&self) -> String {
        format!(
            "npm install --prefix {} swagger-ui-dist@{SWAGGER_UI}",
            self.folder().display()
        )
    }

    fn install(&self) -> Result<()> {
        let folder = self.folder();
        fs::create_dir_all(&folder).with_context(|| format!("creating {folder:?}"))?;
        let package = format!("swagger-ui-dist@{SWAGGER_UI}");
        // Its install script only asks for donations.
        shell::run(
            npm()
                .args(["install", "--ignore-scripts", "--prefix"])
                .arg(&folder)
                .arg(package),
        )
    }
}

/// `end2end/node_modules`, as its lock file has it.
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
