//! The two histories with nothing to list.

use crate::support::gateway::TestGateway;
use app::text::{Lang, bill_history::BillHistory, frame::Frame, product_history::ProductHistory};

#[tokio::test]
async fn an_empty_history_says_so_and_the_end_of_one_leads_back() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser().with("cookie", "phonebill_access=demo01");
    let lang = Lang::default();
    let newest = Frame::of(lang).first_page;
    let (bill, product) = (BillHistory::of(lang), ProductHistory::of(lang));
    for (path, empty, title) in [
        ("/bill/history", bill.empty, bill.title),
        ("/product/history", product.empty, product.title),
    ] {
        let page = browser.get(&format!("{path}?line=line-1")).await.text();
        assert!(page.contains(empty), "{path}\n{page}");
        assert!(!page.contains(newest), "{path}\n{page}");
        // The rows behind the cursor are gone.
        let end = browser.get(&format!("{path}?line=line-1&cursor=c")).await;
        let end = end.text();
        assert!(!end.contains(empty), "{path}\n{end}");
        let back = format!("href=\"{path}?line=line-1#history\"");
        let (_, content) = end.split_once("</header>").unwrap();
        assert!(content.contains(&back), "{path}\n{end}");
        assert!(content.contains(newest), "{path}\n{end}");
        let list = format!("id=\"history\" tabindex=\"-1\" aria-label=\"{title}\"");
        assert!(content.contains(&list), "{path}\n{end}");
    }
}
