//! Where a login may redirect: a path of this site only.

/// The path to go to after a login; anything that could leave the site becomes the main page.
pub(super) fn own_path(wanted: Option<&str>) -> &str {
    let fallback = "/main";
    let Some(path) = wanted else { return fallback };
    let safe = path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/login")
        && !path.starts_with("/api/")
        && !path.starts_with("/rpc/")
        && path.len() <= 1024
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if safe { path } else { fallback }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_own_paths() {
        for (wanted, expected) in [
            ("/bill/menu", "/bill/menu"),
            ("/bill/result?month=2026-11", "/bill/result?month=2026-11"),
            ("//evil.example", "/main"),
            ("/\\evil.example", "/main"),
            ("https://evil.example", "/main"),
            ("javascript:alert(1)", "/main"),
            ("/\t/evil.example", "/main"),
            ("/a\r\nset-cookie: x", "/main"),
            ("", "/main"),
            ("/login?next=/login", "/main"),
        ] {
            assert_eq!(own_path(Some(wanted)), expected, "{wanted:?}");
        }
        assert_eq!(own_path(None), "/main");
    }
}
