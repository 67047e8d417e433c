//! Twenty thousand malformed requests over all routes: none is answered with a fault of the server.

use crate::support::gateway::TestGateway;
use app::routes::PAGES;
use axum::{Router, body::Body};
use http::{Request, header};
use http_body_util::BodyExt;
use leptos::server_fn::axum::server_fn_paths;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tower::ServiceExt;

const REQUESTS: usize = 20_000;
const SEED: u64 = 20_261_121;

const METHODS: [&str; 7] = ["GET", "POST", "POST", "POST", "DELETE", "HEAD", "PUT"];
const RUBBISH: [&str; 22] = [
    "",
    "%00",
    "%zz",
    "..",
    "%2e%2e%2f",
    "\"",
    "<script>",
    "{{7*7}}",
    "-1",
    "NaN",
    "1e999",
    "9999999999999999999999",
    "2026-13",
    "0000-00",
    "null",
    "[]",
    "{}",
    "true",
    "demo01",
    "%F0%9F%98%80",
    "'; DROP TABLE auth_account; --",
    "%C3%28",
];
const NAMES: [&str; 10] = [
    "lineId",
    "month",
    "limit",
    "cursor",
    "from",
    "to",
    "next",
    "requestId",
    "userId",
    "x",
];
const TYPES: [&str; 9] = [
    "application/json",
    "application/json; charset=utf-8",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "",
    "application/",
    "application/cbor",
];
const BODIES: [&str; 14] = [
    "",
    "{",
    "{}",
    "[]",
    "null",
    "\"\"",
    "{\"userId\":1}",
    "{\"userId\":\"a\",\"userId\":\"b\"}",
    "{\"userId\":\"demo01\",\"password\":\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\"}",
    "{\"lineId\":{\"a\":[]},\"month\":1e400}",
    "{\"month\":\"2026-11\"} trailing",
    "{\"idempotencyKey\":\"\u{202e}\"}",
    "userId=demo01&password=%ff&userId=x",
    "{\"currentProductCode\":\"\",\"targetProductCode\":null,\"lineId\":[]}",
];
const HEADERS: [(&str, &[&str]); 10] = [
    (
        "authorization",
        &[
            "Bearer demo01",
            "Bearer ",
            "bearer x.y.z",
            "Basic YTpi",
            "\u{1f600}",
        ],
    ),
    (
        "cookie",
        &[
            "phonebill_access=demo01",
            "phonebill_access=",
            "=;;=",
            "a=b; a=c",
        ],
    ),
    ("accept", &["text/html", "*/*;q=9", "application/json"]),
    (
        "accept-encoding",
        &["br", "gzip;q=2", "identity;q=0, *;q=0"],
    ),
    ("accept-language", &["en", "ko-KR", "\u{2028}"]),
    (
        "idempotency-key",
        &["", "short", "key-00000001", "key with space"],
    ),
    (
        "origin",
        &["null", "http://evil.example", "http://127.0.0.1:1"],
    ),
    (
        "sec-fetch-site",
        &["same-origin", "cross-site", "none", "rubbish"],
    ),
    (
        "x-forwarded-for",
        &["1.2.3.4", "::", "not an address, 1.2.3.4"],
    ),
    (
        "content-length",
        &["-1", "99999999999999999999", "4", "abc"],
    ),
];

struct Generator {
    rng: StdRng,
    routes: Vec<String>,
}

