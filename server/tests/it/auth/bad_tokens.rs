//! Access tokens that must be refused.

use super::{PASSWORD, Rig, SECRET, code};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    problem::ProblemCode::{self, TokenExpired, TokenInvalid},
    ssr::AuthPort,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384};

on_both_databases! { no_bad_token_is_believed, no_mutation_is_believed }

fn part(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Signs any header and payload, as an attacker with the key could.
fn signed(header: &str, payload: &str, secret: &str) -> String {
    let message = format!("{}.{}", part(header), part(payload));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{message}.{signature}")
}

const HEADER: &str = r#"{"typ":"at+jwt","alg":"HS256","kid":"1"}"#;

async fn no_bad_token_is_believed(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let good = rig
        .log_in("minsu", PASSWORD)
        .await
        .unwrap()
        .tokens
        .access_token;
    let payload = good.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let text = claims.to_string();
    let now = rig.clock.now_ms() / 1_000;
    let with = |claim: &str, value: Value| {
        let mut changed = claims.clone();
        changed[claim] = value;
        signed(HEADER, &changed.to_string(), SECRET)
    };
    let without = |claim: &str| {
        let mut changed = claims.clone();
        changed.as_object_mut().unwrap().remove(claim);
        signed(HEADER, &changed.to_string(), SECRET)
    };
    let header = |header: &str| signed(header, &text, SECRET);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let hs384 = {
        let message = format!(
            "{}.{}",
            part(r#"{"typ":"at+jwt","alg":"HS384","kid":"1"}"#),
            part(&text)
        );
        let mut mac = Hmac::<Sha384>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        format!(
            "{message}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    };
    let other = claims["sid"].as_str().unwrap().replace('-', "x");

    rig.auth.authenticate(&good).await.unwrap();
    rig.auth.authenticate(&header(HEADER)).await.unwrap();

    let rows: Vec<(&str, String, ProblemCode)> = vec![
        ("empty", String::new(), TokenInvalid),
        ("one part", "x".into(), TokenInvalid),
        ("two parts", message.into(), TokenInvalid),
        ("four parts", format!("{good}.x"), TokenInvalid),
        ("no signature", format!("{message}."), TokenInvalid),
        ("signature cut", good[..good.len() - 2].into(), TokenInvalid),
        (
            "signature first",
            format!("{signature}.{message}"),
            TokenInvalid,
        ),
        ("padding", format!("{good}="), TokenInvalid),
        ("spaces", format!(" {good}"), TokenInvalid),
        ("a million bytes", "a".repeat(1 << 20), TokenInvalid),
        (
            "other key",
            signed(HEADER, &text, "another secret of thirty-two bytes"),
            TokenInvalid,
        ),
        ("empty key", signed(HEADER, &text, ""), TokenInvalid),
        (
            "alg none",
            format!(
                "{}.{}.",
                part(r#"{"typ":"at+jwt","alg":"none","kid":"1"}"#),
                part(&text)
            ),
            TokenInvalid,
        ),
        (
            "alg none, signed",
            header(r#"{"typ":"at+jwt","alg":"none","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "alg NONE",
            header(r#"{"typ":"at+jwt","alg":"NONE","kid":"1"}"#),
            TokenInvalid,
        ),
        ("alg HS384", hs384, TokenInvalid),
        (
            "alg HS512 over HS256",
            header(r#"{"typ":"at+jwt","alg":"HS512","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "alg RS256",
            header(r#"{"typ":"at+jwt","alg":"RS256","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "alg ES256",
            header(r#"{"typ":"at+jwt","alg":"ES256","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "alg missing",
            header(r#"{"typ":"at+jwt","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "alg twice",
            header(r#"{"typ":"at+jwt","alg":"none","alg":"HS256","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "typ missing",
            header(r#"{"alg":"HS256","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "typ JWT",
            header(r#"{"typ":"JWT","alg":"HS256","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "typ refresh",
            header(r#"{"typ":"rt+jwt","alg":"HS256","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "kid missing",
            header(r#"{"typ":"at+jwt","alg":"HS256"}"#),
            TokenInvalid,
        ),
        (
            "kid",
            header(r#"{"typ":"at+jwt","alg":"HS256","kid":"../../dev/null"}"#),
            TokenInvalid,
        ),
        (
            "jku",
            header(r#"{"typ":"at+jwt","alg":"HS256","jku":"http://evil.example/","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "x5u",
            header(r#"{"typ":"at+jwt","alg":"HS256","x5u":"http://evil.example/","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "jwk",
            header(r#"{"typ":"at+jwt","alg":"HS256","jwk":{"kty":"oct","k":"AA"},"kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "crit",
            header(r#"{"typ":"at+jwt","alg":"HS256","crit":["exp"],"kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "zip",
            header(r#"{"typ":"at+jwt","alg":"HS256","zip":"DEF","kid":"1"}"#),
            TokenInvalid,
        ),
        (
            "unknown header",
            header(r#"{"typ":"at+jwt","alg":"HS256","x":1,"kid":"1"}"#),
            TokenInvalid,
        ),
        ("header is a list", header("[]"), TokenInvalid),
        (
            "payload is a list",
            signed(HEADER, "[]", SECRET),
            TokenInvalid,
        ),
        (
            "payload is no JSON",
            signed(HEADER, "hello", SECRET),
            TokenInvalid,
        ),
        ("iss missing", without("iss"), TokenInvalid),
        ("aud missing", without("aud"), TokenInvalid),
        ("sub missing", without("sub"), TokenInvalid),
        ("sid missing", without("sid"), TokenInvalid),
        ("jti missing", without("jti"), TokenInvalid),
        ("iat missing", without("iat"), TokenInvalid),
        ("nbf missing", without("nbf"), TokenInvalid),
        ("exp missing", without("exp"), TokenInvalid),
        ("iss of others", with("iss", json!("evil")), TokenInvalid),
        ("aud of others", with("aud", json!("evil")), TokenInvalid),
        (
            "aud as a list",
            with("aud", json!([claims["aud"], "evil"])),
            TokenInvalid,
        ),
        ("sub null", with("sub", Value::Null), TokenInvalid),
        ("sub a number", with("sub", json!(1)), TokenInvalid),
        (
            "exp a string",
            with("exp", json!((now + 60).to_string())),
            TokenInvalid,
        ),
        ("exp a fraction", with("exp", json!(1e18)), TokenInvalid),
        ("exp too large", with("exp", json!(u64::MAX)), TokenInvalid),
        ("exp before iat", with("exp", json!(now - 1)), TokenInvalid),
        ("exp negative", with("exp", json!(-1)), TokenInvalid),
        ("nbf to come", with("nbf", json!(now + 6)), TokenInvalid),
        ("iat to come", with("iat", json!(now + 6)), TokenInvalid),
        ("unknown claim", with("admin", json!(true)), TokenInvalid),
        (
            "claim twice",
            signed(HEADER, &text.replacen('{', r#"{"sub":"x","#, 1), SECRET),
            TokenInvalid,
        ),
        ("expired this second", with("exp", json!(now)), TokenExpired),
        (
            "unknown session",
            with("sid", json!(other)),
            ProblemCode::SessionEnded,
        ),
        (
            "another account",
            with("sub", json!("somebody")),
            ProblemCode::SessionEnded,
        ),
    ];
    for (name, token, wanted) in rows {
        assert_eq!(
            code(&rig.auth.authenticate(&token).await),
            Some(wanted),
            "{name}"
        );
    }
    for claim in ["nbf", "iat"] {
        rig.auth
            .authenticate(&with(claim, json!(now + 5)))
            .await
            .unwrap();
    }
}

/// Replaces or removes every single character.
async fn no_mutation_is_believed(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let good = rig
        .log_in("minsu", PASSWORD)
        .await
        .unwrap()
        .tokens
        .access_token;
    let mut tried = 0;
    for position in 0..good.len() {
        for replacement in ["A", "z", "-", ".", "=", "\u{0}", "가", ""] {
            let mut mutated = good.clone();
            mutated.replace_range(position..=position, replacement);
            if mutated == good {
                continue;
            }
            tried += 1;
            let answer = rig.auth.authenticate(&mutated).await;
            assert_eq!(
                code(&answer),
                Some(TokenInvalid),
                "{replacement:?} at {position}"
            );
        }
    }
    assert!(tried > 2_000);
}
