//! What asks the process to end: Ctrl-C, and SIGTERM, which is how containers and service managers do it.

use std::io;

/// Every request to end since this was made. Until then each of them ends the process at once, so it is made before anything that must end in good order.
pub(super) struct Interrupts {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

impl Interrupts {
    #[cfg(unix)]
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let signals = [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?];
        Ok(Self { signals })
    }

    #[cfg(windows)]
    pub(super) fn new() -> io::Result<Self> {
        let ctrl_c = tokio::signal::windows::ctrl_c()?;
        Ok(Self { ctrl_c })
    }

    /// The next one. Those that came while nobody waited count as one.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    /// The next one. Those that came while nobody waited count as one.
    #[cfg(windows)]
    pub(super) async fn next(&mut self) {
        self.ctrl_c.recv().await;
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::{self, Command};

    use super::*;

    fn signal(name: &str) {
        let kill = format!("kill -{name} {}", process::id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    #[test]
    fn what_comes_before_anybody_waits_is_not_lost() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(async {
            let mut interrupts = Interrupts::new().unwrap();
            for name in ["INT", "TERM", "INT"] {
                signal(name);
                interrupts.next().await;
            }
        });
    }
}
