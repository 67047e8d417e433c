//! What each month's bill is compared with: the month before it, by its name.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
};
use app::{
    model::{Bill, BillingMonth},
    text::{Lang, bill_result::BillResult},
};
use serde_json::json;

on_both_databases! { a_bill_is_compared_with_the_month_before_by_its_name }

async fn a_bill_is_compared_with_the_month_before_by_its_name(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let menu = client.get("/api/v1/bill/menu").await.json();
    let months: Vec<BillingMonth> = serde_json::from_value(menu["months"].clone()).unwrap();
    let mut bills = Vec::new();
    for month in &months {
        let inquiry = json!({ "month": month });
        let bill = client.post_json("/api/v1/bill/inquiry", inquiry).await;
        bills.push(serde_json::from_value::<Bill>(bill.json()).unwrap());
    }
    for lang in Lang::ALL {
        let words = BillResult::of(lang);
        let form = [("lang", lang.tag()), ("next", "/main")];
        browser.post_form("/lang", &form).await;
        for (index, bill) in bills.iter().enumerate() {
            let earlier = bill.month.previous();
            let said = match bills.get(index + 1) {
                Some(before) => (words.compared)(earlier, bill.total - before.total),
                None => (words.no_previous)(earlier),
            };
            let address = format!("/bill/result?month={}", bill.month);
            let page = browser.get(&address).await.text();
            assert!(page.contains(&said), "{address} lacks {said}\n{page}");
            for elsewhere in ["지난달", "last month"] {
                assert!(!page.contains(elsewhere), "{address} has {elsewhere}");
            }
        }
    }
    app.stop().await;
}
