//! The two languages: pages by the customer's choice, programs by `Accept-Language`.

use crate::support::{
    client::{Answer, Client},
    gateway::TestGateway,
};
use app::{
    problem::ProblemCode,
    text::{Lang, frame::Frame, login::Login, problem},
};
use serde_json::json;

/// What the fake customer and the switch itself are called.
const KNOWN: [&str; 2] = ["김하늘", "한국어"];

fn is_hangul(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

fn signed_in(gateway: &TestGateway, user: &str) -> Client {
    let cookie = format!("phonebill_access={user}");
    gateway.browser().with("cookie", &cookie)
}

async fn speak(browser: &Client, tag: &str, next: &str) -> Answer {
    let form = [("lang", tag), ("next", next)];
    browser.post_form("/lang", &form).await
}

/// The fields that the switch of a page sends: the language, and where it leads.
fn switch(html: &str) -> [String; 2] {
    let (_, form) = html.split_once("action=\"/lang\"").unwrap();
    ["name=\"lang\" value=\"", "name=\"next\" value=\""].map(|field| {
        let (_, value) = form.split_once(field).unwrap();
        let (value, _) = value.split_once('"').unwrap();
        value.replace("&amp;", "&")
    })
}

fn assert_page_is(page: &Answer, lang: Lang) {
    let html = page.text();
    let begins = format!("<!DOCTYPE html><html lang=\"{}\"", lang.tag());
    assert!(html.starts_with(&begins), "{html}");
    assert_eq!(page.header("content-language"), lang.tag());
    assert!(html.contains(Frame::of(lang).help_title), "{html}");
    if lang == Lang::En {
        let mut rest = html;
        for known in KNOWN {
            rest = rest.replace(known, "");
        }
        let korean: String = rest.chars().filter(|one| is_hangul(*one)).collect();
        assert_eq!(korean, "", "{rest}");
    }
}

#[tokio::test]
async fn the_switch_leads_back_to_its_page_in_the_other_language() {
    let gateway = TestGateway::start().await;
    for (browser, address) in [
        (gateway.browser(), "/login"),
        (
            gateway.browser(),
            "/login?next=%2Fbill%2Fresult%3Fmonth%3D2026-11",
        ),
        (gateway.browser(), "/no/such/page?x=1&y=a%26b"),
        (signed_in(&gateway, "demo01"), "/main"),
        (
            signed_in(&gateway, "demo01"),
            "/bill/result?line=line-1&month=2026-10",
        ),
        (signed_in(&gateway, "demo01"), "/account/sessions"),
        (signed_in(&gateway, "bill01"), "/product/menu?line=line-1"),
    ] {
        let mut lang = Lang::Ko;
        for _ in 0..2 {
            let page = browser.get(address).await;
            assert_page_is(&page, lang);
            let [tag, next] = switch(&page.text());
            assert_eq!(
                (tag.as_str(), next.as_str()),
                (lang.other().tag(), address),
                "{page:?}"
            );
            let answer = speak(&browser, &tag, &next).await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (303, address),
                "{answer:?}"
            );
            lang = lang.other();
        }
        assert_page_is(&browser.get(address).await, Lang::Ko);
    }
}

#[tokio::test]
async fn the_choice_is_kept_for_a_year() {
    for (settings, name, secure) in [
        (&[][..], "phonebill_lang", ""),
        (
            &[("PHONEBILL__HTTP__SECURE_COOKIES", "on")][..],
            "__Host-phonebill_lang",
            " Secure;",
        ),
    ] {
        let gateway = TestGateway::with(settings).await;
        let answer = speak(&gateway.browser(), "en", "/login").await;
        let expected =
            format!("{name}=en; HttpOnly; SameSite=Lax;{secure} Path=/; Max-Age=31536000");
        assert_eq!(answer.header("set-cookie"), expected);
    }
}

#[tokio::test]
async fn pages_are_korean_until_somebody_asks_for_english() {
    let gateway = TestGateway::start().await;
    for cookie in [
        "",
        "phonebill_lang=",
        "phonebill_lang=fr",
        "phonebill_lang=EN",
        "lang=en",
    ] {
        let browser = gateway.browser().with("accept-language", "en");
        let browser = browser.with("cookie", cookie);
        assert_page_is(&browser.get("/login").await, Lang::Ko);
    }
    let answer = speak(&gateway.browser(), "fr", "/login").await;
    assert_eq!(answer.header("location"), "/login");
    assert_eq!(answer.header("set-cookie"), "", "nobody speaks it here");
}

