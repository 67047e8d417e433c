//! Parts of the Rust toolchain that rustup adds.

use super::Tool;
use crate::shell;
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// The standard library for the browser.
pub struct WasmTarget;

/// The target of the browser build.
pub const WASM: &str = "wasm32-unknown-unknown";

impl Tool for WasmTarget {
    fn name(&self) -> &'static str {
        WASM
    }

    fn wanted(&self) -> String {
        "of this toolchain".to_owned()
    }

    fn found(&self) -> Option<String> {
        let folder = shell::output(shell::command("rustc").args([
            "--print=target-libdir",
            "--target",
            WASM,
        ]));
        let folder = folder.ok()?;
        Path::new(folder.trim())
            .is_dir()
            .then(|| "installed".to_owned())
    }

    fn fix(&self) -> String {
        format!("rustup target add {WASM}")
    }

    fn install(&self) -> Result<()> {
        shell::run(Command::new("rustup").args(["target", "add", WASM]))
    }
}

/// A cargo subcommand that rustup installs as a component.
pub struct Component {
    name: &'static str,
    subcommand: &'static str,
}

/// `cargo fmt`.
pub const RUSTFMT: Component = Component {
    name: "rustfmt",
    subcommand: "fmt",
};
/// `cargo clippy`.
pub const CLIPPY: Component = Component {
    name: "clippy",
    subcommand: "clippy",
};

impl Tool for Component {
    fn name(&self) -> &'static str {
        self.name
    }

    fn wanted(&self) -> String {
        "of this toolchain".to_owned()
    }

    fn found(&self) -> Option<String> {
        let said = shell::output(shell::cargo().args([self.subcommand, "--version"])).ok()?;
        said.split_whitespace().nth(1).map(str::to_owned)
    }

    fn fix(&self) -> String {
        format!("rustup component add {}", self.name)
    }

    fn install(&self) -> Result<()> {
        shell::run(Command::new("rustup").args(["component", "add", self.name]))
    }
}
