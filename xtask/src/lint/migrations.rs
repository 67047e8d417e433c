//! Both databases get the same tables with the same columns, step by step.
//!
//! `auth.accounts` on PostgreSQL and `auth_accounts` on SQLite are the same table.

use super::{Finding, source::SourceFile};
use std::collections::{BTreeMap, BTreeSet};

type Schema = BTreeMap<String, BTreeSet<String>>;

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let of = |database: &str| -> BTreeMap<String, &SourceFile> {
        let folder = format!("migrations/{database}/");
        files
            .iter()
            .filter_map(|file| Some((file.path.strip_prefix(&folder)?.to_owned(), file)))
            .collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let mut findings = Vec::new();
    let (mut left, mut right) = (Schema::new(), Schema::new());
    for name in sqlite
        .keys()
        .chain(postgres.keys())
        .collect::<BTreeSet<_>>()
    {
        let (Some(one), Some(other)) = (sqlite.get(name), postgres.get(name)) else {
            findings.push(Finding::new(
                &format!("migrations/*/{name}"),
                0,
                "for one database only",
            ));
            continue;
        };
        apply(&one.text, &mut left);
        apply(&other.text, &mut right);
        findings.extend(differences(&left, &right).map(|text| Finding::new(&other.path, 0, text)));
        // Each difference is told once, where it begins.
        right.clone_from(&left);
    }
    findings
}

fn differences(sqlite: &Schema, postgres: &Schema) -> impl Iterator<Item = String> {
    let names = |schema: &Schema| -> BTreeSet<String> {
        let columns = schema.iter().flat_map(|(table, columns)| {
            columns
                .iter()
                .map(move |column| format!("{table}.{column}"))
        });
        columns.chain(schema.keys().cloned()).collect()
    };
    let (sqlite, postgres) = (names(sqlite), names(postgres));
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>, name: &str| {
        let names = one
            .difference(other)
            .map(|item| format!("`{item}` is only in {name}"));
        names.collect::<Vec<_>>()
    };
    only(&sqlite, &postgres, "SQLite")
        .into_iter()
        .chain(only(&postgres, &sqlite, "PostgreSQL"))
}

/// Follows CREATE, ALTER and DROP TABLE; other statements do not change columns.
fn apply(text: &str, schema: &mut Schema) {
    let uncommented: Vec<&str> = text
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(code, _)| code))
        .collect();
    for statement in split_outside_parentheses(&uncommented.join("\n"), ';') {
        let head = statement.split('(').next().unwrap_or_default();
        let words: Vec<String> = head
            .split_whitespace()
            .map(name)
            .filter(|word| !["if", "not", "exists", "only", "temp"].contains(&word.as_str()))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["create", "table", table, ..] => {
                let inside = statement
                    .split_once('(')
                    .and_then(|(_, rest)| rest.rsplit_once(')'));
                let columns = inside
                    .map(|(inside, _)| columns(inside))
                    .unwrap_or_default();
                schema.insert(table.to_owned(), columns);
            }
            ["drop", "table", table, ..] => drop(schema.remove(table)),
            ["alter", "table", table, "rename", "to", new, ..] => {
                let columns = schema.remove(table).unwrap_or_default();
                schema.insert(new.to_owned(), columns);
            }
            ["alter", "table", table, ref change @ ..] => {
                let columns = schema.entry(table.to_owned()).or_default();
                match change {
                    ["add", "column", column, ..] => drop(columns.insert((*column).to_owned())),
                    ["drop", "column", column, ..] => drop(columns.remove(*column)),
                    ["rename", "column", old, "to", new, ..] => {
                        columns.remove(*old);
                        columns.insert((*new).to_owned());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

fn columns(inside: &str) -> BTreeSet<String> {
    let constraints = [
        "primary",
        "foreign",
        "unique",
        "check",
        "constraint",
        "exclude",
    ];
    split_outside_parentheses(inside, ',')
        .iter()
        .filter_map(|item| {
            item.split([' ', '\n', '('])
                .find(|word| !word.trim().is_empty())
        })
        .map(name)
        .filter(|first| !constraints.contains(&first.as_str()))
        .collect()
}

/// Lower case, without quotes, the schema as a prefix.
fn name(word: &str) -> String {
    word.trim()
        .replace(['"', '`'], "")
        .replace('.', "_")
        .to_lowercase()
}

fn split_outside_parentheses(text: &str, separator: char) -> Vec<&str> {
    let (mut depth, mut quoted, mut start, mut parts) = (0, false, 0, Vec::new());
    for (at, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            c if c == separator && depth == 0 && !quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "CREATE TABLE auth_accounts (\n  id TEXT PRIMARY KEY, -- uuid, v7\n  \
        kind TEXT NOT NULL CHECK (kind IN ('a,b', 'c')),\n  UNIQUE (id, kind)\n);";

    fn messages(sqlite: &str, postgres: &str) -> Vec<String> {
        let files = [
            SourceFile::of("migrations/sqlite/0001_accounts.sql", sqlite),
            SourceFile::of("migrations/postgres/0001_accounts.sql", postgres),
        ];
        check(&files)
            .into_iter()
            .map(|finding| finding.message)
            .collect()
    }

    #[test]
    fn equal_schemas_in_two_dialects_are_equal() {
        let postgres = "CREATE SCHEMA IF NOT EXISTS auth; CREATE TABLE IF NOT EXISTS auth.accounts \
            (id TEXT, CONSTRAINT k PRIMARY KEY (id)); ALTER TABLE auth.accounts ADD COLUMN kind TEXT;";
        assert_eq!(messages(TABLE, postgres), Vec::<String>::new());
    }

    #[test]
    fn a_column_a_table_and_a_file_of_one_database_are_found() {
        let without_kind = "CREATE TABLE auth.accounts (id TEXT)";
        assert_eq!(
            messages(TABLE, without_kind),
            ["`auth_accounts.kind` is only in SQLite"]
        );
        assert_eq!(messages("", "CREATE TABLE a (b INT)").len(), 2);
        let alone = [SourceFile::of("migrations/sqlite/0002_x.sql", "")];
        assert_eq!(check(&alone)[0].message, "for one database only");
    }
}
