//! A customer with two lines: all links keep the line that is chosen.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    test_app::TestApp,
};
use app::{
    model::LineStatus,
    text::{self, Lang, product_menu::ProductMenu, product_plan::ProductPlan},
};

on_both_databases! {
    links_back_lead_to_the_line_they_come_from,
    the_bar_at_the_head_leads_to_the_same_line,
    the_links_at_the_foot_of_the_main_screen_lead_to_the_same_line,
    who_ends_a_session_comes_back_with_the_line,
    another_line_can_be_chosen_where_one_fails,
    the_same_month_of_another_line_is_one_press_away,
    a_suspended_line_is_said_to_be_wherever_its_plan_is_shown,
}

async fn links_back_lead_to_the_line_they_come_from(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let lines = client.get("/api/v1/bill/menu").await.json()["lines"].clone();
    let line = lines[1]["lineId"].as_str().unwrap().to_owned();
    let options = format!("/api/v1/product/change?lineId={line}");
    let options = client.get(&options).await.json();
    let from = options["currentProduct"]["code"]
        .as_str()
        .unwrap()
        .to_owned();
    let to = options["products"][0]["code"].as_str().unwrap().to_owned();
    let visit = format!("/product/request?line={line}&from={from}&to={to}&key=two-lines-1");
    let page = browser.get(&visit).await.text();
    assert!(
        page.contains("010-2345-6789"),
        "which line is changed\n{page}"
    );
    let form = [
        ("lineId", line.as_str()),
        ("currentProductCode", &from),
        ("targetProductCode", &to),
        ("idempotencyKey", "two-lines-1"),
    ];
    let result = browser.post_form(&visit, &form).await;
    let result = result.header("location").to_owned();
    for path in [
        &format!("/bill/menu?line={line}"),
        &format!("/bill/result?line={line}"),
        &format!("/bill/history?line={line}"),
        &format!("/product/menu?line={line}"),
        &format!("/product/change?line={line}"),
        &format!("/product/history?line={line}"),
        &visit,
        &result,
    ] {
        let page = browser.get(path).await;
        // The visit has led to a change, which its address now shows.
        if *path == visit {
            assert_eq!(
                (page.status, page.header("location")),
                (302, result.as_str())
            );
            continue;
        }
        assert_eq!(page.status, 200, "{path}");
        let page = page.text();
        let (_, content) = page.split_once("</header>").unwrap();
        for target in ["/main", "/bill/menu", "/product/menu"] {
            let forgetful = format!("href=\"{target}\"");
            assert!(
                !content.contains(&forgetful),
                "{path} has {forgetful}\n{content}"
            );
        }
        assert!(
            content.contains(&format!("href=\"/main?line={line}\"")),
            "{path}"
        );
    }
    app.stop().await;
}

async fn the_bar_at_the_head_leads_to_the_same_line(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let lines = client.get("/api/v1/bill/menu").await.json()["lines"].clone();
    let own = lines[1]["lineId"].as_str().unwrap();
    // Links do not keep a line that does not exist.
    for (line, kept) in [(own, true), ("no-such-line", false)] {
        for screen in ["/main", "/bill/menu", "/product/menu", "/account/sessions"] {
            let page = browser.get(&format!("{screen}?line={line}")).await.text();
            let (bar, _) = page.split_once("</header>").unwrap();
            for target in [
                "/main",
                "/bill/menu",
                "/bill/history",
                "/product/menu",
                "/product/history",
                "/account/sessions",
            ] {
                let href = match kept {
                    true => format!("href=\"{target}?line={line}\""),
                    false => format!("href=\"{target}\""),
                };
                assert!(bar.contains(&href), "{screen} {line} lacks {href}\n{bar}");
            }
        }
    }
    app.stop().await;
}

