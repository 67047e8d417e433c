//! The required tools: their versions, how they are found and how they are installed.
//!
//! - [`cargo_tool`]: programs built by `cargo install` into the tool cache
//! - [`rust_part`]: parts of the Rust toolchain
//! - [`node`]: programs and packages of npm
//! - [`schemathesis`]: from PyPI
//! - [`system`]: packages of the operating system

pub mod cargo_tool;
pub mod node;
pub mod rust_part;
pub mod schemathesis;
pub mod system;

use crate::shell;
use anyhow::{Result, bail};

/// Something a command needs on this machine.
pub trait Tool {
    fn name(&self) -> &'static str;
    /// The wanted version, in words.
    fn wanted(&self) -> String;
    /// The version found, if it is sufficient.
    fn found(&self) -> Option<String>;
    /// The command a person can type to install it.
    fn fix(&self) -> String;
    /// Installs it without asking, or fails with the command to type.
    fn install(&self) -> Result<()>;
}

/// Installs the missing ones of `tools`.
pub fn ensure(tools: &[Box<dyn Tool>]) -> Result<()> {
    for tool in tools {
        if tool.found().is_some() {
            continue;
        }
        shell::step(
            &format!("install {} {}", tool.name(), tool.wanted()),
            || tool.install(),
        )?;
        if tool.found().is_none() {
            bail!("{} is still missing; try: {}", tool.name(), tool.fix());
        }
    }
    Ok(())
}

/// The tools of the browser's part of the build.
pub fn for_site() -> Result<Vec<Box<dyn Tool>>> {
    Ok(vec![
        Box::new(rust_part::WasmTarget),
        Box::new(cargo_tool::cargo_leptos()),
        Box::new(cargo_tool::wasm_bindgen()?),
        Box::new(system::node()),
        Box::new(node::BINARYEN),
        Box::new(node::SWAGGER_UI),
    ])
}

/// The tools of formatting and clippy.
pub fn for_lint() -> Vec<Box<dyn Tool>> {
    vec![
        Box::new(rust_part::WasmTarget),
        Box::new(rust_part::RUSTFMT),
        Box::new(rust_part::CLIPPY),
    ]
}

/// The servers of tests on both databases and both caches.
pub fn for_backends() -> Vec<Box<dyn Tool>> {
    vec![Box::new(system::postgresql()), Box::new(system::redis())]
}

/// The servers of replicas: those of [`for_backends`], and a balancer.
pub fn for_replicas() -> Vec<Box<dyn Tool>> {
    let mut tools = for_backends();
    tools.push(Box::new(system::nginx()));
    tools
}

/// The tools of the browser tests.
pub fn for_browser() -> Vec<Box<dyn Tool>> {
    vec![
        Box::new(system::node_for_playwright()),
        Box::new(system::chromium()),
        Box::new(system::korean_fonts()),
        Box::new(node::BrowserTestPackages),
    ]
}
