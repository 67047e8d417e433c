//! The frame of the screens: the marked menu entry, and redirects of incomplete addresses.

use crate::support::gateway::TestGateway;

#[tokio::test]
async fn the_bar_marks_the_service_a_screen_belongs_to() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=demo01");
    for (screen, entry, mark) in [
        ("/bill/menu", "/bill/menu", "page"),
        ("/bill/result", "/bill/menu", "true"),
        ("/product/change", "/product/menu", "true"),
        (
            "/product/request?to=P-2&key=key-0001",
            "/product/menu",
            "true",
        ),
        ("/product/result?request=r-1", "/product/menu", "true"),
        ("/product/history", "/product/history", "page"),
    ] {
        let page = browser.get(screen).await.text();
        let (bar, _) = page.split_once("</header>").unwrap();
        let link = format!("href=\"{entry}\" aria-current=\"{mark}\"");
        assert!(bar.contains(&link), "{screen} lacks {link}\n{bar}");
        assert_eq!(bar.matches("aria-current").count(), 1, "{screen}\n{bar}");
    }
}

#[tokio::test]
async fn a_result_of_no_change_in_particular_leads_to_all_of_them() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=demo01");
    for (address, place) in [
        ("/product/result", "/product/history"),
        (
            "/product/result?line=line-1",
            "/product/history?line=line-1",
        ),
    ] {
        let answer = browser.get(address).await;
        let led = (answer.status, answer.header("location"));
        assert_eq!(led, (302, place), "{address}");
    }
}
