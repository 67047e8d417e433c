//! Customers with a session.

use crate::{
    connection::{Connection, Reply},
    requests,
};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::rc::Rc;

/// A customer with an access token.
pub struct Customer {
    pub user_id: String,
    pub token: String,
    /// Line ids.
    pub lines: Vec<String>,
    /// Newest first.
    pub months: Vec<String>,
}

/// Signs in `load000`, `load001`, …
///
/// # Errors
/// The product's answers differ from its API.
pub async fn sign_in(
    connection: &mut Connection,
    customers: usize,
    password: &str,
) -> Result<Vec<Customer>> {
    let mut signed_in = Vec::with_capacity(customers);
    for number in 0..customers {
        let user_id = format!("load{number:03}");
        let body = json!({ "userId": user_id, "password": password });
        let request = requests::post("/api/v1/auth/login", None, "", &body);
        let login = json_of(&connection.exchange(&request).await?)?;
        let token = text(&login["accessToken"])?;
        let menu = connection
            .exchange(&requests::get("/api/v1/bill/menu", &token))
            .await?;
        let menu = json_of(&menu)?;
        let lines = menu["lines"].as_array().context("no lines")?;
        let months = menu["months"].as_array().context("no months")?;
        signed_in.push(Customer {
            user_id,
            token,
            lines: lines
                .iter()
                .map(|line| text(&line["lineId"]))
                .collect::<Result<_>>()?,
            months: months.iter().map(text).collect::<Result<_>>()?,
        });
    }
    Ok(signed_in)
}

/// A change to another plan per line, then, in the same order, one on to a third plan: a line's first
/// plan may not be on sale any more.
///
/// # Errors
/// The product's answers differ from its API.
pub async fn changes(connection: &mut Connection, customers: &[Customer]) -> Result<Vec<Rc<[u8]>>> {
    let (mut there, mut onwards) = (Vec::new(), Vec::new());
    for who in customers {
        for line in &who.lines {
            let path = format!("/api/v1/product/change?lineId={line}");
            let reply = connection
                .exchange(&requests::get(&path, &who.token))
                .await?;
            let options = json_of(&reply)?;
            let current = text(&options["currentProduct"]["code"])?;
            let other = text(&options["products"][0]["code"])?;
            let third = text(&options["products"][1]["code"])?;
            for (list, from, to) in [
                (&mut there, &current, &other),
                (&mut onwards, &other, &third),
            ] {
                let body = json!({
                    "lineId": line, "currentProductCode": from, "targetProductCode": to
                });
                let key = format!("idempotency-key: bench-{line}-{to}\r\n");
                let key = key.replace('_', "-");
                list.push(requests::post(
                    "/api/v1/product/request",
                    Some(&who.token),
                    &key,
                    &body,
                ));
            }
        }
    }
    there.extend(onwards);
    Ok(there)
}

/// The JSON of an answer.
///
/// # Errors
/// The status is not 200.
fn json_of(reply: &Reply) -> Result<Value> {
    let said = String::from_utf8_lossy(&reply.body);
    ensure!(reply.status == 200, "{}: {said}", reply.status);
    Ok(serde_json::from_slice(&reply.body)?)
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("not a text")?.to_owned())
}
