//! How long a page without a script asks by itself how a change has ended.

use crate::support::gateway::TestGateway;
use app::text::{Lang, product_result::ProductResult};

/// Each reload keeps the session from ending.
#[tokio::test]
async fn a_pending_change_reloads_its_page_for_twenty_minutes() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=demo01");
    let words = ProductResult::of(Lang::default());
    // It is 09:30 there.
    for (since, reloads) in [
        ("09:29:59", true),
        ("09:10:00", true),
        ("09:09:59", false),
        ("00:00:00", false),
    ] {
        let address = format!("/product/result?request=since-2026-11-21T{since}%2B09:00");
        let page = browser.get(&address).await;
        assert_eq!(page.status, 200, "{page:?}");
        let page = page.text();
        let reloading = page.contains("http-equiv=\"refresh\"");
        assert_eq!(reloading, reloads, "{since}\n{page}");
        for part in [words.pending, words.check_now] {
            assert!(page.contains(part), "{since} lacks {part}\n{page}");
        }
        // It promises what it does.
        for (part, told) in [
            (words.checking, reloads),
            ("<progress", reloads),
            (words.no_longer_asking, !reloads),
        ] {
            assert_eq!(page.contains(part), told, "{since} {part}\n{page}");
        }
    }
}
