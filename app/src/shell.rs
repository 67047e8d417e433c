//! The HTML document around every page.

use crate::{page_request::language, routes::App, text::frame::Frame};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};
use std::{collections::BTreeMap, sync::Arc};

/// The content-hashed names under which a release serves files of `style/assets`. A font must be
/// preloaded by the name the style sheet uses.
#[derive(Clone, Debug, Default)]
pub struct AssetNames(pub Arc<BTreeMap<String, String>>);

impl AssetNames {
    /// The URL of a file; its own path if it keeps its name.
    fn url(&self, path: &str) -> String {
        format!("/{}", self.0.get(path).map_or(path, String::as_str))
    }
}

/// Leaving a page before its view transition begins is no error, but browsers report it as one.
const QUIET_TRANSITIONS: &str = "for(const name of ['pageswap','pagereveal'])\
addEventListener(name,event=>event.viewTransition?.ready.catch(()=>{}))";

/// Islands wait for an idle moment, which a busy phone need not have: for half a second at most.
const SOON: &str = "const idle=self.requestIdleCallback;\
if(idle)self.requestIdleCallback=(run,options)=>idle.call(self,run,{timeout:500,...options})";

/// The document. `options.output_name` names the style sheet, the script and the WASM.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    let lang = language();
    let assets = use_context::<AssetNames>().unwrap_or_default();
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
                    href=assets.url("fonts/phonebill-ui-first.woff2")
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin=""
                />
                <HashedStylesheet options=options.clone() id="leptos"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script nonce=use_nonce()>{QUIET_TRANSITIONS}</script>
                <script nonce=use_nonce()>{SOON}</script>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_asset_is_asked_for_by_its_new_name() {
        let renamed = ("fonts/a.woff2".to_owned(), "fonts/a.1f.woff2".to_owned());
        let names = AssetNames(Arc::new(BTreeMap::from([renamed])));
        assert_eq!(names.url("fonts/a.woff2"), "/fonts/a.1f.woff2");
        assert_eq!(names.url("favicon.svg"), "/favicon.svg");
    }
}
