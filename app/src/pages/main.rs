//! SCR-002: the main screen.

use crate::{
    api, bill_links,
    bill_story::story_if_comparable,
    components::{
        bill_age::BillAge,
        button::ButtonLink,
        card::Card,
        empty::Empty,
        facts::{Fact, Facts},
        gauge::Gauge,
        icon::{Glyph, Icon, glyph},
        layout::Screen,
        line_state::LineState,
        line_switch::LineSwitch,
        load::load_part,
        money::{Delta, Money},
        open_change::OpenChange,
    },
    links::{line_asked_for, of_line},
    model::{Bill, LineId, Payment, PaymentStatus, Permission},
    page_request::{PageRequest, with_page},
    problem::{Problem, ProblemCode},
    routes::may_visit,
    text::{self, Lang, bill_result::BillResult, frame::Frame, main::Main as Words},
};
use leptos::prelude::*;

/// Greeting, this month at a glance, and the services the customer may use.
#[component]
pub fn Main() -> impl IntoView {
    with_page(|page| {
        let lang = page.lang;
        let words = Words::of(lang);
        let name = page.user.as_ref().map(|user| user.user_name.clone());
        let name = name.unwrap_or_default();
        let (lines, line) = page.lines(line_asked_for().as_ref());
        let one_line = (lines.len() == 1)
            .then(|| lines.first().map(|line| line.line_number.dashed()))
            .flatten();
        let this_month = page
            .may(Permission::BillInquiry)
            .then(|| view! { <ThisMonth line=line.clone() lang words/> });
        let plan = page
            .may(Permission::ProductChange)
            .then(|| view! { <CurrentPlan line=line.clone() lang words/> });
        let open = page
            .may(Permission::ProductChange)
            .then(|| view! { <OpenChange lang line=line.clone()/> });
        view! {
            <Screen page=page.clone() title=(words.greeting)(&name) name=words.title trail=None>
                {one_line.map(|number| {
                    view! { <p class="line"><Icon glyph=glyph::SMARTPHONE/> {number}</p> }
                })}
                <LineSwitch lines current=line.clone() label=words.lines path="/main"/>
                {open}
                <div class="home-grid">
                    {this_month} {plan} <Services page line words/>
                </div>
            </Screen>
        }
    })
}

