//! Leptos: the pages, and the server functions under `/rpc`.

use super::{
    Gateway,
    access::unauthenticated,
    assets, flash,
    language::{self, Language},
    problem_response::{TurnedAway, refuse, wants_page},
    request_id::RequestId,
    security_headers::{NO_STORE, PageNonce},
    session::Identity,
};
use crate::clock::{self, Clock};
use app::{
    App,
    in_language::InLanguage,
    model::{Principal, WATCHED_FOR},
    page_request::{Flash, Moment, PageProblem, PageRequest, Refused},
    pages::turned_away,
    problem::{Problem, ProblemCode},
    routes::is_page,
    shell,
    ssr::ServerContext,
    text::Lang,
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::{
    config::LeptosOptions,
    nonce::Nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list,
    render_app_async_with_context,
};
use std::sync::{Arc, OnceLock};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// The pages' paths. Built once: generating the list while pages are rendered can hang them.
fn route_list() -> Vec<AxumRouteListing> {
    static LIST: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    LIST.get_or_init(|| generate_route_list(App)).clone()
}

/// Pages, server functions, and the start page's redirect.
pub(super) fn router(gateway: &Gateway) -> Router {
    let options = assets::leptos_options();
    let context = {
        let gateway = gateway.clone();
        move || provide(&gateway)
    };
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let at_start = {
        let gateway = gateway.clone();
        move |request: Request| async move { start(&gateway, &request.into_parts().0) }
    };
    let not_found = render_app_async_with_context(context.clone(), document.clone());
    Router::<LeptosOptions>::new()
        .route("/", get(at_start))
        .leptos_routes_with_context(&options, route_list(), context, document)
        .fallback(move |request: Request| async move {
            if wants_page(request.uri().path(), request.headers()) {
                not_found(request).await
            } else {
                refuse(ProblemCode::NotFound)
            }
        })
        .with_state(options)
}

/// What the page of a problem needs of the request, kept in case one comes out.
pub(super) struct ProblemPage {
    again: Request,
    /// A refused login is shown on its own form, with what was entered.
    of_login: bool,
}

impl ProblemPage {
    /// For a browser that is navigating; programs get JSON.
    pub(super) fn wanted_by(request: &Request) -> Option<Self> {
        if !wants_page(request.uri().path(), request.headers()) {
            return None;
        }
        let mut again = Request::new(Body::empty());
        again.uri_mut().clone_from(request.uri());
        again.headers_mut().clone_from(request.headers());
        again.extensions_mut().clone_from(request.extensions());
        let of_login = request.method() == Method::POST && request.uri().path() == "/login";
        Some(Self { again, of_login })
    }

    /// The page if the response holds a problem, else the response.
    pub(super) async fn instead_of(self, gateway: &Gateway, response: Response) -> Response {
        let Self {
            mut again,
            of_login,
        } = self;
        let Some(problem) = response.extensions().get::<Problem>().cloned() else {
            return response;
        };
        if response.extensions().get::<TurnedAway>().is_some() {
            return at_the_door(&again, problem, response);
        }
        let retry_after = response.headers().get(header::RETRY_AFTER).cloned();
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        let cookies: Vec<_> = cookies.cloned().collect();
        let id = again.extensions().get::<RequestId>().cloned();
        let problem = problem.traced(&id.unwrap_or_default().0);
        if of_login {
            let entered = response.extensions().get().cloned();
            again
                .extensions_mut()
                .insert(Flash::Refused(Box::new(Refused {
                    problem,
                    entered: entered.unwrap_or_default(),
                    not_done: false,
                })));
        } else {
            again.extensions_mut().insert(problem);
        }
        if let Some(identity) = response.extensions().get::<Identity>() {
            again.extensions_mut().insert(identity.clone());
        }
        let options = assets::leptos_options();
        let gateway = gateway.clone();
        let render = render_app_async_with_context(
            move || provide(&gateway),
            move || shell(options.clone()),
        );
        let mut page = render(again).await;
        *page.status_mut() = response.status();
        page.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
        if let Some(value) = retry_after {
            page.headers_mut().insert(header::RETRY_AFTER, value);
        }
        // A renewed pair reaches the browser even if the request was refused.
        for cookie in cookies {
            page.headers_mut().append(header::SET_COOKIE, cookie);
        }
        page
    }
}

/// The refusal as a page that costs a small part of any other.
fn at_the_door(request: &Request, problem: Problem, mut response: Response) -> Response {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>().cloned().unwrap_or_default();
    let language = extensions.get::<Language>();
    let lang = language.map_or_else(Lang::default, |language| language.lang);
    let here = request.uri().path_and_query();
    let again = here.filter(|here| is_page(here.path()));
    let again = again.map_or("/", |here| here.as_str()).to_owned();
    let problem = problem.traced(&id.0).in_language(lang);
    let page = turned_away::document(lang, problem, again, assets::leptos_options());
    response.extensions_mut().remove::<Problem>();
    *response.body_mut() = Body::from(page);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HTML);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// Redirects `/` to the main page, or to the login, which says so if a session has ended.
fn start(gateway: &Gateway, parts: &Parts) -> Response {
    match parts.extensions.get() {
        Some(Identity::SignedIn(_)) => Redirect::to("/main").into_response(),
        Some(Identity::Refused(problem)) => unauthenticated(gateway, parts, problem.clone()),
        Some(Identity::Anonymous) | None => Redirect::to("/login").into_response(),
    }
}

/// Provides the context of pages and server functions, once per request, before rendering.
fn provide(gateway: &Gateway) {
    provide_context(assets::names());
    let Some(parts) = use_context::<Parts>() else {
        return;
    };
    let request_id = parts
        .extensions
        .get::<RequestId>()
        .cloned()
        .unwrap_or_default()
        .0;
    let principal = principal(&parts);
    let lang = language::of_parts(&parts).lang;
    if let Some(nonce) = parts.extensions.get::<PageNonce>() {
        provide_context(Nonce::from_value(nonce.0.clone()));
    }
    let options = use_context::<ResponseOptions>();
    let cookies = gateway.cookies();
    let flash = cookies
        .flash(&parts.headers)
        .and_then(|value| flash::decode(&value));
    if let (Some(_), Some(options), Some(forget)) = (&flash, &options, cookies.clear_flash()) {
        options.append_header(header::SET_COOKIE, forget);
    }
    let flash = parts
        .extensions
        .get::<Flash>()
        .cloned()
        .or(flash)
        .in_language(lang);
    if let Some(problem) = parts.extensions.get::<Problem>() {
        provide_context(PageProblem(problem.clone().in_language(lang)));
    }
    provide_context(PageRequest::new(
        lang,
        request_id,
        principal.as_ref().map(|principal| principal.user.clone()),
        moment(&gateway.clock),
        flash,
        gateway.ids.uuid(),
        move |status| {
            if let (Some(options), Ok(status)) = (&options, StatusCode::from_u16(status)) {
                options.set_status(status);
            }
        },
    ));
    provide_context(ServerContext {
        auth: gateway.auth.clone(),
        bill: gateway.bill.clone(),
        product: gateway.product.clone(),
        lang,
        principal,
    });
}

fn moment(clock: &Clock) -> Moment {
    Moment {
        current_month: clock.current_month(),
        watched_since: clock::kst(clock.now_ms() - clock::millis(WATCHED_FOR)),
    }
}

fn principal(parts: &Parts) -> Option<Arc<Principal>> {
    match parts.extensions.get::<Identity>() {
        Some(Identity::SignedIn(principal)) => Some(principal.clone()),
        _ => None,
    }
}
