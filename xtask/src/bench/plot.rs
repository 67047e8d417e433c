//! Throughput as bars, one group per mode.

use super::{figures::Measured, mode::Mode};
use std::fmt::Write;

const WIDTH: f64 = 720.0;
const LABELS: f64 = 210.0;
const BAR: f64 = 22.0;
const GAP: f64 = 8.0;

/// An SVG that is legible on light and dark backgrounds.
pub fn of(measured: &[(Mode, Measured)]) -> String {
    let rows = |figures: &Measured| {
        let bars = figures.rows.iter().filter(|row| row.rate.is_none());
        bars.map(|row| (row.name.clone(), row.per_second))
            .collect::<Vec<_>>()
    };
    let groups: Vec<_> = measured
        .iter()
        .map(|(mode, figures)| (mode.name(), rows(figures)))
        .collect();
    let most = groups
        .iter()
        .flat_map(|(_, rows)| rows.iter().map(|(_, value)| *value))
        .fold(1.0, f64::max);
    let mut body = String::new();
    let mut y = 10.0;
    for (mode, rows) in &groups {
        y += BAR;
        text(
            &mut body,
            0.0,
            y - 6.0,
            &format!("{mode} mode, answers a second on one core"),
            "bold",
        );
        for (name, value) in rows {
            let length = (WIDTH - LABELS - 80.0) * value / most;
            let colour = if name.starts_with("bare") {
                "#8a94a6"
            } else {
                "#2b6cb0"
            };
            text(&mut body, 0.0, y + BAR * 0.7, name, "normal");
            let _ = writeln!(
                body,
                r#"<rect x="{LABELS}" y="{y}" width="{length:.1}" height="{BAR}" rx="3" fill="{colour}"/>"#
            );
            text(
                &mut body,
                LABELS + length + 8.0,
                y + BAR * 0.7,
                &format!("{value:.0}"),
                "normal",
            );
            y += BAR + GAP;
        }
        y += GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-10 0 {} {y}\" font-family=\"sans-serif\" \
         font-size=\"14\" role=\"img\" aria-label=\"Throughput beside its limits\">\n{body}</svg>\n",
        WIDTH + 20.0
    )
}

fn text(body: &mut String, x: f64, y: f64, words: &str, weight: &str) {
    // A grey with contrast to white and black.
    let _ = writeln!(
        body,
        r##"<text x="{x:.1}" y="{y:.1}" fill="#718096" font-weight="{weight}">{words}</text>"##
    );
}
