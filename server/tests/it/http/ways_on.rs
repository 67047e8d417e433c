//! The way on that a page offers beside a problem: the one that helps, and no other.

use crate::support::gateway::TestGateway;
use app::text::{Lang, frame::Frame};

#[tokio::test]
async fn each_problem_has_the_way_on_that_helps() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=demo01");
    let own = "line=line-1";
    for (path, code, way) in [
        (
            "/bill/result?",
            "BILL_NOT_FOUND",
            "/bill/menu?line=problem%3A",
        ),
        (
            "/bill/result?",
            "VALIDATION_FAILED",
            "/bill/menu?line=problem%3A",
        ),
        ("/bill/menu?", "LINE_NOT_FOUND", "/bill/menu?line=line-1"),
        (
            "/product/menu?",
            "KOS_TIMEOUT",
            "/product/menu?line=problem:",
        ),
        (
            "/product/request?to=P-2&key=key-0001&",
            "CURRENT_PRODUCT_CHANGED",
            "/product/menu?line=problem%3A",
        ),
        (
            "/product/request?to=P-2&key=key-0001&",
            "LINE_NOT_FOUND",
            "/product/menu?line=line-1",
        ),
    ] {
        let address = format!("{path}line=problem:{code}");
        let page = browser.get(&address).await.text();
        let name = match way {
            _ if way.ends_with(own) => String::new(),
            _ => code.to_owned(),
        };
        let link = format!("href=\"{way}{name}\"");
        assert!(page.contains(&link), "{address} lacks {link}\n{page}");
        let retry = format!("{}</a>", Frame::of(Lang::default()).retry);
        assert_eq!(page.contains(&retry), code == "KOS_TIMEOUT", "{address}");
    }
}

#[tokio::test]
async fn a_card_is_tried_again_only_where_that_can_help() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=bill01");
    let retry = format!("{}</a>", Frame::of(Lang::default()).retry);
    for (code, offered) in [("LINE_NOT_FOUND", false), ("KOS_UNAVAILABLE", true)] {
        let page = browser
            .get(&format!("/main?line=problem:{code}"))
            .await
            .text();
        assert!(page.contains("problem-note"), "{page}");
        assert_eq!(page.contains(&retry), offered, "{code} {page}");
    }
}
