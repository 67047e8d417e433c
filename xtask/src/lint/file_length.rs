//! No file is longer than one sitting of reading.

use super::{Finding, source::SourceFile};

const LIMIT: usize = 300;

/// Every Rust, CSS or TypeScript file beyond the limit.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let counted = |file: &&SourceFile| {
        [".rs", ".css", ".ts"]
            .iter()
            .any(|extension| file.path.ends_with(extension))
    };
    let lengths = files
        .iter()
        .filter(counted)
        .map(|file| (file, file.text.lines().count()));
    lengths
        .filter(|(_, length)| *length > LIMIT)
        .map(|(file, length)| {
            Finding::new(
                &file.path,
                0,
                format!("{length} lines, the limit is {LIMIT}"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_after_the_limit_is_found() {
        let file = |lines: usize| SourceFile::of("style/main.css", &"\n".repeat(lines));
        assert!(check(&[file(LIMIT)]).is_empty());
        assert_eq!(check(&[file(LIMIT + 1)]).len(), 1);
    }
}
