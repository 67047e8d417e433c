//! The page after a failed form, and the way on from it.

use crate::support::{
    client::{Answer, Client},
    gateway::TestGateway,
};
use app::{
    model::IdempotencyKey,
    problem::{Problem, ProblemCode},
    text::{Lang, login::Login, product_request::ProductRequest},
};

fn signed_in(gateway: &TestGateway, token: &str) -> Client {
    let cookie = format!("phonebill_access={token}");
    gateway.browser().with("cookie", &cookie)
}

/// Follows the redirect of a form that failed.
async fn shown_after(browser: &Client, answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    assert!(browser.cookie("phonebill_flash").is_some(), "{answer:?}");
    browser.get(answer.header("location")).await.text()
}

fn change(line: &str) -> [(&str, &str); 4] {
    [
        ("lineId", line),
        ("currentProductCode", "P-1"),
        ("targetProductCode", "P-2"),
        ("idempotencyKey", "key-0001"),
    ]
}

#[tokio::test]
async fn another_change_of_the_line_is_not_shown_as_this_one() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    let answer = browser
        .post_form("/product/request", &change("line-1"))
        .await;
    assert_eq!(
        answer.header("location"),
        "/product/request?line=line-1&from=P-1&to=P-2"
    );
    let page = shown_after(&browser, &answer).await;
    assert!(
        page.contains("이 회선의 다른 상품 변경을 처리하고 있어요"),
        "{page}"
    );
    assert!(page.contains("href=\"/product/result?request=r-1&amp;line=line-1\""));
}

#[tokio::test]
async fn a_change_that_was_rejected_is_shown_by_its_result() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    let answer = browser
        .post_form("/product/request", &change("rejected"))
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/product/result?request=r-2&line=rejected")
    );
    // Pages rendered ahead do not know of this change.
    assert_eq!(
        answer.header("clear-site-data"),
        "\"prefetchCache\", \"prerenderCache\""
    );
}

#[tokio::test]
async fn a_logout_that_failed_says_so_and_ends_nothing() {
    let gateway = TestGateway::start().await;
    for token in ["stuck01", "nobody-knows"] {
        let browser = signed_in(&gateway, token);
        let answer = browser.post_form("/logout", &[]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/account/sessions"),
            "{token}"
        );
        assert_eq!(answer.header("clear-site-data"), "", "{token}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
        let page = shown_after(&browser, &answer).await;
        assert!(page.contains("지금은 서비스를 이용할 수 없어요"), "{page}");
    }
}

/// A retry link is a GET: it must lead to a page.
#[tokio::test]
async fn a_refused_post_is_tried_again_only_where_there_is_a_page() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "nobody-knows");
    for (path, link) in [
        ("/account/sessions/s-1/end", None),
        (
            "/product/request?line=l&from=P-1&to=P-2&key=key-0001",
            Some("href=\"/product/request?line=l&amp;from=P-1&amp;to=P-2&amp;key=key-0001\""),
        ),
    ] {
        let answer = browser.post_form(path, &[]).await;
        assert_eq!(answer.status, 503, "{path}");
        let page = answer.text();
        assert_eq!(page.contains("다시 시도</a>"), link.is_some(), "{page}");
        assert!(link.is_none_or(|link| page.contains(link)), "{page}");
    }
}

#[tokio::test]
async fn only_a_lock_says_how_long_it_lasts() {
    let gateway = TestGateway::start().await;
    let words = Login::of(Lang::Ko);
    for (user_id, retry_after, said) in [("locked01", 1_800, true), ("busy01", 1, false)] {
        let browser = gateway.browser();
        let form = [("userId", user_id), ("password", "wrong-password")];
        let answer = browser.post_form("/login", &form).await;
        let page = shown_after(&browser, &answer).await;
        let lasts = (words.locked_for)(retry_after);
        assert_eq!(page.contains(&lasts), said, "{user_id} {page}");
    }
}

/// If KOS says only that the line is not in use, the check that fails is known.
#[tokio::test]
async fn a_line_that_is_not_in_use_is_told_so_by_its_check() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    let inactive = Problem::of(ProblemCode::LineInactive);
    let bill = browser.get("/bill/result?line=problem:LINE_INACTIVE").await;
    assert!(bill.text().contains(inactive.detail()), "{bill:?}");
    let visit = "/product/request?line=problem:LINE_INACTIVE&from=P-1&to=P-2&key=key-0001";
    for address in [visit.to_owned(), format!("{visit}&checked=1")] {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status, 409);
        let page = answer.text();
        assert!(page.contains("상품 사전 체크에 실패하였다"), "{page}");
        assert!(
            page.contains("변경 요청 회선은 사용 중인 상태가 아닙니다"),
            "{page}"
        );
        assert!(!page.contains(inactive.detail()), "{page}");
    }
}

