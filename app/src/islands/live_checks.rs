//! SCR-007: the three checks side by side, each shown as it finishes, and the form they open.

use super::{
    check_steps::{Outcome, Step, made},
    on_its_way::on_its_way,
};
use crate::{
    api::call,
    components::icon::Icon,
    model::{ChangeDraft, CheckType, LineId},
    page_request::language,
    text::{frame::Frame, product_request::ProductRequest},
};
use leptos::{html, prelude::*, task::spawn_local};
use web_sys::{
    FormData, HtmlFormElement, ScrollIntoViewOptions, ScrollLogicalPosition, SubmitEvent,
};

/// A check: its name and state.
#[component]
pub fn CheckLine(
    check: CheckType,
    step: RwSignal<Step>,
    /// The button that repeats it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let words = ProductRequest::of(language());
    let name = (words.check_name)(check);
    view! {
        <li class=move || step.with(Step::class)>
            {move || {
                let glyph = step.with(Step::glyph);
                view! { <Icon glyph/> }
            }}
            <p>
                <span class="check-name">{name}</span>
                <span class="check-result">{move || step.with(|step| step.sentence(words))}</span>
                {move || step.with(Step::has_failed).then(|| view! { <Remedy check words/> })}
                <span class="request-id">{move || step.with(|step| step.request_id(words))}</span>
            </p>
            {children.map(|children| children())}
        </li>
    }
}

/// What helps where the check has failed.
#[component]
fn Remedy(check: CheckType, words: &'static ProductRequest) -> impl IntoView {
    let frame = Frame::of(language());
    let phone = (check == CheckType::LineInUse)
        .then(|| view! { " " <a href=frame.help_link()>{frame.help_phone}</a> });
    view! { <span class="check-remedy">{(words.remedy)(check)} {phone}</span> }
}

/// The form of the change. It starts the checks when it wakes and can be sent once all three have
/// passed. Until it wakes the children offer the way without a script.
///
/// It has no `action`, so it posts to the visit's own address: a refusal by the gateway, which does
/// not read the body, still leads back there.
#[island]
pub fn LiveChecks(
    /// The hidden fields (so that the checks are about what will be sent) and the other links.
    children: Children,
) -> impl IntoView {
    let words = ProductRequest::of(language());
    let form = NodeRef::<html::Form>::new();
    let steps = CheckType::ALL.map(|check| (check, RwSignal::new(Step::Waiting)));
    let awake = RwSignal::new(false);
    // A second send carries the same key.
    let sent = on_its_way();
    let nudged = RwSignal::new(false);
    // Plain closures over few signal types: each type and each memo adds a copy to the bundle.
    let outcome = move || Outcome::of(&steps.map(|(_, step)| step.get()));

    let run = move |check: CheckType, step: RwSignal<Step>| {
        let Some(draft) = form.get_untracked().as_ref().and_then(draft) else {
            return;
        };
        step.set(Step::Running);
        spawn_local(async move {
            step.set(match call::check_one(draft, check).await {
                Ok(result) => Step::Done(result),
                Err(problem) => Step::Broken(problem),
            });
        });
    };
    Effect::new(move |_| {
        awake.set(true);
        for (check, step) in steps {
            run(check, step);
        }
    });
    let submit = move |event: SubmitEvent| {
        if untrack(outcome) != Outcome::Passed || sent.get_untracked() {
            event.prevent_default();
            nudged.set(true);
            // On a phone the bar is in sight before its reason is.
            if let Some(reason) = document().get_element_by_id("not-yet") {
                let nearest = ScrollIntoViewOptions::new();
                nearest.set_block(ScrollLogicalPosition::Nearest);
                reason.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        } else {
            sent.set(true);
        }
    };
    let finished = move || made(&steps.map(|(_, step)| step.get()));
    let said = move || match (outcome(), sent.get(), awake.get()) {
        (_, true, _) => words.proceeding,
        (Outcome::Open, _, true) => words.running,
        (outcome, ..) => outcome.sentence(words),
    };
    view! {
        <form
            class="live-checks"
            method="post"
            node_ref=form
            on:submit=submit
            data-says-so=""
            data-awake=move || awake.get().to_string()
        >
            <div class=move || outcome().class()>
                <p role="status">{said}</p>
                <progress
                    max=CheckType::ALL.len().to_string()
                    value=move || finished().to_string()
                    aria-label=words.checks
                ></progress>
                <p class="check-count">{move || (words.progress)(finished())}</p>
            </div>
            <ul class="checks">
                {steps
                    .map(|(check, step)| {
                        // Hiding a focused button would lose the focus, so it stays visible while
                        // focused.
                        let held = RwSignal::new(false);
                        let repeatable = move || step.with(Step::repeatable);
                        view! {
                            <CheckLine check step>
                                <button
                                    type="button"
                                    class="button quiet"
                                    hidden=move || !(repeatable() || held.get())
                                    aria-disabled=move || (!repeatable()).to_string()
                                    on:focus=move |_| held.set(true)
                                    on:blur=move |_| held.set(false)
                                    on:click=move |_| {
                                        if untrack(repeatable) {
                                            run(check, step);
                                        }
                                    }
                                >
                                    {words.retry}
                                    <span class="visually-hidden">
                                        {(words.check_name)(check)}
                                    </span>
                                </button>
                                // An empty address is this visit's own: nothing is posted.
                                <a
                                    class="button quiet"
                                    href=""
                                    hidden=move || !step.with(Step::outdated)
                                >
                                    {words.reload}
                                </a>
                            </CheckLine>
                        }
                    })
                    .into_iter()
                    .collect_view()}
            </ul>
            <p
                class="not-yet"
                id="not-yet"
                class:nudged=move || nudged.get()
                hidden=move || outcome() == Outcome::Passed
            >
                {words.not_yet}
            </p>
            <div class="action-bar">
                {children()}
                <button
                    type="submit"
                    class="button primary"
                    hidden=move || !awake.get()
                    aria-disabled=move || {
                        (outcome() != Outcome::Passed || sent.get()).to_string()
                    }
                    aria-describedby=move || {
                        (outcome() != Outcome::Passed).then_some("not-yet")
                    }
                >
                    {move || if sent.get() { words.confirming } else { words.confirm }}
                </button>
            </div>
        </form>
    }
}

/// The change the form would send.
fn draft(form: &HtmlFormElement) -> Option<ChangeDraft> {
    let fields = FormData::new_with_form(form).ok()?;
    let field = |name| fields.get(name).as_string();
    Some(ChangeDraft {
        line_id: LineId(field("lineId")?),
        current_product_code: field("currentProductCode")?.parse().ok()?,
        target_product_code: field("targetProductCode")?.parse().ok()?,
    })
}
