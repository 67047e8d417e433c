//! Links to choose among the customer's lines.

use crate::{
    links::address,
    model::{BillingMonth, Line, LineId},
};
use leptos::prelude::*;

/// The lines as links; `None` stands for all of them. Renders nothing if there is no choice.
#[component]
pub fn LineSwitch(
    lines: Vec<Line>,
    /// The line shown.
    current: Option<LineId>,
    #[prop(into)] label: String,
    /// The label of the entry for all lines, if there is one.
    #[prop(optional)]
    all: Option<&'static str>,
    /// The path of the page.
    path: &'static str,
    /// Kept in the links of a page about one month.
    #[prop(optional_no_strip)]
    month: Option<BillingMonth>,
) -> impl IntoView {
    let month = month.map(|month| month.to_string());
    (lines.len() > 1).then(|| {
        let everything = all.map(|label| {
            let here = current.is_none().then_some("true");
            view! { <li><a class="chip" href=path aria-current=here>{label}</a></li> }
        });
        let entries = lines
            .into_iter()
            .map(|line| {
                let here = (current.as_ref() == Some(&line.line_id)).then_some("true");
                let named = [
                    ("line", Some(line.line_id.0.as_str())),
                    ("month", month.as_deref()),
                ];
                let href = address(path, named);
                view! {
                    <li>
                        <a class="chip" href=href aria-current=here>{line.line_number.dashed()}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <nav aria-label=label>
                <ul class="chips">{everything} {entries}</ul>
            </nav>
        }
    })
}
