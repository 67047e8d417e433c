//! Signals.

use tokio::{signal::unix::SignalKind, sync::oneshot};

/// Who asked the process to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// SIGTERM: an orchestrator, which takes a moment to send customers elsewhere.
    Terminate,
    /// Ctrl-C: a person, who waits.
    Interrupt,
}

/// The first signal to arrive; a second one ends the process at once.
pub struct Signals(oneshot::Receiver<Shutdown>);

impl Signals {
    /// Installs the handlers. Call it before listening: a signal during start must not be lost.
    ///
    /// # Errors
    /// When the handlers cannot be installed.
    pub fn install() -> std::io::Result<Self> {
        let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
        let mut interrupt = tokio::signal::unix::signal(SignalKind::interrupt())?;
        let (first, received) = oneshot::channel();
        tokio::spawn(async move {
            let mut first = Some(first);
            loop {
                let signal = tokio::select! {
                    _ = terminate.recv() => Shutdown::Terminate,
                    _ = interrupt.recv() => Shutdown::Interrupt,
                };
                match first.take() {
                    // The receiver is gone only when the process ends anyway.
                    Some(first) => drop(first.send(signal)),
                    None => std::process::exit(130),
                }
            }
        });
        Ok(Self(received))
    }

    /// Waits for the first signal.
    pub async fn received(self) -> Shutdown {
        self.0.await.unwrap_or(Shutdown::Interrupt)
    }
}
