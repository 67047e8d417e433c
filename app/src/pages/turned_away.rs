//! The page for a browser that is turned away at the door: the server is full, or asked too often.
//!
//! Refusing must cost much less than serving, so this is a document of its own: no router, no context, no
//! script.

use crate::{
    components::{
        button::{ButtonLink, Look},
        icon::{Icon, glyph},
        layout::{Brand, Help},
        problem::RequestId,
    },
    problem::Problem,
    text::{Lang, frame::Frame},
};
use leptos::prelude::*;
use leptos_meta::HashedStylesheet;

/// The document. `problem` is in that language and has the id of its request; `again` is the path and query
/// to try again; `options.output_name` names the style sheet.
pub fn document(lang: Lang, problem: Problem, again: String, options: LeptosOptions) -> String {
    let words = Frame::of(lang);
    let title = problem.title().to_owned();
    let detail = problem.detail().to_owned();
    let page = view! {
        <!DOCTYPE html>
        <html lang=lang.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title>{format!("{title} · {}", words.service)}</title>
                <HashedStylesheet options/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
            </head>
            <body>
                <header class="top-bar"><a class="home" href="/"><Brand lang/></a></header>
                <div class="page">
                    <main>
                        <h1>{title}</h1>
                        <section class="problem-panel" role="alert">
                            <Icon glyph=glyph::CIRCLE_ALERT/>
                            <h2>{detail}</h2>
                            <div class="actions">
                                <ButtonLink
                                    href=again
                                    label=words.retry
                                    look=Look::Primary
                                    glyph=glyph::REFRESH_CW
                                />
                            </div>
                            <RequestId lang id=problem.trace_id/>
                        </section>
                    </main>
                </div>
                <Help lang/>
            </body>
        </html>
    };
    page.to_html()
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::{
        in_language::InLanguage,
        problem::{Problem, ProblemCode},
        text::Lang,
    };
    use leptos::config::LeptosOptions;

    #[test]
    fn it_says_why_what_to_do_and_what_to_quote_without_a_script() {
        for lang in [Lang::Ko, Lang::En] {
            let problem = Problem::of(ProblemCode::RateLimited).with_retry_after(3);
            let problem = problem.traced("the-id").in_language(lang);
            let detail = problem.detail().to_owned();
            let options = LeptosOptions::builder().output_name("phonebill").build();
            let again = "/bill/menu?line=\"><script>".to_owned();
            let html = document(lang, problem, again, options);
            assert!(html.starts_with("<!DOCTYPE html><html"), "{html}");
            for part in [detail.as_str(), "the-id", "/pkg/phonebill.css", "tel:"] {
                assert!(html.contains(part), "{part}\n{html}");
            }
            assert!(html.contains(&format!("lang=\"{}\"", lang.tag())), "{html}");
            assert!(!html.contains("<script"), "{html}");
        }
    }
}
