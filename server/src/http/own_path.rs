//! The paths of this site: which ones programs ask for, and where a form may redirect.

/// Whether that path is for programs: the API and the server functions, which have no pages.
pub(super) fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/rpc/")
}

/// The path to go to after a login; anything that could leave the site becomes the main page.
pub(super) fn own_path(wanted: Option<&str>) -> &str {
    let after_login = |path: &&str| is_own(path) && !path.starts_with("/login");
    wanted.filter(after_login).unwrap_or("/main")
}

/// Whether the browser may be sent to that address: one of this site, and none for programs.
pub(super) fn is_own(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !is_for_programs(path)
        && path.len() <= 1024
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
}

#[cfg(test)]
mod tests {
    use super::{is_own, own_path};

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
        assert!(is_own("/login?next=/bill/menu"));
        assert!(!is_own("/api/v1/bills"));
        assert!(!is_own("/rpc/bill/glance"));
    }
}
