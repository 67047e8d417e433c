//! Schemathesis, which tests an API with everything its OpenAPI document allows, and more.

use super::Tool;
use crate::{shell, workspace};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

const VERSION: &str = "4.32.5";

/// Installed from PyPI into its own virtual environment.
pub struct Schemathesis;

impl Schemathesis {
    fn folder(&self) -> PathBuf {
        workspace::tool_cache().join(format!("schemathesis-{VERSION}"))
    }

    /// The path of the program.
    pub fn program(&self) -> PathBuf {
        self.folder().join("bin/schemathesis")
    }
}

impl Tool for Schemathesis {
    fn name(&self) -> &'static str {
        "Schemathesis"
    }

    fn wanted(&self) -> String {
        format!("PyPI {VERSION}")
    }

    fn found(&self) -> Option<String> {
        let said = shell::output(Command::new(self.program()).arg("--version")).ok()?;
        said.contains(VERSION).then(|| VERSION.to_owned())
    }

    fn fix(&self) -> String {
        let folder = self.folder();
        format!(
            "python3 -m venv {0} && {0}/bin/pip install schemathesis=={VERSION}",
            folder.display()
        )
    }

    fn install(&self) -> Result<()> {
        shell::run(
            Command::new("python3")
                .args(["-m", "venv"])
                .arg(self.folder()),
        )?;
        let package = format!("schemathesis=={VERSION}");
        shell::run(
            Command::new(self.folder().join("bin/pip")).args(["install", "--quiet", &package]),
        )
    }
}
