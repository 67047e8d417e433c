//! The devices a customer is signed in on.

use crate::{
    api,
    components::{
        badge::{Badge, Tone},
        button::{ButtonLink, Look, SubmitButton},
        done_note::DoneNote,
        empty::Empty,
        facts::{Fact, Facts},
        icon::{Icon, glyph},
        layout::Screen,
        load::load,
        problem::ProblemBanner,
    },
    links::of_line,
    model::{LineId, SessionInfo},
    page_request::{Done, with_page},
    text::{self, Lang, frame::Frame, sessions::Sessions as Words},
};
use leptos::prelude::*;

/// Lists the sessions; each can be ended.
#[component]
pub fn Sessions() -> impl IntoView {
    with_page(|page| {
        let lang = page.lang;
        let words = Words::of(lang);
        let frame = Frame::of(lang);
        let refused = page.refused.clone();
        let line = page.line_to_keep();
        let done = page.done.and_then(|done| match done {
            Done::DeviceLoggedOut => Some(words.ended),
            Done::OthersLoggedOut => Some(words.others_ended),
            Done::LoggedOut => None,
        });
        view! {
            <Screen page title=words.title>
                {refused
                    .map(|refused| view! { <ProblemBanner problem=refused.problem>""</ProblemBanner> })}
                {done.map(|text| view! { <DoneNote text/> })}
                <p class="intro">{words.intro}</p>
                {load(
                    words.failure,
                    api::auth::sessions(),
                    move |sessions| {
                        if sessions.is_empty() {
                            return view! {
                                <Empty title=words.empty text=words.empty_text glyph=glyph::MONITOR>
                                    <ButtonLink
                                        href="/login"
                                        label=frame.to_login
                                        look=Look::Primary
                                    />
                                </Empty>
                            }
                                .into_any();
                        }
                        let others = sessions.iter().any(|session| !session.current);
                        let end_others = others.then(|| view! { <EndOthers line=line.clone() words/> });
                        let items = sessions
                            .into_iter()
                            .map(|session| view! { <Session session line=line.clone() lang words/> })
                            .collect_view();
                        view! { <ul class="records">{items}</ul> {end_others} }.into_any()
                    },
                )}
            </Screen>
        }
    })
}

/// The button that ends every session except this one.
#[component]
fn EndOthers(
    /// The line to come back with.
    line: Option<LineId>,
    words: &'static Words,
) -> impl IntoView {
    let action = of_line("/account/sessions/end-others", line.as_ref());
    view! {
        <form method="post" action=action>
            <SubmitButton label=words.end_others/>
        </form>
    }
    .into_any()
}

/// Words in the device names of phones.
const PHONES: [&str; 3] = ["Android", "iPhone", "Mobile"];

/// One session with the button that ends it; the current one ends by logging out.
#[component]
fn Session(
    session: SessionInfo,
    /// The line to come back with.
    line: Option<LineId>,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let device = if session.device.is_empty() {
        words.unknown_device.to_owned()
    } else {
        session.device
    };
    let glyph = if PHONES.iter().any(|phone| device.contains(phone)) {
        glyph::SMARTPHONE
    } else {
        glyph::MONITOR
    };
    let (action, label) = if session.current {
        ("/logout".to_owned(), words.end_current)
    } else {
        let end = format!("/account/sessions/{}/end", session.session_id);
        (of_line(&end, line.as_ref()), words.end)
    };
    let begun = text::instant(lang, &session.created_at);
    let name = (!session.current).then(|| (words.end_of)(&device, &begun));
    view! {
        <li class="card record">
            <h2 class="card-title">
                <Icon glyph/> {device}
                {session.current.then(|| view! { <Badge label=words.current tone=Tone::Primary/> })}
            </h2>
            <Facts>
                <Fact name=words.last_seen>{text::instant(lang, &session.last_seen_at)}</Fact>
                <Fact name=words.signed_in>{begun}</Fact>
            </Facts>
            <form method="post" action=action>
                <button type="submit" class=Look::Secondary.class() aria-label=name>
                    {label}
                </button>
            </form>
        </li>
    }
    .into_any()
}
