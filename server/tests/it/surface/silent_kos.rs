//! Every screen while KOS takes each call and never answers: it comes within the product's own limit, as it
//! was designed, with the request id wherever it tells of a problem.

use super::outage::CAUSES;
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    client::{Answer, Client},
    test_app::TestApp,
};
use app::{
    problem::{Problem, ProblemCode},
    routes::PAGES,
    text::{
        Lang, bill_history::BillHistory, bill_menu::BillMenuWords, bill_result::BillResult,
        frame::Frame, login::Login, main::Main, product_change::ProductChange,
        product_history::ProductHistory, product_menu::ProductMenu,
        product_request::ProductRequest, product_result::ProductResult, sessions::Sessions,
    },
};

on_both_databases! { every_screen_comes_in_time_and_as_designed }

/// Short deadlines for calls, and a breaker that never opens: each call of the test is one that hangs. A
/// page that waits for more than the deadline of a call is cut off by the limit of requests, with 503 and
/// none of the words expected here.
const SETTINGS: [(&str, &str); 7] = [
    ("PHONEBILL__KOS__INQUIRY_TIMEOUT_MS", "400"),
    ("PHONEBILL__KOS__CHANGE_TIMEOUT_MS", "400"),
    ("PHONEBILL__KOS__CONNECT_TIMEOUT_MS", "300"),
    ("PHONEBILL__BREAKER__SLOW_CALL_MS", "350"),
    ("PHONEBILL__BREAKER__WINDOW", "10000"),
    ("PHONEBILL__BREAKER__MINIMUM_CALLS", "10000"),
    ("PHONEBILL__HTTP__REQUEST_TIMEOUT_MS", "5000"),
];
const HANG: &[&str] = &["kos=hang"];

/// What becomes of a screen.
#[derive(Clone, Copy)]
enum Becomes {
    /// It needs nothing of KOS.
    Whole,
    /// Parts of it tell of the problem.
    Partial,
    /// The problem replaces its content, under its own sentence of failure.
    Failed(&'static str),
}

use Becomes::{Failed, Partial, Whole};

async fn every_screen_comes_in_time_and_as_designed(database: TestDatabase) {
    let app = TestApp::start_with(&database, &SETTINGS).await;
    app.faults(HANG);
    let lang = Lang::default();
    let login = Client::browser(app.origin()).get("/login").await;
    is_as_designed("/login", &login, Login::of(lang).submit, Whole);
    let browser = app.browser("demo01").await;
    let (result, request) = (BillResult::of(lang), ProductRequest::of(lang));
    let (menu, change) = (ProductMenu::of(lang), ProductChange::of(lang));
    let screens = [
        ("/main", Main::of(lang).services, Partial),
        ("/account/sessions", Sessions::of(lang).intro, Whole),
        ("/bill/menu", BillMenuWords::of(lang).month_hint, Whole),
        ("/bill/result", result.name, Failed(result.failure)),
        ("/bill/history", BillHistory::of(lang).intro, Whole),
        ("/product/menu", menu.title, Failed(menu.failure)),
        ("/product/change", change.title, Failed(change.failure)),
        (
            "/product/request?to=LTE-BASIC-001&key=silent-kos-1",
            request.title,
            Failed(request.failure),
        ),
        (
            "/product/request?to=LTE-BASIC-001&key=silent-kos-1&checked=1",
            request.title,
            Failed(request.failure),
        ),
        ("/product/history", ProductHistory::of(lang).title, Whole),
    ];
    for (path, heading, becomes) in screens {
        is_as_designed(path, &browser.get(path).await, heading, becomes);
    }
    app.faults(&[]);
    let path = app.change(&browser, "demo01").await;
    app.faults(HANG);
    let completed = ProductResult::of(lang).completed;
    is_as_designed(&path, &browser.get(&path).await, completed, Whole);

    let of = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
    let seen = screens.map(|(path, ..)| of(path));
    for (page, _) in PAGES {
        let apart = *page == "/login" || *page == of(&path);
        assert!(apart || seen.iter().any(|seen| seen == page), "{page}");
    }
    app.stop().await;
}

fn is_as_designed(path: &str, page: &Answer, heading: &str, becomes: Becomes) {
    let html = page.text();
    let (words, late) = (
        Frame::of(Lang::default()),
        Problem::of(ProblemCode::KosTimeout),
    );
    let (status, told) = match becomes {
        Whole => (200, vec![]),
        Partial => (200, vec![late.detail(), words.retry]),
        Failed(sentence) => (late.status(), vec![sentence, late.detail(), words.retry]),
    };
    assert_eq!(page.status, status, "{path}\n{html}");
    assert!(
        html.contains(&format!("{heading}<")),
        "{path} {heading}\n{html}"
    );
    for part in &told {
        assert!(html.contains(*part), "{path} lacks {part}\n{html}");
    }
    let traced = html.contains(words.request_id) && html.contains(page.header("x-request-id"));
    assert_eq!(traced, !told.is_empty(), "{path}\n{html}");
    for cause in CAUSES {
        assert!(!html.contains(cause), "{path} {cause}\n{html}");
    }
}