/// The gateway reads no body, so the address carries where the customer wants to go.
#[tokio::test]
async fn a_login_that_the_gateway_refused_is_the_form_again() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    let form = browser.get("/login?next=/bill/menu").await.text();
    assert!(
        !form.contains("action=\"/login"),
        "it posts to its own address"
    );
    let refused = gateway.browser().with("sec-fetch-site", "cross-site");
    let answer = refused.post_form("/login?next=/bill/menu", &[]).await;
    assert_eq!(answer.status, 403);
    let page = answer.text();
    for part in [
        Problem::of(ProblemCode::CsrfRejected).detail(),
        "name=\"next\" value=\"/bill/menu\"",
        answer.header("x-request-id"),
        "id=\"userId\"",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[tokio::test]
async fn a_login_that_comes_too_often_keeps_what_was_entered() {
    let often = [
        ("PHONEBILL_RATE_LIMITS", "on"),
        ("PHONEBILL__LIMITS__ID_LOGIN_BURST", "1"),
    ];
    let gateway = TestGateway::with(&often).await;
    let browser = gateway.browser();
    let form = [
        ("userId", "demo01"),
        ("password", "wrong-password"),
        ("autoLogin", "on"),
        ("next", "/bill/menu"),
    ];
    let address = "/login?next=/bill/menu";
    let wrong = browser.post_form(address, &form).await;
    let first = shown_after(&browser, &wrong).await;
    let early = browser.post_form(address, &form).await;
    assert_eq!(early.status, 429, "{early:?}");
    assert_ne!(early.header("retry-after"), "");
    let again = early.text();
    assert!(
        again.contains(Problem::of(ProblemCode::RateLimited).detail()),
        "{again}"
    );
    for page in [first, again] {
        for part in ["value=\"demo01\"", "value=\"/bill/menu\"", "checked"] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }
}

/// The breadcrumb's way back keeps the choice, like the button beside it.
#[tokio::test]
async fn the_way_back_from_a_visit_keeps_the_plan_that_was_chosen() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    let visit = "/product/request?line=line-1&from=P-1&to=P-2&key=key-0001";
    let page = browser.get(visit).await.text();
    let (_, trail) = page.split_once("class=\"trail\"").unwrap();
    let (trail, _) = trail.split_once("</nav>").unwrap();
    let back = "href=\"/product/change?line=line-1&amp;to=P-2\"";
    assert!(trail.contains(back), "{trail}");
}

/// The address of a visit holds its key, so the back button finds the change it started.
#[tokio::test]
async fn a_visit_whose_change_was_made_is_its_result() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    let visit = "/product/request?line=line-1&from=P-1&to=P-2";
    for (key, place) in [
        ("made-0007", "/product/result?request=0007&line=line-1"),
        // No change, or the lookup fails: the visit, whose plans cannot be loaded.
        ("key-0001", ""),
        ("away-0001", ""),
    ] {
        let answer = browser.get(&format!("{visit}&key={key}")).await;
        let status = if place.is_empty() { 503 } else { 302 };
        let led = (answer.status, answer.header("location"));
        assert_eq!(led, (status, place), "{key}");
    }
}

/// The same key would get the same refusal, whatever has changed since.
#[tokio::test]
async fn a_visit_whose_key_was_refused_gets_a_new_one() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    let visit = "/product/request?line=line-1&from=P-1&to=P-2&key=";
    for checked in ["", "&checked=1"] {
        let old = format!("{visit}refused-0001{checked}");
        let answer = browser.get(&old).await;
        assert_eq!(answer.status, 302, "{answer:?}");
        let anew = answer.header("location").strip_prefix(visit).unwrap();
        let key = anew.strip_suffix(checked).unwrap();
        assert!(key.parse::<IdempotencyKey>().is_ok(), "{anew}");
        assert!(!key.contains("refused"), "{anew}");
    }
}

#[tokio::test]
async fn of_a_refused_post_is_said_what_is_certain_once() {
    let gateway = TestGateway::start().await;
    let words = ProductRequest::of(Lang::default());
    let request_id = "class=\"request-id\"";
    let (never, none_seen) = (Some(words.not_ordered), Some(words.none_seen));
    for (code, key, certain) in [
        // Another post with the key may still be at its checks.
        ("KOS_UNAVAILABLE", "key-0001", none_seen),
        ("UNAVAILABLE", "key-0001", none_seen),
        // The lookup fails, so the change may exist.
        ("KOS_UNAVAILABLE", "away-0001", None),
        ("UNAVAILABLE", "away-0001", None),
        ("INTERNAL", "key-0001", None),
        // The page has a new key by then, so nothing is known of the old one.
        ("LINE_NOT_FOUND", "key-0001", None),
        ("PRECHECK_FAILED", "key-0001", never),
        // The line may be on another plan now.
        ("CURRENT_PRODUCT_CHANGED", "key-0001", None),
        ("CHANGE_IN_PROGRESS", "key-0001", None),
    ] {
        let browser = signed_in(&gateway, "demo01");
        let line = format!("problem:{code}");
        let mut form = change(&line);
        form[3].1 = key;
        let answer = browser.post_form("/product/request", &form).await;
        let page = shown_after(&browser, &answer).await;
        for sentence in [words.not_ordered, words.none_seen] {
            let is_told = page.contains(sentence);
            assert_eq!(is_told, certain == Some(sentence), "{code} {key}\n{page}");
        }
        let detail = Problem::of(ProblemCode::named(code).unwrap())
            .detail()
            .to_owned();
        assert_eq!(page.matches(&detail).count(), 1, "{code} {key}\n{page}");
        assert_eq!(page.matches(request_id).count(), 1, "{code} {key}\n{page}");
        assert!(page.contains(words.failure), "{code} {key}\n{page}");
    }
}
