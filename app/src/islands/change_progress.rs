//! SCR-008: polls for the outcome, then reloads the page.

use crate::{
    api::call,
    model::{ChangeStatus, RequestId},
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

/// Shows the state of the polling. The children offer the way without a script.
#[island]
pub fn ChangeProgress(children: Children) -> impl IntoView {
    let words = ProductResult::of(language());
    let said = RwSignal::new(words.checking.to_owned());
    Effect::new(move |_| {
        if let Some(request) = request() {
            ask_after(request, 1, said);
        }
    });
    view! {
        <div class="change-progress">
            <progress aria-label=words.pending></progress>
            <p role="status">{move || said.get()}</p>
            <div class="actions">{children()}</div>
        </div>
    }
}

/// Polls after a pause, and again until there is something to show.
fn ask_after(request: RequestId, asked: u32, said: RwSignal<String>) {
    let ask = move || {
        spawn_local(async move {
            let (over, sentence) = told(call::status(&request).await, asked);
            said.set(sentence.to_owned());
            if over {
                // If the browser refuses, the link is still there.
                _ = window().location().reload();
            } else {
                ask_after(request, asked.saturating_add(1), said);
            }
        });
    };
    set_timeout(ask, pause(asked));
}

/// Whether an answer ends the polling, and the message for it.
fn told(answer: Result<ChangeStatus, Problem>, asked: u32) -> (bool, &'static str) {
    let words = ProductResult::of(language());
    match answer {
        Ok(status) if status != ChangeStatus::Pending => (true, words.known),
        Ok(_) if asked < PATIENCE => (false, words.checking),
        Ok(_) => (false, words.still_checking),
        Err(problem) if problem.code() == ProblemCode::Network => (false, words.no_answer),
        Err(problem) if problem.code().retryable() => (false, words.not_told),
        // Signed out, or no such change: the outcome stays unknown, and the reloaded page says why.
        Err(_) => (true, words.checking),
    }
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
    use super::{PATIENCE, WAIT, pause, told};
    use crate::{
        model::ChangeStatus,
        problem::{Problem, ProblemCode},
        text::{Lang, product_result::ProductResult},
    };
    use std::time::Duration;

    #[test]
    fn an_outcome_is_announced_only_where_there_is_one() {
        let words = ProductResult::of(Lang::default());
        let problem = |code| Err(Problem::of(code));
        for (answer, asked, expected) in [
            (Ok(ChangeStatus::Completed), 1, (true, words.known)),
            (Ok(ChangeStatus::Failed), 1, (true, words.known)),
            (Ok(ChangeStatus::Pending), 1, (false, words.checking)),
            (
                Ok(ChangeStatus::Pending),
                PATIENCE,
                (false, words.still_checking),
            ),
            (problem(ProblemCode::Network), 1, (false, words.no_answer)),
            (
                problem(ProblemCode::Unavailable),
                1,
                (false, words.not_told),
            ),
            (
                problem(ProblemCode::SessionEnded),
                1,
                (true, words.checking),
            ),
            (problem(ProblemCode::NotFound), 1, (true, words.checking)),
        ] {
            assert_eq!(told(answer.clone(), asked), expected, "{answer:?}");
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
