//! Korean text belongs to the Korean catalogue: a screen in another language has none of it.
//! Exceptions: the simulator's generated data, and the tokens parsed from KOS.

use super::{Finding, source::SourceFile};

const HOMES: [&str; 3] = [
    "app/src/text",
    "simulator/src/data",
    "server/src/kos/korean_words.rs",
];
/// Within the catalogue, and not a home of Korean.
const ENGLISH: &str = "app/src/text/english";

/// Every line with Korean outside its homes and tests.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let elsewhere = |file: &&SourceFile| {
        let at_home = HOMES.iter().any(|home| file.path.starts_with(home));
        file.is_rust() && (!at_home || file.path.starts_with(ENGLISH))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(elsewhere) {
        let lines = file.product_lines().filter(|(_, line)| is_korean(line));
        findings.extend(lines.map(|(line, _)| {
            Finding::new(
                &file.path,
                line,
                "Korean outside the Korean catalogue (`app/src/text`)",
            )
        }));
    }
    findings
}

/// An example quoted in a comment, like a formatted amount, is not Korean prose.
fn is_korean(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with("//");
    let prose = line.split('`').step_by(if is_comment { 2 } else { 1 });
    prose.flat_map(str::chars).any(is_hangul)
}

fn is_hangul(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn korean_is_found_in_code_and_comments_but_not_in_its_homes_or_tests() {
        let found = |path: &str, text: &str| check(&[SourceFile::of(path, text)]).len();
        assert_eq!(found("app/src/pages/login.rs", "let a = \"로그인\";"), 1);
        assert_eq!(found("server/src/auth/mod.rs", "// 로그인"), 1);
        assert_eq!(found("app/src/model/won.rs", "/// `72,500원`"), 0);
        assert_eq!(found("app/src/text/ko.rs", "\"로그인\""), 0);
        assert_eq!(found("app/src/text/english/login.rs", "\"로그인\""), 1);
        assert_eq!(
            found("app/src/model/won.rs", "#[cfg(test)]\nmod tests { \"원\" }"),
            0
        );
        assert_eq!(found("server/tests/it/login.rs", "\"로그인\""), 0);
    }
}
