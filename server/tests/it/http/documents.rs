//! Pages of `docs/` that must match the code.

use app::problem::ProblemCode;
use std::collections::BTreeSet;

const PROBLEMS: &str = include_str!("../../../../docs/PROBLEMS.md");

#[test]
fn the_page_of_problems_lists_every_code_once_with_its_status() {
    let rows = PROBLEMS.lines().filter(|line| line.starts_with("| `"));
    let mut listed = BTreeSet::new();
    for row in rows {
        let mut cells = row.split('|').map(str::trim).skip(1);
        let code = cells.next().unwrap().trim_matches('`').to_owned();
        let status: u16 = cells.next().unwrap().parse().unwrap();
        assert!(cells.take(2).all(|cell| !cell.is_empty()), "{code}");
        assert!(listed.insert((code, status)), "{row}");
    }
    let known: BTreeSet<_> = ProblemCode::ALL
        .iter()
        .map(|code| (code.as_str().to_owned(), code.status()))
        .collect();
    assert_eq!(listed, known);
}
