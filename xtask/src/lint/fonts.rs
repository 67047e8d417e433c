//! The web font contains every character of the catalogue; otherwise one word would mix two
//! typefaces.

use super::{Finding, source::SourceFile};

const CHARACTERS: &str = "style/fonts/characters.txt";
const CATALOGUE: &str = "app/src/text";

/// Every character of the catalogue that the font lacks.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let list = files.iter().find(|file| file.path == CHARACTERS);
    let Some(list) = list else {
        return vec![Finding::new(CHARACTERS, 0, "is missing")];
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with(CATALOGUE)) {
        for (number, line) in file.code_lines() {
            let missing = line.chars().filter(|one| is_drawn(*one));
            let missing: String = missing.filter(|one| !list.text.contains(*one)).collect();
            if !missing.is_empty() {
                let message = format!("not in the web font: {missing} (style/fonts/subset.py)");
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

fn is_drawn(character: char) -> bool {
    character > '~' && !character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_the_font_lacks_is_found() {
        let found = |text: &str| {
            let list = SourceFile::of(CHARACTERS, " ab…가");
            check(&[list, SourceFile::of("app/src/text/login.rs", text)]).len()
        };
        assert_eq!(found("\"가 a…\" // 나"), 0);
        assert_eq!(found("\"가나\""), 1);
        assert_eq!(check(&[]).len(), 1);
    }
}
