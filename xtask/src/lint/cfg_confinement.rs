//! `app` is compiled twice; the one place where the two builds differ is where its modules are wired.

use super::{Finding, source::SourceFile};

const WIRING: &str = "app/src/lib.rs";

/// Every feature gate of `app` outside [`WIRING`].
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("app/src/") && file.is_rust() && file.path != WIRING)
    {
        for (number, line) in file.code_lines() {
            if line.contains("cfg") && line.contains("feature") {
                let message = "a feature gate away from the wiring";
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_away_from_the_wiring_is_found() {
        let count = |path: &str, text: &str| check(&[SourceFile::of(path, text)]).len();
        let gate = "#[cfg(feature = \"ssr\")]\n";
        assert_eq!(count("app/src/lib.rs", gate), 0);
        assert_eq!(count("app/src/problem/wire.rs", gate), 1);
        let inline = "if cfg!(feature = \"hydrate\") {}";
        assert_eq!(count("app/src/pages/login.rs", inline), 1);
    }
}
