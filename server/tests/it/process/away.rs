//! Production whose PostgreSQL is away at the start.

use super::schema::production;
use crate::support::{client::Client, environment, process::Process, wait::until};
use serde_json::json;
use simulator::fault_proxy::{FaultProxy, Protocol};
use sqlx::postgres::PgConnectOptions;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpStream;

/// A process that was started without its database.
pub struct Away {
    pub process: Process,
    pub site: Client,
    proxy: FaultProxy,
    login: String,
}

impl Away {
    /// Starts it in front of the database at that URL.
    pub async fn start(data: &TempDir, url: &str) -> Self {
        let options: PgConnectOptions = url.parse().unwrap();
        let port = options.get_port();
        let upstream = format!("127.0.0.1:{port}").parse().unwrap();
        let proxy = FaultProxy::start(upstream, Protocol::Postgres, 7).unwrap();
        proxy.refuse(true);
        until("the database is away", || async {
            TcpStream::connect(proxy.addr()).await.is_err()
        })
        .await;
        let through = url.replace(&format!(":{port}/"), &format!(":{}/", proxy.addr().port()));
        assert_ne!(through, url);
        let addr = environment::free_address();
        let mut settings = production(&through);
        settings.push(("PHONEBILL_HTTP_ADDR", &addr));
        let process = Process::serve(data, &settings);
        assert!(process.waits());
        let site = Client::new(&format!("http://{addr}"));
        let login = format!("http://{addr}/api/v1/auth/login");
        Self {
            process,
            site,
            proxy,
            login,
        }
    }

    /// The database is back.
    pub fn is_over(&self) {
        self.proxy.calm();
    }

    /// The status of a login; `None` once nobody listens.
    pub async fn login(&self, user_id: &str, password: &str) -> Option<u16> {
        let client = reqwest::Client::builder().no_proxy();
        let client = client.timeout(Duration::from_secs(30)).build().unwrap();
        let body = json!({ "userId": user_id, "password": password });
        let sent = client.post(&self.login).json(&body).send().await;
        sent.ok().map(|answer| answer.status().as_u16())
    }

    /// The exit code, by itself; until then nobody may log in.
    pub async fn ends_without_a_login(mut self, user_id: &str, password: &str) -> Option<i32> {
        assert_eq!(self.login(user_id, password).await, Some(503));
        self.is_over();
        loop {
            if let Some(status) = self.login(user_id, password).await {
                assert_eq!(status, 503);
            } else {
                return self.process.ended().await.code();
            }
        }
    }
}
