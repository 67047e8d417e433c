//! `/api/docs`: Swagger UI over the OpenAPI document, from our own files.
//!
//! Until its script runs, and where none does, the page shows the document as rendered here.

use leptos::prelude::*;
use serde_json::{Map, Value};

/// Stands where the nonce of a response goes.
const NONCE: &str = "@nonce@";

/// Nothing of Swagger's own servers (its validator), and no arguments from the address.
const OPEN: &str = "SwaggerUIBundle({url:'/api/openapi.json',dom_id:'#swagger-ui',\
                    deepLinking:true,validatorUrl:null,queryConfigEnabled:false})";

/// The page, but for the nonce of its scripts.
#[derive(Clone)]
pub(super) struct DocsPage(std::sync::Arc<str>);

impl DocsPage {
    /// The page for that document.
    pub(super) fn of(document: &Value) -> Self {
        Self(page(document).into())
    }

    pub(super) fn with_nonce(&self, nonce: &str) -> String {
        self.0.replace(NONCE, nonce)
    }
}

fn page(document: &Value) -> String {
    let title = text(&document["info"]["title"]);
    let about = text(&document["info"]["description"]);
    let groups = list(&document["tags"])
        .map(|tag| group(document, tag))
        .collect_view();
    let schemas = fields(&document["components"]["schemas"])
        .map(|(name, schema)| shape(name.clone(), schema))
        .collect_view();
    let page = view! {
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light"/>
                <title>{format!("{title} API")}</title>
                <link rel="stylesheet" href="/docs/swagger-ui.css"/>
                <link rel="stylesheet" href="/docs/api-docs.css"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
            </head>
            <body>
                <div id="swagger-ui">
                    <main>
                        <h1>{format!("{title} API")}</h1>
                        <p>{about}</p>
                        <p><a href="/api/openapi.json">"OpenAPI 3.1 document"</a></p>
                        {groups}
                        <h2>"Schemas"</h2>
                        {schemas}
                    </main>
                </div>
                <script nonce=NONCE src="/docs/swagger-ui-bundle.js"></script>
                <script nonce=NONCE>{OPEN}</script>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}

/// The operations of one tag.
fn group(document: &Value, tag: &Value) -> impl IntoView {
    let name = text(&tag["name"]);
    let operations = fields(&document["paths"])
        .flat_map(|(path, item)| fields(item).map(move |(method, it)| (path, method, it)))
        .filter(|(_, _, it)| list(&it["tags"]).any(|tag| text(tag) == name))
        .map(|(path, method, it)| operation(format!("{} {path}", method.to_uppercase()), it))
        .collect_view();
    view! {
        <h2>{text(&tag["description"])}</h2>
        {operations}
    }
}

fn operation(name: String, it: &Value) -> impl IntoView {
    let parameters = list(&it["parameters"])
        .map(|parameter| {
            let required = if parameter["required"] == true {
                "required"
            } else {
                "optional"
            };
            let place = text(&parameter["in"]);
            let about = text(&parameter["description"]);
            view! {
                <li>
                    <code>{text(&parameter["name"])}</code>
                    {format!(" ({place}, {required}) {about}")}
                </li>
            }
        })
        .collect_view();
    let body = references(&it["requestBody"]);
    let body = (!body.is_empty()).then(|| view! { <p>"Body: " <code>{body}</code></p> });
    let responses = fields(&it["responses"])
        .map(|(status, response)| {
            let about = text(&response["description"]);
            view! {
                <li>
                    <code>{status.clone()}</code>
                    {format!(" {about} ")}
                    <code>{references(response)}</code>
                </li>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary><code>{name}</code></summary>
            <p>{text(&it["summary"])}</p>
            {body}
            <ul>{parameters}</ul>
            <ul>{responses}</ul>
        </details>
    }
}

fn shape(name: String, schema: &Value) -> impl IntoView {
    let json = serde_json::to_string_pretty(schema).unwrap_or_default();
    view! {
        <details>
            <summary><code>{name}</code></summary>
            <pre>{json}</pre>
        </details>
    }
}

/// The schemas that a part of the document refers to.
fn references(part: &Value) -> String {
    let json = part.to_string();
    let names = json.split("#/components/schemas/").skip(1);
    let mut names: Vec<_> = names.filter_map(|rest| rest.split('"').next()).collect();
    names.dedup();
    names.join(", ")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
