//! Key rotation without a logout: verify, then sign, then retire.

use super::{PASSWORD, Rig, SECRET, code};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{problem::ProblemCode::TokenInvalid, ssr::AuthPort};
use server::config::AuthConfig;

on_both_databases! {
    ten_rotations_log_nobody_out,
    a_key_is_known_by_its_name_only,
}

fn secret(kid: usize) -> String {
    format!("the secret of key number {kid}, 32 bytes or more")
}

/// Signs with one key and also verifies by the others.
fn configure(config: &mut AuthConfig, signer: usize, others: &[usize]) {
    config.id_secret = Some(SECRET.into());
    config.token_kid = signer.to_string();
    config.token_secret = secret(signer).into();
    let others = others
        .iter()
        .map(|kid| (kid.to_string(), secret(*kid).into()));
    config.verify_keys = others.collect();
}

async fn ten_rotations_log_nobody_out(database: TestDatabase) {
    let mut rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    configure(&mut rig.config, 0, &[]);
    for old in 0..10 {
        let new = old + 1;
        let before = rig.replica().await;
        configure(&mut rig.config, old, &[new]);
        let knows_new = rig.replica().await;
        configure(&mut rig.config, new, &[old]);
        let signs_new = rig.replica().await;
        configure(&mut rig.config, new, &[]);
        let retired = rig.replica().await;
        // Replicas take each step in turn; two successive steps always accept each other's tokens.
        for (this, that) in [(&before, &knows_new), (&knows_new, &signs_new)] {
            for (issuer, verifier) in [(this, that), (that, this), (this, this), (that, that)] {
                let login = issuer
                    .login(super::command("minsu", PASSWORD))
                    .await
                    .unwrap();
                verifier
                    .authenticate(&login.tokens.access_token)
                    .await
                    .unwrap();
            }
        }
        let login = signs_new
            .login(super::command("minsu", PASSWORD))
            .await
            .unwrap();
        retired
            .authenticate(&login.tokens.access_token)
            .await
            .unwrap();
        let stale = before
            .login(super::command("minsu", PASSWORD))
            .await
            .unwrap();
        let refused = retired.authenticate(&stale.tokens.access_token).await;
        assert_eq!(code(&refused), Some(TokenInvalid), "key {old} is retired");
        // A session outlives its keys: the refresh token is not a JWT.
        let pair = retired
            .refresh(&stale.tokens.refresh_token, None)
            .await
            .unwrap();
        retired.authenticate(&pair.access_token).await.unwrap();
    }
}

async fn a_key_is_known_by_its_name_only(database: TestDatabase) {
    let mut rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let token = rig
        .log_in("minsu", PASSWORD)
        .await
        .unwrap()
        .tokens
        .access_token;
    // The same secret under another name verifies nothing signed under the first name.
    rig.config.token_kid = "renamed".to_owned();
    let renamed = rig.replica().await;
    assert_eq!(
        code(&renamed.authenticate(&token).await),
        Some(TokenInvalid)
    );
}
