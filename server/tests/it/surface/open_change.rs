//! While a change is being confirmed, no screen offers another one for the line.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
    wait::until,
};
use app::text::{Lang, product_request::ProductRequest};

on_both_databases! { a_change_being_confirmed_is_shown_wherever_another_could_be_begun }

async fn a_change_being_confirmed_is_shown_wherever_another_could_be_begun(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let words = ProductRequest::of(Lang::default());
    let (client, browser) = (app.login("prod01").await, app.browser("prod01").await);
    let options = client.get("/api/v1/product/change").await.json();
    let code = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (line, from) = (
        code(&options["line"]["lineId"]),
        code(&options["currentProduct"]["code"]),
    );
    let (to, other) = (
        code(&options["products"][0]["code"]),
        code(&options["products"][1]["code"]),
    );
    app.faults(&[
        "kos.change=lost_answer*1",
        "kos.change_status=error_before:503",
    ]);
    let visit = format!("/product/request?line={line}&from={from}&to={to}&key=being-confirmed-1");
    let form = [
        ("lineId", line.as_str()),
        ("currentProductCode", &from),
        ("targetProductCode", &to),
        ("idempotencyKey", "being-confirmed-1"),
    ];
    let answer = browser.post_form(&visit, &form).await;
    let result = answer.header("location").to_owned();
    assert!(result.starts_with("/product/result?"), "{answer:?}");
    let back = browser.get(&visit).await;
    assert_eq!(back.header("location"), result, "the way back leads to it");

    // KOS may have applied the change; the answer was lost.
    let now = client.get("/api/v1/product/menu").await.json();
    let now = code(&now["currentProduct"]["code"]);
    let to = if now == other { from } else { other };
    let another = format!("/product/request?line={line}&from={now}&to={to}&key=another-key-1");
    let screens = ["/main", "/product/menu", "/product/change", &another];
    let link = format!("href=\"{}\"", result.replace('&', "&amp;"));
    let link = link.split_once("&amp;line").unwrap().0;
    for screen in screens {
        let page = browser.get(screen).await.text();
        assert!(page.contains(words.open_change), "{screen}\n{page}");
        assert!(page.contains(link), "{screen}\n{page}");
    }
    for visit in [another.clone(), format!("{another}&checked=1")] {
        let page = browser.get(&visit).await.text();
        assert!(!page.contains("name=\"idempotencyKey\""), "{page}");
    }
    app.faults(&[]);
    until("the change is settled", async || {
        let page = browser.get("/main").await.text();
        !page.contains(words.open_change)
    })
    .await;
    for screen in screens {
        let page = browser.get(screen).await.text();
        assert!(!page.contains(words.open_change), "{screen}\n{page}");
    }
    app.stop().await;
}
