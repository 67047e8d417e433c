//! SCR-007: what changes, the three checks, and the form that asks for the change.
//!
//! A visit has one idempotency key, kept in the address: reloading or coming back sends the same
//! key again, and a new visit from SCR-006 gets a new one.

mod confirm;
mod from_to;

use confirm::{Fields, Hidden, MadeChecks};
use from_to::FromTo;

use crate::{
    api,
    components::{
        button::{ButtonLink, Look},
        empty::Empty,
        icon::{Icon, glyph},
        layout::{Crumb, Screen},
        load::load,
        notices::Notices,
        problem::ProblemBanner,
    },
    islands::live_checks::LiveChecks,
    links::line_asked_for,
    model::{
        ChangeDraft, ChangeOptions, CheckResult, CheckType, IdempotencyKey, LineId, PreCheck,
        ProductCode, Verdict,
    },
    page_request::{PageRequest, Refused, with_page},
    plan_filter::PlanFilter,
    problem::{Problem, ProblemCode},
    product_links,
    text::{
        Lang, problem as problem_words, product_change, product_menu,
        product_request::ProductRequest as Words,
    },
};
use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};
use leptos_router::{components::Redirect, hooks::use_query_map};

/// The page.
#[component]
pub fn ProductRequest() -> impl IntoView {
    with_page(screen)
}

/// What the address says of the visit.
#[derive(Clone)]
struct Visit {
    lang: Lang,
    line: Option<LineId>,
    from: Option<ProductCode>,
    to: ProductCode,
    key: String,
    /// The server makes the checks, for whoever has no script.
    checked: bool,
}

fn screen(page: PageRequest) -> impl IntoView {
    let words = Words::of(page.lang);
    let query = use_query_map().get_untracked();
    let line = line_asked_for();
    let code = |name| query.get_str(name).and_then(|code| code.parse().ok());
    let key = query
        .get_str("key")
        .filter(|key| key.parse::<IdempotencyKey>().is_ok());
    let to = code("to");
    let trail = Some(trail(&page, to.as_ref()));
    let Some(to) = to else {
        page.set_status(400);
        let again = product_links::change_line(line.as_ref(), None);
        return EitherOf3::A(view! {
            <Screen page title=words.title trail>
                <Empty title=words.nothing_chosen text=words.choose_first>
                    <ButtonLink href=again label=words.to_choice look=Look::Primary/>
                </Empty>
            </Screen>
        });
    };
    let from = code("from");
    // What the last post left is shown once, so it must not be lost to a redirect.
    if key.is_none() && page.refused.is_none() {
        let fresh = Some(page.idempotency_key.as_str());
        let path = product_links::request(line.as_ref(), from.as_ref(), &to, fresh, false);
        return EitherOf3::B(view! { <Redirect path/> });
    }
    let visit = Visit {
        lang: page.lang,
        key: key.unwrap_or(&page.idempotency_key).to_owned(),
        checked: query.get_str("checked").is_some(),
        line,
        from,
        to,
    };
    let left = page
        .refused
        .clone()
        .map(|refused| view! { <Left lang=page.lang refused line=visit.line.clone()/> });
    let body = load(
        words.failure,
        facts(visit.clone()),
        move |(options, checks)| {
            view! { <Request visit options checks/> }
        },
    );
    EitherOf3::C(view! { <Screen page title=words.title trail>{left} {body}</Screen> })
}

fn trail(page: &PageRequest, to: Option<&ProductCode>) -> Vec<Crumb> {
    let line = page.line_to_keep();
    vec![
        Crumb::new(
            product_menu::ProductMenu::of(page.lang).title,
            product_links::menu(line.as_ref()),
        ),
        Crumb::new(
            product_change::ProductChange::of(page.lang).title,
            product_links::change_line(line.as_ref(), to),
        ),
    ]
}

type Checks = Option<Result<PreCheck, Problem>>;

/// The plans, and the checks where the server is to make them.
async fn facts(visit: Visit) -> Result<(ChangeOptions, Checks), Problem> {
    let options = api::product::options(visit.line).await;
    let options = options.map_err(as_failed_check)?;
    let current = &options.current_product.code;
    if visit.from.as_ref().is_some_and(|from| from != current) {
        return Err(Problem::of(ProblemCode::CurrentProductChanged));
    }
    let checks = if visit.checked {
        let draft = ChangeDraft {
            line_id: options.line.line_id.clone(),
            current_product_code: current.clone(),
            target_product_code: visit.to,
        };
        Some(api::product::check(draft).await)
    } else {
        None
    };
    Ok((options, checks))
}

/// Of a line that is not in use KOS may tell nothing else. What else is said then is that it cannot
/// be looked up; here it is the check of the line that fails.
fn as_failed_check(problem: Problem) -> Problem {
    if problem.code() != ProblemCode::LineInactive {
        return problem;
    }
    let (check, result) = (CheckType::LineInUse, Verdict::Fail);
    let message = problem_words::check(Lang::default(), check, result).to_owned();
    Problem::of(ProblemCode::PrecheckFailed)
        .with_checks(vec![CheckResult {
            check,
            result,
            message,
        }])
        .traced(&problem.trace_id)
}

/// What the last post left: the problem, and where to go from it.
#[component]
fn Left(lang: Lang, refused: Refused, line: Option<LineId>) -> impl IntoView {
    let words = Words::of(lang);
    let reasons = refused.problem.reasons();
    let reasons = reasons.into_iter().map(|text| view! { <li>{text}</li> });
    let reasons = reasons.collect_view();
    let running =
        refused.problem.request_id.as_ref().map(
            |id| view! { <a href=product_links::result(id, line.as_ref())>{words.to_result}</a> },
        );
    view! {
        <ProblemBanner problem=refused.problem>
            <ul>{reasons}</ul>
            {running}
        </ProblemBanner>
    }
    .into_any()
}

#[component]
fn Request(visit: Visit, options: ChangeOptions, checks: Checks) -> impl IntoView {
    let words = Words::of(visit.lang);
    let number = options.line.line_number;
    let line = options.line.line_id;
    let current = options.current_product;
    let choose = product_links::change(&line, &PlanFilter::default(), Some(&visit.to));
    if visit.to == current.code {
        return view! {
            <section class="problem-panel">
                <Icon glyph=glyph::INFO/>
                <h2>{words.same_product}</h2>
                <div class="actions">
                    <ButtonLink href=choose label=words.to_choice look=Look::Primary/>
                </div>
            </section>
        }
        .into_any();
    }
    let target = options
        .products
        .into_iter()
        .map(|option| option.product)
        .find(|product| product.code == visit.to);
    let fields = Fields {
        line: line.0.clone(),
        from: current.code.to_string(),
        to: visit.to.to_string(),
        key: visit.key.clone(),
    };
    let checked = product_links::request(
        Some(&line),
        Some(&current.code),
        &visit.to,
        Some(&visit.key),
        true,
    );
    let checks = if let Some(result) = checks {
        Either::Left(view! { <MadeChecks lang=visit.lang fields choose again=checked result/> })
    } else {
        Either::Right(view! {
            <LiveChecks>
                <Hidden fields/>
                <ButtonLink href=choose label=words.previous/>
                <a class="button primary before-waking" href=checked>{words.start}</a>
            </LiveChecks>
        })
    };
    view! {
        <div class="columns">
            <div class="column">
                <FromTo lang=visit.lang number current to=visit.to target/>
                <Notices title=words.notices_title items=words.notices/>
            </div>
            <div class="column">
                <section class="card">
                    <h2 class="card-title">{words.checks}</h2>
                    {checks}
                </section>
            </div>
        </div>
    }
    .into_any()
}
