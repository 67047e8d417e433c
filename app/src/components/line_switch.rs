//! Links to choose among the customer's lines.

use crate::{
    links::of_line,
    model::{Line, LineId},
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
) -> impl IntoView {
    (lines.len() > 1).then(|| {
        let everything = all.map(|label| {
            let here = current.is_none().then_some("true");
            view! { <li><a class="chip" href=path aria-current=here>{label}</a></li> }
        });
        let entries = lines
            .into_iter()
            .map(|line| {
                let here = (current.as_ref() == Some(&line.line_id)).then_some("true");
                let href = of_line(path, Some(&line.line_id));
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
