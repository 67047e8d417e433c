//! Logs and traces. Personal data never reaches them, because the types that hold it print a mask.
//!
//! Logs are text for people or JSON for machines. Traces go by OTLP to a collector, where one is
//! configured (`traces`): a span per request, with its id, and one per call to KOS.

mod log_lines;
mod panics;
mod throttle;
mod traces;

pub use throttle::Throttle;
pub use traces::traceparent;

use crate::{
    config::{LogConfig, LogFormat},
    error::Chain,
};
use log_lines::{LogLines, WITHIN};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::{
    io::{self, IsTerminal},
    time::Duration,
};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::Targets,
    fmt::{
        self,
        format::Writer,
        time::{FormatTime, SystemTime},
    },
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// How long sending the last spans may take.
pub(crate) const LAST_SPANS: Duration = Duration::from_millis(500);
/// How long writing the last lines of the log may take: nobody may be reading it.
pub(crate) const LAST_LINES: Duration = Duration::from_millis(500);

/// What is left to do when the process ends. Lines of the log that wait are written when this goes.
#[must_use = "spans that wait for the next batch are lost without `flush`"]
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
    lines: LogLines,
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.lines.flush(LAST_LINES);
    }
}

impl Telemetry {
    /// Sends the spans that wait, for half a second at most.
    pub async fn flush(mut self) {
        let Some(provider) = self.provider.take() else {
            return;
        };
        let send = move || provider.shutdown_with_timeout(LAST_SPANS);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(send).await {
            tracing::warn!(error = %Chain(&error), "the last spans were not sent");
        }
    }
}

/// Installs the process-wide subscriber and logs panics; a second call changes nothing. Needs a tokio runtime.
///
/// # Errors
/// When the thread of the log cannot be started.
pub fn init(config: &LogConfig) -> io::Result<Telemetry> {
    let notice = match config.format {
        LogFormat::Text => dropped_text,
        LogFormat::Json => dropped_json,
    };
    let lines = LogLines::start(io::stderr(), WITHIN, notice)?;
    // At `info`, sqlx logs slow statements only, and hyper nothing.
    let filter = filter(&config.level);
    let provider = config.otlp_endpoint.as_deref().map(traces::provider);
    let (provider, fault) = match provider {
        Some(Ok(provider)) => (Some(provider), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let spans = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("phonebill")));
    let registry = tracing_subscriber::registry().with(filter).with(spans);
    let installed = match config.format {
        LogFormat::Text => registry
            .with(
                fmt::layer()
                    .with_writer(lines.clone())
                    .with_target(false)
                    // Colours at a terminal only, not in files.
                    .with_ansi(io::stderr().is_terminal()),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(fmt::layer().json().with_writer(lines.clone()))
            .try_init(),
    };
    if installed.is_err() {
        tracing::debug!("a subscriber is installed already");
    }
    panics::log_them();
    if let Some(error) = fault {
        tracing::error!(error = %Chain(&error), "no traces: the exporter cannot be made");
    }
    Ok(Telemetry { provider, lines })
}

/// What is logged. A filter that names no spans costs less: it looks at none.
fn filter(level: &str) -> Box<dyn Layer<Registry> + Send + Sync> {
    match level.parse::<Targets>() {
        Ok(targets) if !level.contains('[') => Box::new(targets),
        _ => Box::new(EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"))),
    }
}

const DROPPED: &str = "lines of the log were dropped: nobody took them";

fn dropped_text(lines: u64) -> String {
    format!("{}  WARN {DROPPED} lines={lines}", now())
}

fn dropped_json(lines: u64) -> String {
    serde_json::json!({
        "timestamp": now(),
        "level": "WARN",
        "fields": { "message": DROPPED, "lines": lines },
        "target": module_path!(),
    })
    .to_string()
}

/// The present as the other lines show it.
fn now() -> String {
    let mut text = String::new();
    // A string takes everything.
    let _ = SystemTime.format_time(&mut Writer::new(&mut text));
    text
}

#[cfg(test)]
mod tests {
    use super::{LogLines, filter};
    use std::{sync::mpsc, time::Duration};
    use tracing_subscriber::{fmt, layer::SubscriberExt};

    struct Lines(mpsc::Sender<Vec<u8>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// What is logged at that level of a line in each of two requests.
    fn logged(level: &str) -> String {
        let (told, lines) = mpsc::channel();
        let log = LogLines::start(Lines(told), Duration::ZERO, |_| String::new()).unwrap();
        let layer = fmt::layer().with_writer(log.clone()).without_time();
        let subscriber = tracing_subscriber::registry()
            .with(filter(level))
            .with(layer);
        tracing::subscriber::with_default(subscriber, || {
            for id in [1, 2] {
                tracing::error_span!("request", id).in_scope(|| tracing::info!("line {id}"));
            }
        });
        log.flush(Duration::from_secs(60));
        String::from_utf8(lines.try_iter().flatten().collect()).unwrap()
    }

    #[test]
    fn a_filter_may_name_a_level_a_module_or_a_request() {
        for (level, one, two) in [
            ("info", true, true),
            ("warn", false, false),
            ("warn,server::telemetry=info", true, true),
            ("warn,server::bill=info", false, false),
            ("warn,[request{id=1}]=info", true, false),
        ] {
            let text = logged(level);
            let seen = (text.contains("line 1"), text.contains("line 2"));
            assert_eq!(seen, (one, two), "{level}: {text}");
        }
    }
}
