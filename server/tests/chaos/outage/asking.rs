//! One request, and how long its answer took.

use anyhow::Result;
use reqwest::{Client, ClientBuilder, RequestBuilder};
use std::time::{Duration, Instant};

/// Time limit of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub asked: Instant,
    pub took: Duration,
    is_well: bool,
}

impl Answer {
    /// A failed request counts as one that ran into the time limit.
    pub fn waited(&self) -> Duration {
        if self.is_well { self.took } else { PATIENCE }
    }
}

/// An HTTP client without proxies.
pub fn impatient() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([])
        .timeout(PATIENCE)
}

/// An answer counts once its whole body has arrived.
pub async fn ask(http: &Client, request: RequestBuilder) -> Result<Answer> {
    let request = request.build()?;
    let asked = Instant::now();
    let told = async {
        let answer = http.execute(request).await?;
        let is_well = answer.status() == 200;
        answer.bytes().await?;
        Ok::<_, reqwest::Error>(is_well)
    };
    let is_well = told.await.unwrap_or(false);
    Ok(Answer {
        asked,
        took: asked.elapsed(),
        is_well,
    })
}
