//! Who may use which route: one table, enforced in one place. A route without a row is refused.

use super::{
    Gateway, flash,
    own_path::own_path,
    problem_response::{answer, refuse, wants_page},
    request_id::RequestId,
    session::Identity,
};
use app::{
    links::address,
    model::Permission,
    page_request::{Entered, Flash, Refused},
    problem::{Problem, ProblemCode},
    routes::{self, Access, PAGES},
};
use axum::{
    extract::{MatchedPath, Query},
    response::{IntoResponse, Redirect, Response},
};
use http::{Method, StatusCode, request::Parts};
use serde::Deserialize;
use std::{collections::HashMap, sync::LazyLock};

/// The rows that are neither pages nor REST: method, route template, who.
const ROUTES: &[(&str, &str, Access)] = &[
    ("GET", "/", Access::Public),
    ("POST", "/login", Access::Public),
    ("POST", "/logout", Access::Public),
    ("POST", "/lang", Access::Public),
    ("POST", "/account/sessions/{id}/end", Access::SignedIn),
    ("POST", "/account/sessions/end-others", Access::SignedIn),
    ("POST", "/product/request", PRODUCT),
    ("POST", "/rpc/auth/sessions", Access::SignedIn),
    ("POST", "/rpc/bill/menu", BILL),
    ("POST", "/rpc/bill/inquire", BILL),
    ("POST", "/rpc/bill/glance", BILL),
    ("POST", "/rpc/bill/before", BILL),
    ("POST", "/rpc/bill/recent", BILL),
    ("POST", "/rpc/bill/compare", BILL),
    ("POST", "/rpc/bill/history", BILL),
    ("POST", "/rpc/product/menu", PRODUCT),
    ("POST", "/rpc/product/options", PRODUCT),
    ("POST", "/rpc/product/fee", PRODUCT),
    ("POST", "/rpc/product/check", PRODUCT),
    ("POST", "/rpc/product/check_one", PRODUCT),
    ("POST", "/rpc/product/open_change", PRODUCT),
    ("POST", "/rpc/product/use_of_key", PRODUCT),
    ("POST", "/rpc/product/status", PRODUCT),
    ("POST", "/rpc/product/history", PRODUCT),
];

const BILL: Access = Access::Permitted(Permission::BillInquiry);
const PRODUCT: Access = Access::Permitted(Permission::ProductChange);

/// Every row of the table, pages and REST included.
pub fn table() -> impl Iterator<Item = (&'static str, &'static str, Access)> {
    let pages = PAGES.iter().map(|(path, access)| ("GET", *path, *access));
    let api = super::api::ROUTES
        .iter()
        .map(|route| (route.method, route.path, route.access));
    pages.chain(ROUTES.iter().copied()).chain(api)
}

/// The table by template; each request looks it up once.
static BY_TEMPLATE: LazyLock<HashMap<&str, Vec<(&str, Access)>>> = LazyLock::new(|| {
    let mut rows: HashMap<_, Vec<_>> = HashMap::new();
    for (method, template, access) in table() {
        rows.entry(template).or_default().push((method, access));
    }
    rows
});

/// The value of `Allow` for a route; those without a row are read only.
pub(super) fn allowed(template: Option<&MatchedPath>) -> String {
    let rows = template.and_then(|template| BY_TEMPLATE.get(template.as_str()));
    let mut methods: Vec<&str> = rows.map_or(vec!["GET"], |rows| {
        rows.iter().map(|(method, _)| *method).collect()
    });
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.join(", ")
}

/// Who may use the route; `None` when its path has no row for the method.
fn required(rows: &[(&str, Access)], method: &Method) -> Option<Access> {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    rows.iter()
        .find(|(row_method, _)| *row_method == method.as_str())
        .map(|(_, access)| *access)
}