/// This month's bill, if there is one already, and the last one if KOS returns it soon.
async fn this_month(line: Option<LineId>) -> Result<Option<(Bill, Option<Bill>)>, Problem> {
    let (bill, earlier) = futures::join!(
        api::bill::glance(line.clone(), None),
        api::bill::previous_bill(line),
    );
    match bill {
        Ok(bill) => Ok(Some((bill, earlier.ok().flatten()))),
        Err(problem) if problem.code() == ProblemCode::BillNotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// When to pay and whether it is paid, as far as KOS tells; an overdue bill has its warning.
fn to_pay(payment: &Payment, lang: Lang) -> Option<String> {
    let words = &BillResult::of(lang).terms;
    if payment.status == Some(PaymentStatus::Overdue) {
        return None;
    }
    let paid = payment.status == Some(PaymentStatus::Paid);
    let due = payment.due_date.as_ref().filter(|_| !paid);
    let due = due.map(|day| format!("{} {}", words.due_date, text::date(lang, day)));
    let status = payment.status.map(|status| (words.payment_status)(status));
    let told: Vec<_> = [due, status.map(str::to_owned)]
        .into_iter()
        .flatten()
        .collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

/// The warning about a bill that is overdue.
#[component]
fn Overdue(bill: Bill, lang: Lang, words: &'static Words) -> impl IntoView {
    let status = bill.payment.as_ref().and_then(|payment| payment.status);
    (status == Some(PaymentStatus::Overdue)).then(|| {
        let href = bill_links::result(&bill.line_id, bill.month);
        let text = (words.overdue)(&text::month(lang, bill.month));
        view! { <p class="caution">{text} " " <a href=href>{words.details}</a></p> }
    })
}

#[component]
fn ThisMonth(line: Option<LineId>, lang: Lang, words: &'static Words) -> impl IntoView {
    let frame = Frame::of(lang);
    let earlier_months = bill_links::menu(line.as_ref());
    view! {
        <Card title=words.this_month glyph=glyph::RECEIPT_TEXT>
            {load_part(
                this_month(line),
                move |found| {
                    let Some((bill, earlier)) = found else {
                        return view! {
                            <p>{words.no_bill_yet}</p>
                            <ButtonLink href=earlier_months label=words.other_months/>
                        }
                            .into_any();
                    };
                    let delta = earlier
                        .as_ref()
                        .and_then(|earlier| story_if_comparable(earlier, &bill))
                        .map(|story| story.delta)
                        .map(|won| view! { <Delta won text=frame.previous_month.said(won)/> });
                    let overdue = [earlier, Some(bill.clone())].into_iter().flatten();
                    let overdue = overdue
                        .map(|bill| view! { <Overdue bill lang words/> })
                        .collect_view();
                    let usage = bill.usage.data.as_ref().map(|data| (data.used_mb, data.allowance_mb));
                    let usage_words = &BillResult::of(lang).usage;
                    let details = bill_links::result(&bill.line_id, bill.month);
                    let to_pay = bill.payment.as_ref().and_then(|payment| to_pay(payment, lang));
                    view! {
                        <p class="hint">
                            {text::month(lang, bill.month)} " · "
                            <span lang=lang.of_kos()>{bill.product.name}</span>
                        </p>
                        <p class="total"><Money won=bill.total/></p>
                        {to_pay.map(|text| view! { <p class="hint">{text}</p> })}
                        {delta.map(|delta| view! { <p>{delta}</p> })}
                        <Gauge
                            name=usage_words.data
                            glyph=glyph::SIGNAL
                            usage
                            quantity=text::quantity::data
                            lang
                            words=usage_words
                        />
                        <BillAge freshness=bill.freshness lang/>
                        {overdue}
                        <ButtonLink href=details label=words.details/>
                    }
                        .into_any()
                },
            )}
        </Card>
    }
    .into_any()
}

#[component]
fn CurrentPlan(line: Option<LineId>, lang: Lang, words: &'static Words) -> impl IntoView {
    view! {
        <Card title=words.current_product glyph=glyph::SMARTPHONE>
            {load_part(
                api::product::menu(line),
                move |menu| {
                    view! {
                        <p class="plan-name">
                            <span lang=lang.of_kos()>{menu.current_product.name}</span> " "
                            <LineState lang status=menu.line.status/>
                        </p>
                        <Facts>
                            <Fact name=words.monthly_fee>
                                <Money won=menu.current_product.monthly_fee/>
                            </Fact>
                        </Facts>
                    }
                },
            )}
        </Card>
    }
    .into_any()
}

#[component]
fn Services(page: PageRequest, line: Option<LineId>, words: &'static Words) -> impl IntoView {
    let frame = Frame::of(page.lang);
    let services: [(&str, &str, &str, Glyph); 2] = [
        (
            "/bill/menu",
            frame.bill,
            words.bill_text,
            glyph::RECEIPT_TEXT,
        ),
        (
            "/product/menu",
            frame.product,
            words.product_text,
            glyph::ARROW_LEFT_RIGHT,
        ),
    ];
    let cards = services
        .into_iter()
        .filter(|(path, ..)| may_visit(&page, path))
        .map(|(path, label, text, glyph)| {
            let href = of_line(path, line.as_ref());
            view! {
                <li>
                    <a class="card service" href=href>
                        <Icon glyph/>
                        <span>
                            <strong>{label}</strong>
                            <span class="hint">{text}</span>
                        </span>
                        <Icon glyph=glyph::CHEVRON_RIGHT/>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    // As in the bar: the histories are of the chosen line, or else of all.
    let kept = page.line_to_keep();
    let more = [
        ("/bill/history", frame.bill_history, glyph::HISTORY),
        ("/product/history", frame.product_history, glyph::HISTORY),
        ("/account/sessions", frame.sessions, glyph::MONITOR),
    ]
    .into_iter()
    .filter(|(path, ..)| may_visit(&page, path))
    .map(|(path, label, glyph)| {
        let href = of_line(path, kept.as_ref());
        view! {
            <li>
                <a href=href><Icon glyph/> {label} <Icon glyph=glyph::CHEVRON_RIGHT/></a>
            </li>
        }
    })
    .collect_view();
    let cards = if cards.is_empty() {
        view! {
            <Empty title=words.no_service text=words.no_service_text glyph=glyph::LOCK>
                <ButtonLink
                    href=frame.help_link()
                    label=frame.help_phone
                    glyph=glyph::PHONE
                />
            </Empty>
        }
        .into_any()
    } else {
        view! { <ul class="service-list">{cards}</ul> }.into_any()
    };
    view! {
        <section class="services">
            <h2 class="visually-hidden">{words.services}</h2>
            {cards}
            <ul class="more-links" aria-label=words.more>{more}</ul>
        </section>
    }
    .into_any()
}
