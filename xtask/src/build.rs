//! The build: the browser's part by cargo-leptos, and the site embedded in one binary.

use crate::tools::{self, cargo_tool, node};
use crate::{budget, shell, site, workspace};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// How the server is compiled. The browser's part is always optimised, because the budget is about
/// it.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Profile {
    Dev,
    Release,
    /// Link-time optimised as one whole: what is deployed and measured.
    Dist,
}

impl Profile {
    /// Cargo's name for it.
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Dist => "dist",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release | Self::Dist => self.name(),
        }
    }
}

/// Builds `phonebill` with its site inside and returns its path.
///
/// # Errors
/// If a tool cannot be installed, something does not compile, or the site is over budget.
pub fn build(profile: Profile) -> Result<PathBuf> {
    tools::ensure(&tools::for_site()?)?;
    let embedded = workspace::target().join("site-embed");
    let stamp = workspace::target().join("site-embed.stamp");
    let inputs = digest_of_inputs()?;
    if fs::read_to_string(&stamp).is_ok_and(|built| built == inputs) && embedded.is_dir() {
        eprintln!("==> site: unchanged");
    } else {
        let built = workspace::target().join("site-release");
        shell::step("browser's part: WebAssembly, JavaScript, style", || {
            shell::run(
                cargo_leptos()?
                    .args(["build", "--frontend-only", "--release"])
                    .env("LEPTOS_SITE_ROOT", &built),
            )
        })?;
        shell::step("site: hashed names, brotli", || {
            site::collect(&built, &embedded)
        })?;
        fs::write(&stamp, inputs).context("writing the site's stamp")?;
    }
    site::add_api_docs(&node::SWAGGER_UI.files(), &embedded)?;
    shell::step("server: phonebill", || {
        let mut cargo = shell::cargo();
        cargo.args([
            "build",
            "--package",
            "server",
            "--bin",
            "phonebill",
            "--features",
            "embed",
            "--profile",
            profile.name(),
        ]);
        shell::run(cargo.env("PHONEBILL_SITE_DIR", &embedded))
    })?;
    budget::enforce(&embedded)?;
    Ok(workspace::target().join(profile.folder()).join("phonebill"))
}

/// `cargo leptos`, with the helpers it cannot download itself in front of PATH.
pub fn cargo_leptos() -> Result<Command> {
    let leptos = cargo_tool::cargo_leptos();
    let path = shell::path_with(&[
        leptos.bin_folder(),
        cargo_tool::wasm_bindgen()?.bin_folder(),
        node::BINARYEN.bin_folder(),
    ])?;
    let mut command = shell::cargo();
    command.env("PATH", path).arg("leptos");
    Ok(command)
}

/// A hash over the content of all inputs of the site, so that a checkout or a touch changes
/// nothing.
fn digest_of_inputs() -> Result<String> {
    let root = workspace::root();
    let mut files = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    for folder in ["app", "frontend", "style", "xtask/src"] {
        files.extend(workspace::files_under(&root.join(folder))?);
    }
    let mut digest = Sha256::new();
    for tool in tools::for_site()? {
        digest.update(tool.wanted());
    }
    for file in files {
        let content = fs::read(&file).with_context(|| format!("reading {file:?}"))?;
        digest.update(
            file.strip_prefix(&root)
                .unwrap_or(&file)
                .to_string_lossy()
                .as_bytes(),
        );
        digest.update(content.len().to_le_bytes());
        digest.update(content);
    }
    Ok(hex::encode(digest.finalize()))
}