/// Admits the request, or answers why not.
pub(super) fn enforce(gateway: &Gateway, parts: &Parts) -> Result<(), Response> {
    let Some(template) = parts.extensions.get::<MatchedPath>() else {
        // No route matched: the fallback answers 404 to anybody.
        return Ok(());
    };
    let route = template.as_str();
    let Some(rows) = BY_TEMPLATE.get(route) else {
        tracing::error!(route, "a route has no row in the access table");
        return Err(refuse(ProblemCode::NotFound));
    };
    let Some(access) = required(rows, &parts.method) else {
        // The router answers 405.
        return Ok(());
    };
    let permission = match access {
        Access::Public => return Ok(()),
        Access::SignedOut => return redirect_if_signed_in(gateway, parts),
        Access::SignedIn => None,
        Access::Permitted(permission) => Some(permission),
    };
    let refused = match parts.extensions.get::<Identity>() {
        Some(Identity::SignedIn(principal)) => {
            let denied = permission.filter(|permission| !principal.user.may(*permission));
            let Some(permission) = denied.map(Permission::as_str) else {
                return Ok(());
            };
            tracing::info!(route, permission, "permission denied");
            return Err(refuse(ProblemCode::PermissionDenied));
        }
        Some(Identity::Refused(problem)) => problem.clone(),
        Some(Identity::Anonymous) | None => Problem::of(ProblemCode::TokenMissing),
    };
    Err(unauthenticated(gateway, parts, refused))
}

/// The login page's query.
#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

/// Redirects a signed-in user past the login page. If the session has ended, the cookies are cleared
/// and the page says so. A flash that is waiting, of a refused login, is shown first.
fn redirect_if_signed_in(gateway: &Gateway, parts: &Parts) -> Result<(), Response> {
    let left = gateway.cookies().flash(&parts.headers);
    if left.is_some_and(|left| flash::decode(&left).is_some()) {
        return Ok(());
    }
    let wanted = Query::<Wanted>::try_from_uri(&parts.uri).ok();
    let next = wanted.and_then(|Query(wanted)| wanted.next);
    let next = own_path(next.as_deref());
    match parts.extensions.get() {
        Some(Identity::SignedIn(_)) => Err(Redirect::to(next).into_response()),
        Some(Identity::Refused(problem)) if is_signed_out(problem) => {
            Err(to_login(gateway, parts, problem.clone(), next))
        }
        _ => Ok(()),
    }
}

/// Sends a browser to the login page, with the reason and the way back; a program gets the problem. So
/// does a browser whose session could not be checked: it may well be valid, and is kept.
pub(super) fn unauthenticated(gateway: &Gateway, parts: &Parts, problem: Problem) -> Response {
    if !is_signed_out(&problem) || !wants_page(parts.uri.path(), &parts.headers) {
        return answer(problem);
    }
    // A form may post to the address of its page; the way back is that page.
    let next = match parts.uri.path_and_query() {
        Some(target) if routes::is_page(target.path()) => target.as_str(),
        _ => "/main",
    };
    to_login(gateway, parts, problem, next)
}

fn is_signed_out(problem: &Problem) -> bool {
    problem.status() == StatusCode::UNAUTHORIZED.as_u16()
}

/// The redirect to the login page, with the reason and the way back; it clears the session.
fn to_login(gateway: &Gateway, parts: &Parts, problem: Problem, next: &str) -> Response {
    let mut response = Redirect::to(&address("/login", [("next", Some(next))])).into_response();
    let headers = response.headers_mut();
    gateway.cookies().clear_session(headers);
    let posted = parts.method == Method::POST;
    // A stranger who opens a page has lost nothing; a form was shown to a signed-in user.
    if posted || problem.code() != ProblemCode::TokenMissing {
        let id = parts.extensions.get::<RequestId>();
        let left = flash::encode(&Flash::Refused(Box::new(Refused {
            problem: problem.traced(id.map_or("", |id| id.0.as_str())),
            entered: Entered::default(),
            not_done: posted,
        })));
        gateway.cookies().set_flash(headers, &left, flash::LIVES);
    }
    response
}
