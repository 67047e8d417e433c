//! What a customer reads where something is missing, owed or refused, and what to do about it.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
    wait::until,
};
use app::{
    model::{CheckType, Payment, PaymentStatus},
    text::{
        self, Lang, bill_result::BillResult, frame::Frame, login::Login, main::Main,
        product_request::ProductRequest, product_result::ProductResult,
    },
};
use serde_json::{Value, json};

on_both_databases! {
    an_overdue_bill_is_told_on_the_main_screen,
    the_main_screen_says_when_to_pay_and_whether_it_is_paid,
    a_month_without_a_bill_is_no_failure,
    a_failed_check_says_what_helps,
    who_has_forgotten_the_password_is_told_whom_to_call,
    a_change_known_by_its_effect_is_told_as_made,
}

const LANG: Lang = Lang::Ko;

fn phone() -> String {
    format!("href=\"tel:{}\"", Frame::of(LANG).help_phone)
}

/// A visit of SCR-007 for the first plan there is, with the checks made by the server.
async fn visit(client: &Client, key: &str) -> String {
    let options = client.get("/api/v1/product/change").await.json();
    let code = |value: &Value| value.as_str().unwrap().to_owned();
    format!(
        "/product/request?line={}&from={}&to={}&key={key}&checked=1",
        code(&options["line"]["lineId"]),
        code(&options["currentProduct"]["code"]),
        code(&options["products"][0]["code"]),
    )
}

async fn an_overdue_bill_is_told_on_the_main_screen(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("bill01").await, app.browser("bill01").await);
    let menu = client.get("/api/v1/bill/menu").await.json();
    let last = menu["months"][1].as_str().unwrap();
    let inquiry = json!({ "month": last });
    let bill = client.post_json("/api/v1/bill/inquiry", inquiry).await;
    assert_eq!(bill.json()["payment"]["status"], "OVERDUE");
    // Until KOS has told of the month before, the page does without.
    let told = (Main::of(LANG).overdue)(&text::month(LANG, last.parse().unwrap()));
    until("the main screen tells of it", async || {
        browser.get("/main").await.text().contains(&told)
    })
    .await;
    let page = app.browser("demo01").await.get("/main").await.text();
    assert!(!page.contains("연체"), "{page}");
    app.stop().await;
}

async fn the_main_screen_says_when_to_pay_and_whether_it_is_paid(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    for who in ["demo01", "bill01", "susp01"] {
        let (client, browser) = (app.login(who).await, app.browser(who).await);
        let bill = client.post_json("/api/v1/bill/inquiry", json!({})).await;
        let payment = serde_json::from_value(bill.json()["payment"].clone()).unwrap();
        let Payment {
            due_date, status, ..
        } = payment;
        let words = &BillResult::of(LANG).terms;
        let status = status.unwrap();
        let mut told = (words.payment_status)(status).to_owned();
        if status == PaymentStatus::Unpaid {
            let due = text::date(LANG, &due_date.unwrap());
            told = format!("{} {due} · {told}", words.due_date);
        }
        let page = browser.get("/main").await.text();
        assert!(page.contains(&told), "{told}\n{page}");
    }
    app.stop().await;
}

async fn a_month_without_a_bill_is_no_failure(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    app.faults(&["kos.bill=refuse:1003"]);
    let page = app.browser("bill01").await.get("/main").await;
    assert_eq!(page.status, 200);
    let page = page.text();
    assert!(page.contains(Main::of(LANG).no_bill_yet), "{page}");
    assert!(!page.contains("problem-note"), "{page}");
    app.stop().await;
}

async fn a_failed_check_says_what_helps(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("susp01").await, app.browser("susp01").await);
    let page = browser.get(&visit(&client, "what-helps-1").await).await;
    let page = page.text();
    let remedy = (ProductRequest::of(LANG).remedy)(CheckType::LineInUse);
    let (_, checks) = page.split_once("live-checks").unwrap();
    let (checks, _) = checks.split_once("</form>").unwrap();
    assert!(checks.contains(remedy), "{checks}");
    assert!(checks.contains(&phone()), "{checks}");
    let menu = browser.get("/product/menu").await.text();
    let (_, main) = menu.split_once("<main").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    assert!(main.contains(&phone()), "{main}");
    app.stop().await;
}

async fn who_has_forgotten_the_password_is_told_whom_to_call(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let words = Login::of(LANG);
    let browser = Client::browser(app.origin());
    for _ in 0..5 {
        let form = [("userId", "demo01"), ("password", "not the password")];
        let answer = browser.post_form("/login", &form).await;
        let page = browser.get(answer.header("location")).await.text();
        assert!(page.contains(words.forgotten), "{page}");
        assert!(page.contains(&phone()), "{page}");
    }
    app.stop().await;
}

async fn a_change_known_by_its_effect_is_told_as_made(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("prod01").await, app.browser("prod01").await);
    let words = ProductResult::of(LANG);
    let visit = visit(&client, "by-effect-key-1").await;
    let field = |name: &str| {
        let (_, rest) = visit.split_once(&format!("{name}=")).unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    app.faults(&[
        "kos.change=lost_answer*1",
        "kos.change_status=error_before:503",
    ]);
    let form = [
        ("lineId", &*field("line")),
        ("currentProductCode", &field("from")),
        ("targetProductCode", &field("to")),
        ("idempotencyKey", "by-effect-key-1"),
    ];
    let answer = browser.post_form("/product/request", &form).await;
    let result = answer.header("location").to_owned();
    let page = browser.get(&result).await.text();
    if page.contains(words.pending) {
        // KOS has applied it already, so the old plan is not called the current one.
        assert!(page.contains(words.when_requested), "{page}");
    }
    app.faults(&[]);
    until("the change is settled", async || {
        browser.get(&result).await.text().contains(words.completed)
    })
    .await;
    let page = browser.get(&result).await.text();
    assert!(page.contains(words.effective_unknown), "{page}");
    app.stop().await;
}
