//! Logs and traces.

use super::reader::Reader;

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

/// What is logged, and where traces go.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// A level or a tracing filter.
    pub level: String,
    pub format: LogFormat,
    /// Receives spans by OTLP over HTTP; `None`: no traces.
    pub otlp_endpoint: Option<String>,
}

impl LogConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let format = match reader.text("log.format").as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => reader.wrong("log.format", "text or json", LogFormat::Text),
        };
        LogConfig {
            level: reader.text("log.level"),
            format,
            otlp_endpoint: Some(reader.http_url("log.otlp_endpoint")).filter(|url| !url.is_empty()),
        }
    }
}
