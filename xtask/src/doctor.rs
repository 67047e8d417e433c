//! Lists what is installed, what is missing, and the command that fixes it.

use crate::tools::{self, schemathesis::Schemathesis};
use anyhow::{Result, bail};

/// Prints the list.
///
/// # Errors
/// If something is missing.
pub fn doctor() -> Result<()> {
    let groups = [
        ("build and run", tools::for_site()?),
        ("lint", tools::for_lint()),
        ("test, replicas", tools::for_replicas()),
        ("e2e", tools::for_browser()),
        ("verify", vec![Box::new(tools::system::python()) as _]),
        ("schemathesis", vec![Box::new(Schemathesis) as _]),
    ];
    let mut missing = Vec::new();
    for (purpose, tools) in groups {
        println!("{purpose}");
        for tool in tools {
            let found = tool.found();
            let mark = if found.is_some() { "ok" } else { "--" };
            let version = found.clone().unwrap_or_else(|| "missing".to_owned());
            println!(
                "  {mark}  {:<24}{:<24}{version}",
                tool.name(),
                tool.wanted()
            );
            if found.is_none() && !missing.contains(&tool.fix()) {
                missing.push(tool.fix());
            }
        }
    }
    if missing.is_empty() {
        println!("\nNothing is missing.");
        return Ok(());
    }
    println!("\nThe commands install what they can by themselves. To do it by hand:");
    missing.iter().for_each(|line| println!("    {line}"));
    bail!("{} missing", missing.len())
}
