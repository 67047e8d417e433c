//! Six months as bars, drawn on the server, with the same numbers in a table.

use crate::{
    bill_links,
    components::{
        icon::{Icon, glyph},
        money::Money,
    },
    model::{BillingMonth, LineId, MonthTotal, TrendTotal, Won},
    text::{self, Lang, bill_result::BillResult as Words},
};
use leptos::prelude::*;

/// The drawing's own units.
const WIDTH: i64 = 288;
const HEIGHT: i64 = 148;
const TOP: i64 = 24;
const FLOOR: i64 = 120;
const BAR: i64 = 30;

/// `trend` is newest first; the drawing runs from old to new.
#[component]
pub(super) fn TrendCard(
    trend: Vec<MonthTotal>,
    /// The month shown.
    month: BillingMonth,
    line: LineId,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let totals = || {
        let known = |point: &MonthTotal| Some((point.total.won()?, point.month));
        trend.iter().filter_map(known)
    };
    let (Some(highest), Some(lowest)) = (totals().max(), totals().min()) else {
        return ().into_any();
    };
    let description = (words.trend.description)(
        &text::month(lang, highest.1),
        highest.0,
        &text::month(lang, lowest.1),
        lowest.0,
    );
    let step = WIDTH / i64::try_from(trend.len()).unwrap_or(1).max(1);
    let bars = trend
        .iter()
        .rev()
        .zip(0_i64..)
        .map(|(point, index)| {
            let middle = index * step + step / 2;
            view! { <Bar point=*point middle highest=highest.0 shown=point.month == month words/> }
        })
        .collect_view();
    let is_stale = |point: &MonthTotal| matches!(point.total, TrendTotal::Stale(_));
    let stale = trend.iter().any(is_stale).then(|| {
        view! {
            <p class="stale"><Icon glyph=glyph::TRIANGLE_ALERT/> {words.trend.some_stale}</p>
        }
    });
    let is_late = |point: &MonthTotal| point.total == TrendTotal::NotNow;
    let not_now = trend.iter().any(is_late).then(|| {
        let again = bill_links::result(&line, month);
        view! {
            <div class="stale">
                <Icon glyph=glyph::CLOCK/>
                <p>{words.trend.some_not_now} " " <a href=again>{words.trend.load_again}</a></p>
            </div>
        }
    });
    view! {
        <section class="card trend">
            <h2 class="card-title">{words.trend.title}</h2>
            <svg role="img" aria-label=description viewBox=format!("0 0 {WIDTH} {HEIGHT}")>
                <line class="floor" x1="0" x2=WIDTH y1=FLOOR y2=FLOOR/>
                {bars}
            </svg>
            {stale} {not_now}
            <details>
                <summary><Icon glyph=glyph::CHEVRON_DOWN/> {words.trend.table}</summary>
                <Numbers trend line month lang words/>
            </details>
        </section>
    }
    .into_any()
}

#[component]
fn Bar(
    point: MonthTotal,
    middle: i64,
    highest: Won,
    /// Whether it is the month shown.
    shown: bool,
    words: &'static Words,
) -> impl IntoView {
    let class = if shown { "bar shown" } else { "bar" };
    let height = point.total.won().map(|total| {
        let span = (FLOOR - TOP).saturating_mul(total.0.max(0));
        (span / highest.0.max(1)).max(2)
    });
    let top = FLOOR - height.unwrap_or(2);
    let label = point
        .total
        .won()
        .map_or_else(|| "–".to_owned(), Won::digits);
    view! {
        <g class=class>
            {height
                .map(|height| {
                    view! {
                        <rect x=middle - BAR / 2 y=top width=BAR height=height rx="6"></rect>
                    }
                })}
            <text class="amount" x=middle y=top - 7>{label}</text>
            <text class="month" x=middle y=HEIGHT - 8>{(words.trend.short_month)(point.month)}</text>
        </g>
    }
    .into_any()
}

#[component]
fn Numbers(
    trend: Vec<MonthTotal>,
    line: LineId,
    month: BillingMonth,
    lang: Lang,
    words: &'static Words,
) -> impl IntoView {
    let rows = trend
        .into_iter()
        .map(|point| {
            let here = (point.month == month).then_some("true");
            let href = bill_links::result(&line, point.month);
            let absent = |text| view! { <span class="absent">{text}</span> }.into_any();
            let amount = match point.total {
                TrendTotal::Known(won) => view! { <Money won/> }.into_any(),
                TrendTotal::Stale(won) => {
                    view! { <small>{words.trend.stale}</small> " " <Money won/> }.into_any()
                }
                TrendTotal::Absent => absent(words.trend.missing),
                TrendTotal::NotNow => absent(words.trend.not_now),
            };
            view! {
                <tr aria-current=here>
                    <th scope="row"><a href=href>{text::month(lang, point.month)}</a></th>
                    <td>{amount}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{words.trend.month}</th>
                    <th scope="col">{words.trend.total}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
