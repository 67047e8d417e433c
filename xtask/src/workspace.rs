//! Locations: the workspace, its target folder, the tool cache, temporary folders.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    match manifest.as_deref().and_then(Path::parent) {
        Some(root) => root.to_path_buf(),
        None => PathBuf::from("."),
    }
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The folder of the tools, each in `<name>-<version>`.
///
/// `$PHONEBILL_CACHE_DIR`, else `$XDG_CACHE_HOME/phonebill`, else `~/.cache/phonebill`.
pub fn tool_cache() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let cache = if let Some(folder) = variable("PHONEBILL_CACHE_DIR") {
        root().join(folder)
    } else if let Some(folder) = variable("XDG_CACHE_HOME") {
        PathBuf::from(folder).join("phonebill")
    } else {
        let home = variable("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
        home.join(".cache/phonebill")
    };
    cache.join("tools")
}

/// Every file under `folder`, sorted, except hidden, generated and installed ones.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {folder:?}"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "node_modules" || name == "target" {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A new folder for this run, removed when dropped.
///
/// # Errors
/// If the system's temporary folder cannot be written.
pub fn temporary_folder() -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("phonebill-")
        .tempdir()
        .context("creating a temporary folder")
}