#[tokio::test]
async fn the_switch_leads_nowhere_else() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    for next in [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nset-cookie: x",
        "/api/openapi.json",
    ] {
        let answer = speak(&browser, "en", next).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/"),
            "{next:?}"
        );
    }
    let nothing = browser.post_form("/lang", &[]).await;
    assert_eq!((nothing.status, nothing.header("location")), (303, "/"));
    let elsewhere = browser.with("sec-fetch-site", "cross-site");
    let refused = speak(&elsewhere, "ko", "/login").await;
    assert_eq!(refused.status, 403);
    // The refused page stands at an address that has none, and does not lead back there.
    assert_page_is(&refused, Lang::En);
    assert_eq!(switch(&refused.text()), ["ko", "/"]);
}

#[tokio::test]
async fn every_problem_is_told_in_the_language_of_the_page() {
    let gateway = TestGateway::start().await;
    let browser = signed_in(&gateway, "demo01");
    speak(&browser, "en", "/").await;
    for code in ProblemCode::ALL {
        // Only the browser itself makes this one.
        if code == ProblemCode::Network {
            continue;
        }
        for path in ["/bill/menu", "/bill/result", "/bill/history", "/main"] {
            let address = format!("{path}?line=problem:{}", code.as_str());
            let page = browser.get(&address).await;
            assert_page_is(&page, Lang::En);
            let sentence = problem::words(Lang::En, code).detail;
            assert!(page.text().contains(sentence), "{address} {page:?}");
        }
    }
    for path in [
        "/product/menu",
        "/product/change",
        "/product/request?to=P-2&key=key-0001",
        "/product/request?to=P-2&key=key-0001&checked=1&line=problem:LINE_INACTIVE",
        "/product/request",
        "/product/result?request=r-1",
        "/product/history",
    ] {
        assert_page_is(&browser.get(path).await, Lang::En);
    }
}

#[tokio::test]
async fn what_a_form_left_is_told_in_the_language_of_the_page() {
    let gateway = TestGateway::start().await;
    let browser = gateway.browser();
    speak(&browser, "en", "/").await;
    let words = Login::of(Lang::En);
    for (user, password, sentence) in [
        (
            "demo01",
            "wrong-password",
            problem::words(Lang::En, ProblemCode::AuthInvalid).detail,
        ),
        (
            "locked01",
            "wrong-password",
            problem::words(Lang::En, ProblemCode::AuthLocked).detail,
        ),
        ("locked01", "wrong-password", &(words.locked_for)(1_800)),
        (
            "a!",
            "wrong-password",
            problem::field(Lang::En, "userId", app::problem::FieldCode::UserIdLength),
        ),
    ] {
        let form = [("userId", user), ("password", password)];
        let answer = browser.post_form("/login", &form).await;
        assert_eq!(answer.status, 303);
        let page = browser.get(answer.header("location")).await;
        assert_page_is(&page, Lang::En);
        assert!(page.text().contains(sentence), "{sentence} {page:?}");
    }
}

#[tokio::test]
async fn programs_say_their_language_with_each_request() {
    let gateway = TestGateway::start().await;
    let inquiry = json!({"lineId": "problem:LINE_INACTIVE"});
    let status = json!({"request": "r-1"});
    for (path, body, code) in [
        ("/api/v1/bill/inquiry", inquiry, ProblemCode::LineInactive),
        ("/rpc/product/status", status, ProblemCode::NotFound),
    ] {
        for (accepted, lang) in [
            ("en", Lang::En),
            ("en-GB,ko;q=0.5", Lang::En),
            ("ko,en;q=0.9", Lang::Ko),
            ("fr", Lang::Ko),
        ] {
            let client = gateway.program("demo01").with("accept-language", accepted);
            // The customer's choice is for pages.
            let client = client.with("cookie", "phonebill_lang=en");
            let answer = client.post_json(path, body.clone()).await;
            let words = problem::words(lang, code);
            let told = answer.json();
            assert_eq!(answer.code(), code.as_str());
            assert_eq!(told["title"], words.title, "{accepted}");
            assert_eq!(told["detail"], words.detail, "{accepted}");
            assert_eq!(answer.header("content-language"), lang.tag());
            let mut depends = answer.headers.get_all("vary").iter();
            assert!(depends.any(|on| on == "Accept-Language"), "{answer:?}");
        }
    }
    let client = gateway.program("demo01").with("accept-language", "en");
    let rejected =
        json!({"lineId": "rejected", "currentProductCode": "A", "targetProductCode": "B"});
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "english-key-1"),
    ];
    let answer = client
        .send(
            "POST",
            "/api/v1/product/request",
            &headers,
            rejected.to_string().into_bytes(),
        )
        .await;
    assert_eq!(answer.code(), "CHANGE_REJECTED");
    assert_eq!(
        answer.json()["detail"],
        "The carrier did not accept the change."
    );
    let wrong = client
        .post_json("/api/v1/bill/inquiry", json!({"month": "2001-01-01"}))
        .await;
    let told = wrong.text();
    assert_eq!(wrong.fields().len(), 1);
    assert!(!told.contains(is_hangul), "{told}");
    let document = client.get("/api/openapi.json").await;
    assert_eq!(document.header("content-language"), "");
}
