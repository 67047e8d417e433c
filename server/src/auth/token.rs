//! Access tokens: JWTs that name an account and a session, and nothing personal.
//!
//! One algorithm, and one exact header per key: a token with any other header is not ours, so no header
//! parameter can influence the check. It names (`kid`) one of the configured keys, of which one signs;
//! the others are being rotated in or out. Time comes from the injected clock; the library's own clock
//! checks are off.

use crate::{cache::BriefCache, clock::Clock, config::AuthConfig, ids::Ids};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, sync::Arc, time::Duration};

const ISSUER: &str = "phonebill";
const AUDIENCE: &str = "phonebill-api";
/// RFC 9068: what distinguishes an access token from every other JWT under the same key.
const TYPE: &str = "at+jwt";
/// The difference allowed between the clocks of replicas.
const LEEWAY_S: i64 = 5;
/// Ours have about 400 bytes; longer tokens are refused unread.
const MAX_BYTES: usize = 1_024;
/// How long a verified signature is remembered, and how many are.
const REMEMBERED: Duration = Duration::from_secs(60);
const MOST: usize = 10_000;

/// Why a token is refused.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the access token has expired")]
    Expired,
    #[error("the access token is not valid")]
    Invalid,
    #[error("the access token could not be signed")]
    NotSigned(#[source] jsonwebtoken::errors::Error),
}

/// The claims of a token; each is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    /// The account's internal key.
    pub sub: String,
    /// The session.
    pub sid: String,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

#[derive(Clone)]
pub(super) struct Tokens {
    signing: EncodingKey,
    /// The signer's.
    header: Header,
    /// By the one header that a token of it has, as it is encoded.
    verifying: HashMap<String, DecodingKey>,
    validation: Validation,
    /// The claims of tokens with a verified signature, by SHA-256: valid as long as the keys, which never
    /// change in a process. Expiry is checked each time.
    signed: BriefCache<[u8; 32], Arc<Claims>>,
    ttl_s: i64,
    clock: Clock,
    ids: Ids,
}

impl Tokens {
    pub fn new(config: &AuthConfig, clock: Clock, ids: Ids) -> Self {
        let key = |(kid, secret): (&String, &SecretString)| {
            let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
            (encoded(&header(kid)), key)
        };
        let others = config.verify_keys.iter().map(|(kid, secret)| (kid, secret));
        let keys = others.chain([(&config.token_kid, &config.token_secret)]);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            signing: EncodingKey::from_secret(config.token_secret.expose_secret().as_bytes()),
            header: header(&config.token_kid),
            verifying: keys.map(key).collect(),
            validation,
            signed: BriefCache::new(MOST, clock.clone()),
            ttl_s: i64::try_from(config.access_ttl.as_secs()).unwrap_or(i64::MAX),
            clock,
            ids,
        }
    }

    /// A token for that session, and its lifetime in seconds; never longer than the session.
    ///
    /// # Errors
    /// [`TokenError::NotSigned`]
    pub fn issue(
        &self,
        account_id: &str,
        session_id: &str,
        session_expires_at_ms: i64,
    ) -> Result<(String, u32), TokenError> {
        let now = self.clock.now_ms() / 1_000;
        let exp = (now + self.ttl_s).min(session_expires_at_ms / 1_000);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account_id.to_owned(),
            sid: session_id.to_owned(),
            jti: self.ids.uuid(),
            iat: now,
            nbf: now,
            exp,
        };
        let token = encode(&self.header, &claims, &self.signing).map_err(TokenError::NotSigned)?;
        Ok((token, u32::try_from(exp - now).unwrap_or(0)))
    }

    /// # Errors
    /// [`TokenError::Expired`] for a token of ours that is too old, [`TokenError::Invalid`] for any other.
    pub fn verify(&self, token: &str) -> Result<Arc<Claims>, TokenError> {
        let claims = self.signed(token)?;
        let now = self.clock.now_ms() / 1_000;
        let begun = claims.nbf <= now + LEEWAY_S && claims.iat <= now + LEEWAY_S;
        if !begun || claims.exp < claims.iat {
            return Err(TokenError::Invalid);
        }
        if claims.exp <= now {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }

    /// The claims of a token of ours, expired or not.
    fn signed(&self, token: &str) -> Result<Arc<Claims>, TokenError> {
        if token.len() > MAX_BYTES {
            return Err(TokenError::Invalid);
        }
        let digest = Sha256::digest(token).into();
        if let Some(claims) = self.signed.find(&digest) {
            return Ok(claims);
        }
        let header = token.split('.').next().unwrap_or_default();
        let key = self.verifying.get(header).ok_or(TokenError::Invalid)?;
        let decoded =
            decode::<Claims>(token, key, &self.validation).map_err(|_| TokenError::Invalid)?;
        let claims = Arc::new(decoded.claims);
        self.signed.keep_for(digest, claims.clone(), REMEMBERED);
        Ok(claims)
    }
}

/// The header of tokens under that key.
fn header(kid: &str) -> Header {
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(kid.to_owned());
    header
}

/// As a token begins; it has a JSON form, so the empty one, which no token has, never comes out.
fn encoded(header: &Header) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(header).unwrap_or_default())
}
