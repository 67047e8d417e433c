//! Programs built from the crate registry, each into `<cache>/<name>-<version>`.

use super::Tool;
use crate::{shell, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const CARGO_LEPTOS: &str = "0.3.9";

/// By default cargo-leptos links swc with LTO: 25 minutes on two cores; with this profile seven.
const QUICK_PROFILE: [(&str, &str); 3] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
];

/// A program of the crate registry, in one version.
pub struct CargoTool {
    binary: &'static str,
    package: &'static str,
    version: String,
    locked: bool,
}

/// Builds the browser part.
pub fn cargo_leptos() -> CargoTool {
    CargoTool {
        binary: "cargo-leptos",
        package: "cargo-leptos",
        version: CARGO_LEPTOS.to_owned(),
        locked: true,
    }
}

/// The version of the crate: another one builds a page that never hydrates.
///
/// # Errors
/// If `Cargo.lock` is unreadable or does not name wasm-bindgen.
pub fn wasm_bindgen() -> Result<CargoTool> {
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock")).context("Cargo.lock")?;
    let lock: toml::Table = lock.parse().context("Cargo.lock")?;
    let packages = lock.get("package").and_then(|packages| packages.as_array());
    let version = packages
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(|name| name.as_str()) == Some("wasm-bindgen"))
        .and_then(|package| package.get("version")?.as_str())
        .context("Cargo.lock names no wasm-bindgen")?;
    // Without `--locked`: its lock file may name crates newer than a mirror has.
    Ok(CargoTool {
        binary: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: version.to_owned(),
        locked: false,
    })
}

impl CargoTool {
    fn folder(&self) -> PathBuf {
        workspace::tool_cache().join(format!("{}-{}", self.binary, self.version))
    }

    /// The folder to put on PATH.
    pub fn bin_folder(&self) -> PathBuf {
        self.folder().join("bin")
    }

    fn arguments(&self) -> Vec<String> {
        let mut words = vec!["install", self.package, "--version", &self.version];
        words.extend(self.locked.then_some("--locked"));
        let root = self.folder().display().to_string();
        words
            .into_iter()
            .map(str::to_owned)
            .chain(["--root".to_owned(), root])
            .collect()
    }
}

impl Tool for CargoTool {
    fn name(&self) -> &'static str {
        self.binary
    }

    fn wanted(&self) -> String {
        self.version.clone()
    }

    fn found(&self) -> Option<String> {
        let said =
            shell::output(Command::new(self.bin_folder().join(self.binary)).arg("--version"));
        said.ok()
            .filter(|said| said.contains(&self.version))
            .map(|_| self.version.clone())
    }

    fn fix(&self) -> String {
        let profile = QUICK_PROFILE
            .map(|(name, value)| format!("{name}={value}"))
            .join(" ");
        format!("{profile} cargo {}", self.arguments().join(" "))
    }

    fn install(&self) -> Result<()> {
        let cache = workspace::tool_cache();
        fs::create_dir_all(&cache).with_context(|| format!("creating {cache:?}"))?;
        let build = cache.join("build");
        let mut cargo = shell::cargo();
        // Nothing of the workspace may leak in: not its target folder, its flags, or (by the
        // current folder) its `.cargo/config.toml`.
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            cargo.env_remove(name);
        }
        cargo
            .current_dir(&cache)
            .env("CARGO_TARGET_DIR", &build)
            .envs(QUICK_PROFILE);
        shell::run(cargo.args(self.arguments()))?;
        // Two gigabytes that are no longer needed.
        fs::remove_dir_all(&build).with_context(|| format!("removing {build:?}"))
    }
}
