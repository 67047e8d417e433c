//! The folder of the embedded default's files.

use anyhow::Context;
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path};

/// Makes the folder, and those above it, if they are not there: for their owner only, because what is kept
/// there is personal. A folder that exists stays as its owner made it.
///
/// # Errors
/// It cannot be made.
pub(crate) fn create(folder: &Path) -> anyhow::Result<()> {
    let mut private = DirBuilder::new();
    private.recursive(true).mode(0o700);
    private
        .create(folder)
        .with_context(|| format!("cannot create {}", folder.display()))
}
