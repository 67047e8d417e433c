//! SCR-008: polls for the outcome, then reloads the page.

use crate::{
    api::call,
    model::{ChangeStatus, RequestId, WATCHED_FOR},
    page_request::language,
    problem::{Problem, ProblemCode},
    text::product_result::ProductResult,
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use web_sys::UrlSearchParams;

/// The pause between the first polls: the page is correct within two seconds of the outcome.
const WAIT: Duration = Duration::from_millis(1_500);
/// Polls after which it counts as taking longer than usual.
const PATIENCE: u32 = 8;
/// A change that takes long may wait for a person: after every n polls the pause grows by one
/// [`WAIT`], up to half a minute.
const SLOWER_EVERY: u32 = 20;
const SLOWEST: u32 = 20;

/// What follows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Ask,
    /// The customer asks, by the link.
    Stop,
    /// The page has something else to show.
    Reload,
}

/// Shows the state of the polling. The children offer the way without a script.
#[island]
pub fn ChangeProgress(children: Children) -> impl IntoView {
    let words = ProductResult::of(language());
    let said = RwSignal::new(words.checking.to_owned());
    let asking = RwSignal::new(true);
    Effect::new(move |_| {
        if let Some(request) = request() {
            ask_after(request, 1, said, asking);
        }
    });
    view! {
        <div class="change-progress">
            <progress aria-label=words.pending hidden=move || !asking.get()></progress>
            <p role="status">{move || said.get()}</p>
            <div class="actions">{children()}</div>
        </div>
    }
}

/// Polls after a pause, and again until there is something to show or it has lasted long enough.
fn ask_after(request: RequestId, asked: u32, said: RwSignal<String>, asking: RwSignal<bool>) {
    let ask = move || {
        spawn_local(async move {
            let (next, sentence) = told(call::status(&request).await, asked);
            said.set(sentence.to_owned());
            match next {
                Next::Ask => ask_after(request, asked.saturating_add(1), said, asking),
                Next::Stop => asking.set(false),
                // If the browser refuses, the link is still there.
                Next::Reload => _ = window().location().reload(),
            }
        });
    };
    set_timeout(ask, pause(asked));
}

/// What follows an answer, and the message for it.
fn told(answer: Result<ChangeStatus, Problem>, asked: u32) -> (Next, &'static str) {
    let words = ProductResult::of(language());
    match answer {
        Ok(status) if status != ChangeStatus::Pending => (Next::Reload, words.known),
        // Signed out, or no such change: the outcome stays unknown, and the reloaded page says why.
        Err(problem) if !problem.code().retryable() => (Next::Reload, words.checking),
        _ if waited(asked) >= WATCHED_FOR => (Next::Stop, words.no_longer_asking),
        Ok(_) if asked < PATIENCE => (Next::Ask, words.checking),
        Ok(_) => (Next::Ask, words.still_checking),
        Err(problem) if problem.code() == ProblemCode::Network => (Next::Ask, words.no_answer),
        Err(_) => (Next::Ask, words.not_told),
    }
}

/// The pauses up to the given poll, together.
fn waited(asked: u32) -> Duration {
    (1..=asked).map(pause).sum()
}

/// The pause before the given poll.
fn pause(asked: u32) -> Duration {
    WAIT * (1 + asked / SLOWER_EVERY).min(SLOWEST)
}

/// The change this page is about.
fn request() -> Option<RequestId> {
    let search = window().location().search().ok()?;
    UrlSearchParams::new_with_str(&search)
        .ok()?
        .get("request")
        .map(RequestId)
}

#[cfg(test)]
mod tests {
    use super::{Next, PATIENCE, WAIT, pause, told, waited};
    use crate::{
        model::ChangeStatus,
        problem::{Problem, ProblemCode},
        text::{Lang, product_result::ProductResult},
    };
    use std::time::Duration;

    /// The first poll twenty minutes or more after the page was opened.
    const LAST: u32 = 168;

    #[test]
    fn asks_for_twenty_minutes() {
        let long = Duration::from_secs(20 * 60);
        assert!(waited(LAST - 1) < long && waited(LAST) >= long);
    }

    #[test]
    fn an_outcome_is_announced_only_where_there_is_one() {
        let words = ProductResult::of(Lang::default());
        let problem = |code| Err(Problem::of(code));
        let pending = Ok(ChangeStatus::Pending);
        for (answer, asked, expected) in [
            (Ok(ChangeStatus::Completed), 1, (Next::Reload, words.known)),
            (Ok(ChangeStatus::Failed), LAST, (Next::Reload, words.known)),
            (pending.clone(), 1, (Next::Ask, words.checking)),
            (pending.clone(), PATIENCE, (Next::Ask, words.still_checking)),
            (pending.clone(), LAST - 1, (Next::Ask, words.still_checking)),
            (pending, LAST, (Next::Stop, words.no_longer_asking)),
            (
                problem(ProblemCode::Network),
                1,
                (Next::Ask, words.no_answer),
            ),
            (
                problem(ProblemCode::Unavailable),
                1,
                (Next::Ask, words.not_told),
            ),
            (
                problem(ProblemCode::Unavailable),
                LAST,
                (Next::Stop, words.no_longer_asking),
            ),
            (
                problem(ProblemCode::SessionEnded),
                1,
                (Next::Reload, words.checking),
            ),
            (
                problem(ProblemCode::NotFound),
                LAST,
                (Next::Reload, words.checking),
            ),
        ] {
            assert_eq!(told(answer.clone(), asked), expected, "{answer:?} {asked}");
        }
    }

    #[test]
    fn asks_often_at_first_and_seldom_in_the_end() {
        assert_eq!(pause(1), WAIT);
        assert_eq!(pause(19), WAIT);
        assert_eq!(pause(20), 2 * WAIT);
        assert_eq!(pause(10_000), Duration::from_secs(30));
    }
}
