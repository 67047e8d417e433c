//! The product with JavaScript off: links, forms, redirects.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::Client,
    test_app::TestApp,
};
use app::text::{
    Lang, product_request::ProductRequest, product_result::ProductResult, sessions::Sessions,
};

on_both_databases! {
    a_customer_sees_a_bill_and_changes_a_plan_without_javascript,
    checks_that_the_server_made_can_be_made_again_or_left,
    filters_keep_the_plan_that_is_picked,
    pressing_twice_logs_a_device_out_once_and_without_a_fault,
    every_other_device_is_logged_out_at_once,
}

async fn a_customer_sees_a_bill_and_changes_a_plan_without_javascript(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    for path in [
        "/main",
        "/bill/menu",
        "/bill/result",
        "/product/menu",
        "/product/change",
        "/account/sessions",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains("<main"), "{path}");
    }
    let [line, from, to] = change_of(&app.login("demo01").await).await;
    let visit = browser
        .get(&format!("/product/request?line={line}&from={from}&to={to}"))
        .await;
    assert_eq!(visit.status, 302, "a visit gets a key of its own");
    let own = visit.header("location");
    let checked = format!("{own}&checked=1");
    let page = browser.get(&checked).await;
    assert_eq!(page.status, 200);
    let html = page.text();
    // The form posts to the visit's own address: the gateway reads no body, and its refusal must
    // lead back to the visit.
    for page in [&html, &browser.get(own).await.text()] {
        assert!(page.contains("class=\"live-checks\""));
        assert!(!page.contains("action=\"/product/request"));
    }
    let key = field(&html, "idempotencyKey").unwrap();
    let form = [
        ("lineId", line.as_str()),
        ("currentProductCode", &from),
        ("targetProductCode", &to),
        ("idempotencyKey", &key),
    ];
    let first = browser.post_form(&checked, &form).await;
    assert_eq!(first.status, 303);
    let place = first.header("location").to_owned();
    assert!(place.starts_with("/product/result?request="), "{place}");
    let twice = browser.post_form("/product/request", &form).await;
    assert_eq!(
        twice.header("location"),
        place,
        "pressing twice is one change"
    );
    let result = browser.get(&place).await.text();
    let words = ProductResult::of(Lang::default());
    // In the title of the document, in the focused headline, and as the last step.
    let title = format!("<title>{} · ", words.completed);
    let headline = tag(&result, "tabindex=\"-1\" autofocus").unwrap();
    assert!(result.contains(&title), "{result}");
    assert!(headline.starts_with("<h2"), "{headline}");
    assert!(result.contains(words.step_proceeding), "{result}");
    let stale = [
        form[0],
        form[1],
        form[2],
        ("idempotencyKey", "another-key-1"),
    ];
    let back = browser.post_form("/product/request", &stale).await;
    assert!(
        back.header("location").starts_with("/product/request?"),
        "{back:?}"
    );
    let shown = browser.get(back.header("location")).await;
    assert!(
        shown.text().contains("role=\"alert\""),
        "what went wrong is on the page"
    );
    assert_eq!(browser.cookie("phonebill_flash"), None, "and is shown once");
    let empty = browser.post_form("/product/request", &[]).await;
    assert_eq!(empty.status, 303);
    browser.post_form("/logout", &[]).await;
    assert_eq!(browser.get("/main").await.status, 303);
    app.stop().await;
}

async fn checks_that_the_server_made_can_be_made_again_or_left(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let words = ProductRequest::of(Lang::default());
    // KOS answers the inquiries for the plans, and none for the checks after that.
    let away = ["kos.product=ok,error_before:503,error_before:503,error_before:503"];
    for (who, faults, passed) in [
        ("demo01", &[][..], true),
        ("susp01", &[][..], false),
        ("demo01", &away[..], false),
    ] {
        let browser = app.browser(who).await;
        let [line, from, to] = change_of(&app.login(who).await).await;
        app.faults(faults);
        let visit = format!("/product/request?line={line}&from={from}&to={to}&key=again-key-1");
        let checked = format!("{visit}&checked=1");
        let html = browser.get(&checked).await.text();
        let again = format!("href=\"{}\"", checked.replace('&', "&amp;"));
        assert_eq!(html.contains(&again), !passed, "{who} {faults:?}\n{html}");
        assert_eq!(
            html.contains(words.confirm),
            passed,
            "{who} {faults:?}\n{html}"
        );
        let back = format!("{}</a>", words.previous);
        assert!(html.contains(&back), "{who} {faults:?}\n{html}");
    }
    app.stop().await;
}

