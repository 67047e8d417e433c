//! The OpenAPI document: what the handlers declare, completed from the table of routes.

use super::routes::{ROUTES, Route};
use crate::http::Gateway;
use app::{
    problem::{Problem, ProblemCode},
    routes::Access,
};
use std::collections::BTreeMap;
use utoipa::{
    OpenApi as _,
    openapi::{
        Content, Header, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
        path::Operation,
        schema::{ObjectBuilder, Type},
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};

/// What is said of the API as a whole.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "phonebill",
        version = "1",
        description = "Bills and plan changes for the customers of an MVNO. Errors are \
            `application/problem+json`; switch on `code`, show `detail`. Sentences are Korean, or English with \
            `Accept-Language: en`."
    ),
    components(schemas(Problem)),
    tags(
        (name = "auth", description = "Logging in and out, and who somebody is"),
        (name = "bill", description = "Bill inquiry (BILL_INQUIRY)"),
        (name = "product", description = "Product change (PRODUCT_CHANGE)"),
    )
)]
struct Frame;

const BEARER: &str = "bearer";
const COOKIE: &str = "session";

/// The document without operations.
pub(super) fn frame(gateway: &Gateway) -> OpenApi {
    let mut document = Frame::openapi();
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("`accessToken` of a login"))
        .build();
    let cookie = ApiKeyValue::with_description(
        gateway.cookies().access_name(),
        "The browser's session; unsafe methods must then come from our own pages",
    );
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    components.add_security_scheme(COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    document
}

/// Adds to every operation who may use it, its problems, and the headers of every answer.
pub(super) fn complete(mut document: OpenApi) -> OpenApi {
    for route in ROUTES {
        let Some(item) = document.paths.paths.get_mut(route.path) else {
            continue;
        };
        let operation = match route.method {
            "POST" => item.post.as_mut(),
            "DELETE" => item.delete.as_mut(),
            _ => item.get.as_mut(),
        };
        if let Some(operation) = operation {
            complete_operation(operation, route);
        }
    }
    document
}

fn complete_operation(operation: &mut Operation, route: &Route) {
    // Nothing at all asks for the first line and the current month; `null` is not nothing.
    if route.path.ends_with("/bill/inquiry")
        && let Some(RefOr::T(body)) = &mut operation.request_body
    {
        body.required = Some(Required::False);
    }
    if route.access != Access::Public {
        let [bearer, cookie] =
            [BEARER, COOKIE].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
        operation.security = Some(vec![bearer, cookie]);
    }
    let takes_body = operation.request_body.is_some();
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in problems(route, takes_body) {
        let codes = by_status.entry(code.status()).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    for (status, codes) in by_status {
        let response = RefOr::T(problem_response(&codes));
        operation
            .responses
            .responses
            .insert(status.to_string(), response);
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            let header = text_header("The id of the request, yours when you sent one");
            response
                .headers
                .insert("X-Request-Id".to_owned(), RefOr::T(header));
        }
    }
}

/// The problems of the route, and those of its access, its method and the gateway.
fn problems(route: &Route, takes_body: bool) -> Vec<ProblemCode> {
    use ProblemCode::*;
    let mut codes = route.problems.to_vec();
    if route.access != Access::Public {
        codes.extend([TokenMissing, TokenExpired, TokenInvalid, SessionEnded]);
    }
    if matches!(route.access, Access::Permitted(_)) {
        codes.push(PermissionDenied);
    }
    if route.method != "GET" {
        codes.push(CsrfRejected);
    }
    if takes_body {
        codes.extend([
            ValidationFailed,
            RequestTimeout,
            BodyTooLarge,
            UnsupportedMediaType,
        ]);
    }
    codes.extend([
        UriTooLong,
        HeaderTooLarge,
        RateLimited,
        Internal,
        Unavailable,
    ]);
    codes
}

fn problem_response(codes: &[ProblemCode]) -> Response {
    let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    let schema = Ref::from_schema_name("Problem");
    let mut response = ResponseBuilder::new()
        .description(names.join(" · "))
        .content("application/problem+json", Content::new(Some(schema)));
    if codes.iter().any(|code| waits(*code)) {
        let seconds = Header::new(ObjectBuilder::new().schema_type(Type::Integer));
        response = response.header("Retry-After", seconds);
    }
    response.build()
}

/// Whether the answer says when to come again.
fn waits(code: ProblemCode) -> bool {
    use ProblemCode::*;
    matches!(
        code,
        AuthLocked | AuthBusy | RateLimited | KosUnavailable | Unavailable
    )
}

fn text_header(description: &str) -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
    header.description = Some(description.to_owned());
    header
}