async fn the_links_at_the_foot_of_the_main_screen_lead_to_the_same_line(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let lines = client.get("/api/v1/bill/menu").await.json()["lines"].clone();
    let line = lines[1]["lineId"].as_str().unwrap();
    for (asked, kept) in [(format!("?line={line}"), true), (String::new(), false)] {
        let page = browser.get(&format!("/main{asked}")).await.text();
        let (_, links) = page.split_once("class=\"more-links\"").unwrap();
        let (links, _) = links.split_once("</ul>").unwrap();
        for target in ["/bill/history", "/product/history", "/account/sessions"] {
            let href = match kept {
                true => format!("href=\"{target}?line={line}\""),
                false => format!("href=\"{target}\""),
            };
            assert!(links.contains(&href), "{asked} lacks {href}\n{links}");
        }
    }
    app.stop().await;
}

async fn who_ends_a_session_comes_back_with_the_line(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let lines = client.get("/api/v1/bill/menu").await.json()["lines"].clone();
    let line = lines[1]["lineId"].as_str().unwrap();
    let list = format!("/account/sessions?line={line}");
    for end in ["/end?", "/account/sessions/end-others?"] {
        app.login("demo01").await;
        let page = browser.get(&list).await.text();
        let mut actions = page.split("action=\"").skip(1);
        let action = actions.find_map(|rest| {
            let (action, _) = rest.split_once('"')?;
            action.contains(end).then_some(action)
        });
        let ended = browser.post_form(action.unwrap(), &[]).await;
        let led = (ended.status, ended.header("location"));
        assert_eq!(led, (303, list.as_str()), "{end}");
    }
    app.stop().await;
}

async fn another_line_can_be_chosen_where_one_fails(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let browser = app.browser("demo01").await;
    app.faults(&["kos=error_before:503"]);
    for path in ["/product/menu", "/product/change"] {
        let page = browser.get(path).await.text();
        assert!(page.contains("010-2345-6789"), "{path}\n{page}");
    }
    app.stop().await;
}

async fn the_same_month_of_another_line_is_one_press_away(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (client, browser) = (app.login("demo01").await, app.browser("demo01").await);
    let menu = client.get("/api/v1/bill/menu").await.json();
    let line = |index: usize| menu["lines"][index]["lineId"].as_str().unwrap().to_owned();
    let month = menu["months"][2].as_str().unwrap();
    let shown = format!("/bill/result?line={}&month={month}", line(0));
    let page = browser.get(&shown).await.text();
    let title = text::month(Lang::Ko, month.parse().unwrap());
    assert!(page.contains(&format!("<title>{title}")), "{page}");
    let (_, content) = page.split_once("</header>").unwrap();
    for href in [
        format!("/bill/result?line={}&amp;month={month}", line(1)),
        format!("/main?line={}", line(0)),
    ] {
        let link = format!("href=\"{href}\"");
        assert!(content.contains(&link), "{link} is not in\n{content}");
    }
    app.stop().await;
}

async fn a_suspended_line_is_said_to_be_wherever_its_plan_is_shown(database: TestDatabase) {
    let app = TestApp::start(&database).await;
    let (words, plan) = (
        ProductMenu::of(Lang::default()),
        ProductPlan::of(Lang::default()),
    );
    let state = format!("{}</span>", (plan.line_status)(LineStatus::Suspended));
    for (who, suspended) in [("susp01", true), ("demo01", false)] {
        let browser = app.browser(who).await;
        for path in ["/main", "/product/menu", "/product/change"] {
            let page = browser.get(path).await.text();
            let said = page.contains(&state);
            assert_eq!(said, suspended, "{who} {path}\n{page}");
        }
        let menu = browser.get("/product/menu").await.text();
        let (_, bar) = menu.split_once("class=\"action-bar\"").unwrap();
        assert!(bar.contains(words.start), "{bar}");
        let offered = bar.contains("class=\"button primary\"");
        assert_eq!(offered, !suspended, "{who}\n{bar}");
    }
    app.stop().await;
}