impl Generator {
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.random_range(0..from.len())]
    }

    fn path(&mut self) -> String {
        let at = self.rng.random_range(0..self.routes.len());
        let route = self.routes[at].clone();
        let segments = route.split('/').map(|segment| {
            let replaced = segment.starts_with('{') || self.rng.random_bool(0.02);
            if replaced {
                self.pick(&RUBBISH).to_owned()
            } else {
                segment.to_owned()
            }
        });
        let mut path = segments.collect::<Vec<_>>().join("/");
        for at in 0..self.rng.random_range(0..4) {
            path.push(if at == 0 { '?' } else { '&' });
            path.push_str(self.pick(&NAMES));
            path.push('=');
            path.push_str(self.pick(&RUBBISH));
        }
        path
    }

    fn body(&mut self) -> Vec<u8> {
        match self.rng.random_range(0..10) {
            0 => (0..self.rng.random_range(0..200))
                .map(|_| self.rng.random())
                .collect(),
            1 => "[".repeat(self.rng.random_range(1..9_000)).into_bytes(),
            2 => vec![b' '; self.rng.random_range(16_000..17_000)],
            3 => {
                let mut body = self.pick(&BODIES).as_bytes().to_vec();
                body.truncate(self.rng.random_range(0..=body.len()));
                body
            }
            _ => self.pick(&BODIES).as_bytes().to_vec(),
        }
    }

    /// `None` when `http` itself cannot express it.
    fn request(&mut self) -> Option<Request<Body>> {
        let mut request = Request::builder()
            .method(self.pick(&METHODS))
            .uri(self.path());
        if self.rng.random_bool(0.8) {
            request = request.header(header::CONTENT_TYPE, self.pick(&TYPES));
        }
        for (name, values) in HEADERS {
            if self.rng.random_bool(0.3) {
                request = request.header(name, self.pick(values));
            }
        }
        request.body(Body::from(self.body())).ok()
    }
}

/// Sends a request; returns what is wrong with the answer.
async fn judge(router: &Router, request: Request<Body>) -> Option<String> {
    let name = format!("{request:?}");
    let api = request.uri().path().starts_with("/api/v1/");
    // Behind these pages and operations, the fake port answers that KOS is away.
    let away = ["/product/menu", "/product/change", "/product/options"];
    let kos_is_away = away.iter().any(|path| request.uri().path().ends_with(path));
    let head = request.method() == http::Method::HEAD;
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let status = parts.status.as_u16();
    let problem = parts.headers.get(header::CONTENT_TYPE);
    let problem = problem.is_some_and(|kind| kind == "application/problem+json");
    let fake = status == 503 && kos_is_away;
    let wrong = (status >= 500 && !fake)
        || parts.headers.get("x-request-id").is_none()
        || parts.headers.get("content-security-policy").is_none()
        || (api && status >= 400 && !head && !problem);
    let body = String::from_utf8_lossy(&body);
    wrong.then(|| format!("{status} for {name}: {body:.200}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_requests_are_refused_and_nothing_breaks() {
    let gateway = TestGateway::start().await;
    let document = gateway.anonymous().get("/api/openapi.json").await.json();
    let mut routes: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    routes.extend(PAGES.iter().map(|(path, _)| (*path).to_owned()));
    let others = [
        "/",
        "/login",
        "/logout",
        "/account/sessions/{id}/end",
        "/account/sessions/end-others",
        "/product/request",
        "/rpc/{x}/{y}",
        "/api/docs",
        "/api/openapi.json",
        "/pkg/{x}",
        "/health/ready",
        "/speculation-rules.json",
        "/favicon.svg",
        "/{x}/{y}",
    ];
    routes.extend(others.map(str::to_owned));
    routes.extend(server_fn_paths().map(|(path, _)| path.to_owned()));
    // Server functions come in the linker's order; the seed needs a fixed one.
    routes.sort_unstable();
    let mut generator = Generator {
        rng: StdRng::seed_from_u64(SEED),
        routes,
    };
    let (mut sent, mut wrong) = (0, Vec::new());
    while sent < REQUESTS {
        let Some(request) = generator.request() else {
            continue;
        };
        wrong.extend(judge(&gateway.router, request).await);
        sent += 1;
    }
    let shown: Vec<_> = wrong.iter().take(10).collect();
    assert!(wrong.is_empty(), "{} of {sent}: {shown:#?}", wrong.len());
}

#[tokio::test]
async fn a_planted_panic_would_be_noticed() {
    let gateway = TestGateway::start().await;
    let request = Request::get("/api/v1/bill/menu?lineId=panic")
        .header("authorization", "Bearer demo01")
        .body(Body::empty())
        .unwrap();
    let wrong = judge(&gateway.router, request).await;
    assert!(wrong.is_some_and(|wrong| wrong.starts_with("500 ")));
}
