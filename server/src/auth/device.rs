//! A short name for a browser, from its `User-Agent`.

/// Longest name of an unknown browser, in characters.
const MAX_CHARS: usize = 40;

/// Browsers by the first mark that fits: most of them also call themselves Chrome and Safari.
const BROWSERS: [(&str, &str); 9] = [
    ("SamsungBrowser/", "Samsung Internet"),
    ("Whale/", "Whale"),
    ("KAKAOTALK", "KakaoTalk"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

/// Such as `Chrome · Windows` or `curl`; empty without a `User-Agent`, for which pages have words.
pub(super) fn short_name(user_agent: &str) -> String {
    let found = |table: &[(&str, &'static str)]| {
        let hit = table.iter().find(|(mark, _)| user_agent.contains(mark));
        hit.map(|(_, name)| *name)
    };
    match (found(&BROWSERS), found(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => user_agent
            .chars()
            .take_while(|c| c.is_ascii_graphic() && *c != '/')
            .take(MAX_CHARS)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn browsers_have_the_names_their_users_know() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36",
                "Chrome · Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) \
                 SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Samsung Internet · Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("", ""),
            ("<script>alert(1)</script>", "<script>alert(1)<"),
            ("\u{1b}[31m", ""),
        ];
        for (user_agent, name) in cases {
            assert_eq!(short_name(user_agent), name);
        }
        assert_eq!(short_name(&"x".repeat(10_000)).len(), 40);
    }
}
