//! Signals.

use tokio_util::sync::CancellationToken;

/// A token that SIGTERM or Ctrl-C cancels; a second signal ends the process at once.
///
/// # Errors
/// When the handlers cannot be installed.
pub fn on_signal() -> std::io::Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        for impatient in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if impatient {
                std::process::exit(130);
            }
            cancelled.cancel();
        }
    });
    Ok(token)
}
