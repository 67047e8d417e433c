//! Logs and traces.

use super::reader::Reader;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

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
    /// A level or a tracing filter; `EnvFilter` takes it.
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
            level: level(reader),
            format,
            otlp_endpoint: Some(reader.http_url("log.otlp_endpoint")).filter(|url| !url.is_empty()),
        }
    }
}

fn level(reader: &mut Reader<'_>) -> String {
    let text = reader.text("log.level");
    if is_filter(&text) {
        return text;
    }
    let wanted = "trace, debug, info, warn, error, off, or a tracing filter such as \
                  warn,server::product=info";
    reader.wrong("log.level", wanted, text)
}

/// Whether every part is a level, or has one behind `=`. To tracing any other word is a target at TRACE: a
/// level that is misspelt would silence everything else.
fn is_filter(text: &str) -> bool {
    let is_part = |part: &str| part.contains(['=', '[']) || part.parse::<LevelFilter>().is_ok();
    !text.is_empty() && text.split(',').all(is_part) && EnvFilter::try_new(text).is_ok()
}

#[cfg(test)]
mod tests {
    use crate::config::layers;

    /// tracing takes a word that it does not know for a target, of which nothing else would be logged.
    #[test]
    fn a_level_that_would_silence_the_log_is_refused() {
        for (level, faults) in [
            ("warning", 1),
            ("inof", 1),
            ("", 1),
            (" ", 1),
            ("x=loud", 1),
            ("warn, info", 1),
            ("warn,server::product", 1),
            ("warn", 0),
            ("WARN", 0),
            ("off", 0),
            ("warn,server::product=info", 0),
            ("warn,[request{id=1}]=trace", 0),
        ] {
            let setting = ("PHONEBILL__LOG__LEVEL".to_owned(), level);
            let told = layers::faults([setting]);
            assert_eq!(told.len(), faults, "{level:?}: {told:?}");
            assert!(told.iter().all(|fault| fault.starts_with("log.level ")));
        }
    }
}
