//! Running the product: the release binary, or the developers' loop.

use crate::build::{self, Profile};
use crate::{shell, tools};
use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;

/// Builds in release mode and execs `phonebill serve`.
pub fn serve(arguments: &[String]) -> Result<()> {
    let binary = build::build(Profile::Release)?;
    let error = shell::command(&binary).arg("serve").args(arguments).exec();
    Err(error).with_context(|| format!("starting {binary:?}"))
}

/// Execs `cargo leptos watch`.
pub fn watch() -> Result<()> {
    tools::ensure(&tools::for_site()?)?;
    Err(build::cargo_leptos()?.arg("watch").exec()).context("starting cargo leptos watch")
}
