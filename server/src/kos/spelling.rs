//! One spelling of field names.
//!
//! KOS writes camelCase and, in the price list, snake_case. Both become snake_case before parsing,
//! so that one set of shapes suffices and another casing is no missing field.

use serde_json::{Map, Value};

/// The value with every field name in snake_case.
pub(super) fn snake_case(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (snake_name(&name), snake_case(value)))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(snake_case).collect()),
        other => other,
    }
}

fn snake_name(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        snake.push(if c == '-' {
            '_'
        } else {
            c.to_ascii_lowercase()
        });
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_name;

    #[test]
    fn three_casings_are_one_name() {
        for name in ["dataUsedMb", "DataUsedMb", "data_used_mb", "DATA_USED_MB"] {
            assert_eq!(snake_name(name), "data_used_mb");
        }
        assert_eq!(snake_name("data"), "data");
    }
}
