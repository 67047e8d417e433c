//! No catch-all names: a name says what is inside.

use super::{Finding, source::SourceFile};

const DRAWERS: [&str; 8] = [
    "utils", "util", "common", "helpers", "helper", "manager", "misc", "core",
];

/// Every file whose name or folder says nothing.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let names_a_drawer = |file: &&SourceFile| {
        file.path.split('/').any(|part| {
            let stem = part.split('.').next().unwrap_or(part);
            stem.split(['_', '-']).any(|word| DRAWERS.contains(&word))
        })
    };
    files
        .iter()
        .filter(names_a_drawer)
        .map(|file| Finding::new(&file.path, 0, "a name that does not say what is inside"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawers_are_found_among_files_and_folders() {
        for path in [
            "server/src/utils/time.rs",
            "app/src/common.rs",
            "server/src/cache_manager.rs",
        ] {
            assert_eq!(check(&[SourceFile::of(path, "")]).len(), 1, "{path}");
        }
        assert!(check(&[SourceFile::of("app/src/commonplace.rs", "")]).is_empty());
    }
}
