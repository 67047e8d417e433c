//! Redis over TLS, verified against the system's certificates.

use crate::support::{client::Client, environment, process::Process, wait::until};
use std::{fs, path::Path, process::Stdio};
use tokio::process::{Child, Command};

/// A Redis that listens on TLS only; killed when dropped.
fn start(addr: &str, folder: &Path) -> Child {
    let (_, port) = addr.rsplit_once(':').unwrap();
    Command::new("redis-server")
        .args(["--port", "0", "--tls-port", port, "--bind", "127.0.0.1"])
        .args(["--tls-cert-file", "certificate.pem"])
        .args(["--tls-key-file", "key.pem"])
        .args(["--tls-auth-clients", "no", "--save", ""])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn has_its_cache(process: &Process) -> bool {
    let ready = Client::new(&process.origin).get("/health/ready").await;
    ready.json()["cache"]["answers"] == true
}

#[tokio::test]
async fn redis_is_reached_over_tls_where_its_certificate_is_trusted() {
    if environment::backend(environment::REDIS_URL).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = folder.path().join("certificate.pem");
    fs::write(&certificate, own.cert.pem()).unwrap();
    fs::write(
        folder.path().join("key.pem"),
        own.signing_key.serialize_pem(),
    )
    .unwrap();
    let addr = environment::free_address();
    let _redis = start(&addr, folder.path());

    let url = format!("rediss://{}", addr.replace("127.0.0.1", "localhost"));
    let serve = |trusted: &str| {
        let data = tempfile::tempdir().unwrap();
        let settings = [("REDIS_URL", url.as_str()), ("SSL_CERT_FILE", trusted)];
        (Process::serve(&data, &settings), data)
    };
    // First, so that it has had the longer time to connect.
    let (wary, _wary_data) = serve("/dev/null");
    let (trusting, _data) = serve(certificate.to_str().unwrap());
    until("the cache answers", || has_its_cache(&trusting)).await;
    assert!(!has_its_cache(&wary).await);
}