/// A form sends its hidden fields first and the pressed or picked one last.
async fn filters_keep_the_plan_that_is_picked(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let options = client.get("/api/v1/product/change").await.json();
    let plan_of = |network: &str| {
        let mut plans = options["products"].as_array().unwrap().iter();
        let plan = plans.find(|plan| plan["networkType"] == network).unwrap();
        plan["code"].as_str().unwrap().to_owned()
    };
    let (hidden, listed) = (plan_of("5G"), plan_of("LTE"));
    let pressed = format!("/product/change?network=5G&network=LTE&to={hidden}");
    let html = browser.get(&pressed).await.text();
    let (_, filters) = html.split_once("class=\"plan-filters\"").unwrap();
    let lte = tag(filters, "value=\"LTE\"").unwrap();
    assert!(lte.contains("aria-current"), "{lte}");
    assert_eq!(field(&html, "to"), Some(hidden));
    assert!(!html.contains(" checked"), "{html}");

    let html = browser.get(&format!("{pressed}&to={listed}")).await.text();
    let picked = tag(&html, &format!("id=\"plan-{listed}\"")).unwrap();
    assert!(picked.contains(" checked"), "{picked}");
    assert_eq!(html.matches(" checked").count(), 1, "{html}");
    app.stop().await;
}

async fn pressing_twice_logs_a_device_out_once_and_without_a_fault(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    let other = app.login("demo01").await;
    let sessions = other.get("/api/v1/auth/sessions").await.json();
    let mut sessions = sessions["items"].as_array().unwrap().iter();
    let theirs = sessions.find(|session| session["current"] == true).unwrap();
    let end = theirs["sessionId"].as_str().unwrap();
    let end = format!("/account/sessions/{end}/end");
    for press in 1..=2 {
        let answer = browser.post_form(&end, &[]).await;
        let page = browser.get(answer.header("location")).await.text();
        let said = Sessions::of(Lang::default()).ended;
        assert!(page.contains(said), "{press}\n{page}");
        assert!(!page.contains("role=\"alert\""), "{press}\n{page}");
    }
    assert_eq!(other.get("/api/v1/auth/user-info").await.status, 401);
    app.stop().await;
}

async fn every_other_device_is_logged_out_at_once(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let words = Sessions::of(Lang::default());
    let (browser, stranger) = (app.browser("demo01").await, app.login("bill01").await);
    let others = [app.login("demo01").await, app.login("demo01").await];
    let list = browser.get("/account/sessions").await.text();
    assert!(list.contains(words.end_others), "{list}");
    let answer = browser.post_form("/account/sessions/end-others", &[]).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/account/sessions")
    );
    let page = browser.get(answer.header("location")).await.text();
    assert!(page.contains(words.others_ended), "{page}");
    assert!(
        !page.contains(words.end_others),
        "nothing is left to end\n{page}"
    );
    for other in &others {
        assert_eq!(other.get("/api/v1/auth/user-info").await.status, 401);
    }
    assert_eq!(stranger.get("/api/v1/auth/user-info").await.status, 200);
    app.stop().await;
}

/// A line, its current plan, and one it can change to.
async fn change_of(client: &Client) -> [String; 3] {
    let options = client.get("/api/v1/product/change").await.json();
    [
        &options["line"]["lineId"],
        &options["currentProduct"]["code"],
        &options["products"][0]["code"],
    ]
    .map(|value| value.as_str().unwrap().to_owned())
}

/// The value of the first field of that name, in any order of attributes.
fn field(html: &str, name: &str) -> Option<String> {
    let field = tag(html, &format!("name=\"{name}\""))?;
    let value = field.split("value=\"").nth(1)?;
    value.split('"').next().map(str::to_owned)
}

/// The first tag with that attribute.
fn tag<'a>(html: &'a str, attribute: &str) -> Option<&'a str> {
    let at = html.find(attribute)?;
    let start = html[..at].rfind('<')?;
    Some(&html[start..start + html[start..].find('>')?])
}
