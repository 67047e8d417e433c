//! Requests as bytes, built before the run.

use crate::{customers::Customer, drive::Requests};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::rc::Rc;

/// A POST with a JSON body; `more` is further header lines, each with its `\r\n`.
pub fn post(path: &str, token: Option<&str>, more: &str, body: &Value) -> Rc<[u8]> {
    let (body, token) = (body.to_string(), bearer(token));
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\n{token}{more}content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    request.into_bytes().into()
}

/// A GET of an API client.
pub fn get(path: &str, token: &str) -> Rc<[u8]> {
    let token = bearer(Some(token));
    let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\n{token}\r\n");
    request.into_bytes().into()
}

fn bearer(token: Option<&str>) -> String {
    token.map_or_else(String::new, |token| {
        format!("authorization: Bearer {token}\r\n")
    })
}

/// A browser's GET of a page.
pub fn page(path: &str, who: &Customer) -> Rc<[u8]> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: bench\r\naccept: text/html\r\naccept-encoding: br, gzip\r\n\
         sec-fetch-site: same-origin\r\ncookie: phonebill_access={}\r\n\r\n",
        who.token
    );
    request.into_bytes().into()
}

/// A bill inquiry by API; `line` and `month` are indices.
pub fn inquiry(who: &Customer, line: usize, month: usize) -> Rc<[u8]> {
    let body = json!({ "lineId": who.lines[line], "month": who.months[month] });
    post("/api/v1/bill/inquiry", Some(&who.token), "", &body)
}

/// The same bill as its page, SCR-004.
pub fn bill_page(who: &Customer, line: usize, month: usize) -> Rc<[u8]> {
    let (line, month) = (&who.lines[line], &who.months[month]);
    page(&format!("/bill/result?line={line}&month={month}"), who)
}

/// A login by API.
pub fn login(who: &Customer, password: &str) -> Rc<[u8]> {
    let body = json!({ "userId": who.user_id, "password": password });
    post("/api/v1/auth/login", None, "", &body)
}

/// The given requests, round robin.
pub fn in_turn(requests: Vec<Rc<[u8]>>) -> Requests {
    Rc::new(move |number| {
        let index = usize::try_from(number).unwrap_or(0) % requests.len();
        requests[index].clone()
    })
}

/// A realistic mix of requests, the same in every run: few customers come often (Zipf), most look at
/// the current month, about a tenth of the requests needs nothing of KOS.
pub fn mix(customers: &[Customer], password: &str, length: usize) -> Requests {
    let mut random = StdRng::seed_from_u64(11);
    let weights: Vec<f64> = (1..=customers.len())
        .map(|rank| 1.0 / rank as f64)
        .collect();
    let sum: f64 = weights.iter().sum();
    let mut requests = Vec::with_capacity(length);
    for _ in 0..length {
        let mut left = random.random::<f64>() * sum;
        let mut who = &customers[0];
        for (customer, weight) in customers.iter().zip(&weights) {
            who = customer;
            left -= weight;
            if left <= 0.0 {
                break;
            }
        }
        let line = usize::from(random.random::<f64>() < 0.25);
        let month = match random.random::<f64>() {
            current if current < 0.6 => 0,
            earlier => 1 + ((earlier - 0.6) / 0.4 * 5.0) as usize % 5,
        };
        let id = &who.lines[line];
        requests.push(match random.random_range(0..100_u32) {
            0..30 => inquiry(who, line, month),
            30..50 => bill_page(who, line, month),
            50..65 => page("/main", who),
            65..75 => page(&format!("/bill/menu?line={id}"), who),
            75..83 => page("/bill/history", who),
            83..90 => get(&format!("/api/v1/product/menu?lineId={id}"), &who.token),
            90..97 => page(&format!("/product/change?line={id}"), who),
            _ => login(who, password),
        });
    }
    in_turn(requests)
}
