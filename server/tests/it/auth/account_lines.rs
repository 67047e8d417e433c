//! Lines that an operator gives to accounts and takes away.

use super::{PASSWORD, Rig, id};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{model::LineNumber, ssr::AuthPort};
use server::auth::AccountError;
use std::time::Duration;

on_both_databases! { a_line_that_is_given_or_taken_is_noticed_within_a_second }

async fn a_line_that_is_given_or_taken_is_noticed_within_a_second(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    rig.account("jihun", "01034567890").await;
    let token = rig.log_in("minsu", PASSWORD).await.unwrap().tokens;
    let auth = rig.replica().await;
    let lines = async || {
        rig.clock.advance(Duration::from_secs(1));
        let who = auth.authenticate(&token.access_token).await.unwrap();
        let lines = who.user.lines.iter();
        let numbers = lines.map(|line| line.line_number.as_str().to_owned());
        numbers.collect::<Vec<_>>()
    };
    let line = |number: &str| number.parse::<LineNumber>().unwrap();
    assert_eq!(lines().await, ["01012345678"]);
    for number in ["01023456789", "01045678901"] {
        rig.accounts
            .add_line(&id("minsu"), &line(number))
            .await
            .unwrap();
    }
    assert_eq!(lines().await, ["01012345678", "01023456789", "01045678901"]);
    let taken = rig
        .accounts
        .add_line(&id("minsu"), &line("01034567890"))
        .await;
    assert!(matches!(taken, Err(AccountError::LineTaken)), "{taken:?}");

    let remove =
        async |user_id, number| rig.accounts.remove_line(&id(user_id), &line(number)).await;
    remove("minsu", "01023456789").await.unwrap();
    assert_eq!(lines().await, ["01012345678", "01045678901"]);
    for (user_id, number) in [("minsu", "01023456789"), ("jihun", "01012345678")] {
        let none = remove(user_id, number).await;
        assert!(matches!(none, Err(AccountError::UnknownLine)), "{none:?}");
    }
    let unknown = remove("nobody", "01012345678").await;
    assert!(matches!(unknown, Err(AccountError::Unknown)), "{unknown:?}");
    // Whoever has it next.
    rig.accounts
        .add_line(&id("jihun"), &line("01023456789"))
        .await
        .unwrap();
    for number in ["01012345678", "01045678901"] {
        remove("minsu", number).await.unwrap();
    }
    assert!(lines().await.is_empty());
}
