//! The direction of dependencies between crates: `frontend → app ← server → simulator`.

use super::Finding;
use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;

const ALLOWED: [(&str, &str); 3] = [
    ("frontend", "app"),
    ("server", "app"),
    ("server", "simulator"),
];
const CRATES: [&str; 6] = ["app", "frontend", "load", "server", "simulator", "xtask"];

/// Every dependency between crates against the direction.
///
/// # Errors
/// If `cargo metadata` fails.
pub fn check() -> Result<Vec<Finding>> {
    let metadata =
        shell::output(shell::cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata")?;
    Ok(findings(&metadata))
}

fn findings(metadata: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let manifest = format!("{name}/Cargo.toml");
        if !CRATES.contains(&name) {
            findings.push(Finding::new(
                &manifest,
                0,
                "a crate that xtask's map does not know",
            ));
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            // A crate's tests may ask for a feature of the crate itself.
            if dependency["path"].is_string() && name != to && !ALLOWED.contains(&(name, to)) {
                let message = format!("`{name}` may not depend on `{to}`");
                findings.push(Finding::new(&manifest, 0, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, dependency: &str) -> Value {
        json!({ "name": name, "dependencies": [{ "name": dependency, "path": "/x" }] })
    }

    #[test]
    fn an_arrow_against_the_direction_is_found() {
        let metadata = json!({ "packages": [package("server", "app"), package("app", "server")] });
        let found = findings(&metadata);
        assert_eq!(
            found,
            [Finding::new(
                "app/Cargo.toml",
                0,
                "`app` may not depend on `server`"
            )]
        );
        assert_eq!(
            findings(&json!({ "packages": [package("shared", "app")] })).len(),
            2
        );
    }
}
