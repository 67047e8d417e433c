//! The files that the rules read, with test code and comments separated.

use crate::workspace;
use anyhow::{Context, Result};
use std::fs;

const READ: [&str; 6] = ["rs", "css", "ts", "sql", "toml", "txt"];

/// A file of the workspace.
pub struct SourceFile {
    /// Relative to the workspace, with `/`.
    pub path: String,
    pub text: String,
}

/// Every file of the workspace that a rule reads.
pub fn load() -> Result<Vec<SourceFile>> {
    let root = workspace::root();
    let mut files = Vec::new();
    for file in workspace::files_under(&root)? {
        if file
            .extension()
            .is_some_and(|extension| READ.iter().any(|read| extension == *read))
        {
            let text = fs::read_to_string(&file).with_context(|| format!("reading {file:?}"))?;
            let path = file
                .strip_prefix(&root)?
                .to_string_lossy()
                .replace('\\', "/");
            files.push(SourceFile { path, text });
        }
    }
    Ok(files)
}

impl SourceFile {
    #[cfg(test)]
    pub fn of(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Lines outside test code, numbered from 1. A file's tests come last by convention.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_test = self.path.contains("/tests/") || self.path.ends_with("/tests.rs");
        let lines = self
            .text
            .lines()
            .take_while(move |line| !is_test && !line.trim_start().starts_with("#[cfg(test)]"));
        lines.enumerate().map(|(index, line)| (index + 1, line))
    }

    /// As [`Self::product_lines`], without comments.
    pub fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.product_lines()
            .map(|(number, line)| (number, without_comment(line)))
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// Whether `line` contains `word`, not as a part of a longer identifier.
pub fn has_word(line: &str, word: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let goes_on = word.starts_with(part) && before.is_some_and(part)
            || word.ends_with(part) && after.is_some_and(part);
        !goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_tests_are_not_code() {
        let file = SourceFile::of(
            "app/src/a.rs",
            "/// word\nlet a = 1; // word\nlet url = \"http://x\";\n#[cfg(test)]\nmod tests { word }",
        );
        let code: Vec<_> = file.code_lines().map(|(_, line)| line).collect();
        assert_eq!(code, ["", "let a = 1;", "let url = \"http://x\";"]);
        assert_eq!(
            SourceFile::of("server/tests/it/a.rs", "word")
                .code_lines()
                .count(),
            0
        );
    }

    #[test]
    fn a_word_is_not_a_part_of_an_identifier() {
        assert!(has_word("x.todo!()", "todo!") && has_word("(a::b(", "a::b"));
        assert!(!has_word("my_textarea_x", "textarea") && !has_word("eprintln!()", "println!"));
    }
}
