//! The HTML document around every page.

use crate::{
    routes::App,
    text::{Lang, frame::Frame},
};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};

/// The document. `options.output_name` names the style sheet, the script and the WASM.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let lang = Lang::default();
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="description" content=Frame::of(lang).description/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f6f7fb"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0e1320"/>
                <meta name="format-detection" content="telephone=no"/>
                <link
                    rel="preload"
                    href="/fonts/phonebill-ui-first.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin=""
                />
                <HashedStylesheet options=options.clone() id="leptos"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
