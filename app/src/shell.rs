//! The HTML document around every page.

use crate::{routes::App, text::Lang};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

/// The document. `options.output_name` names the script and the WASM.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    view! {
        <!DOCTYPE html>
        <html lang=Lang::default().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
