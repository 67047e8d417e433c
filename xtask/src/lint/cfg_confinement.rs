//! `app` is compiled twice; where the two differ must stay visible at a glance.

use super::{Finding, source::SourceFile};

const LIMIT: usize = 3;
/// Where modules are wired, and where a decoding failure gets its status.
const ALLOWED: [&str; 2] = ["app/src/lib.rs", "app/src/problem/wire.rs"];

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut gates = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("app/src/") && file.is_rust())
    {
        for (number, line) in file.code_lines() {
            if line.contains("cfg") && line.contains("feature") {
                gates.push((file.path.as_str(), number));
            }
        }
    }
    let misplaced = gates.iter().filter(|(path, _)| !ALLOWED.contains(path));
    let mut findings: Vec<Finding> = misplaced
        .map(|(path, line)| Finding::new(path, *line, "a feature gate away from the wiring"))
        .collect();
    if gates.len() > LIMIT {
        let message = format!(
            "{} feature gates in `app`, the limit is {LIMIT}",
            gates.len()
        );
        findings.push(Finding::new("app/src/lib.rs", 0, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_in_a_page_and_a_fourth_gate_are_found() {
        let gate = "#[cfg(feature = \"ssr\")]\n";
        assert!(check(&[SourceFile::of("app/src/lib.rs", &gate.repeat(3))]).is_empty());
        assert_eq!(
            check(&[SourceFile::of("app/src/lib.rs", &gate.repeat(4))]).len(),
            1
        );
        let inline = "if cfg!(feature = \"hydrate\") {}";
        assert_eq!(
            check(&[SourceFile::of("app/src/pages/login.rs", inline)]).len(),
            1
        );
    }
}
