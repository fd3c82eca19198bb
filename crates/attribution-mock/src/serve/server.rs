use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::panic;
use std::time::Duration;

use attribution_ledger::{Conversion, Entry, Identity, Merge, PageView, RecordedViolation, Visit, Visitor};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinHandle};

use super::builder::MockServerBuilder;
use crate::expect::{Recorded, Unmet, Wanted};
use crate::faults::{Fault, FaultError, FaultGuard};
use crate::mock::Mock;
use crate::signal::Signal;

/// A double of `track.attributionapp.com` on a socket of this machine. It stops when this is dropped.
///
/// ```
/// # use std::error::Error;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn Error>> {
/// use attribution_mock::MockServer;
///
/// let server = MockServer::start().await?;
/// assert!(server.uri().starts_with("http://127.0.0.1:"));
/// // … a sender is pointed at server.uri() …
/// assert!(server.visits().is_empty());
/// assert!(server.shutdown().await.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MockServer {
    mock: Mock,
    address: SocketAddr,
    /// Dropped to ask for a graceful end.
    stop: Option<Signal>,
    serving: JoinHandle<()>,
}

impl MockServer {
    /// A server with all defaults: `127.0.0.1`, a port that the system chooses, project id `demo-project`, strict.
    ///
    /// # Errors
    ///
    /// When the system has no port to give.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A server with other settings.
    ///
    /// ```
    /// # use attribution_mock::{MockServer, StartError, Strictness};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), StartError> {
    /// let server = MockServer::builder().projects("my-project").strictness(Strictness::Lenient).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::new()
    }

    pub(super) async fn bind(address: SocketAddr, mock: Mock) -> Result<Self, StartError> {
        let failed = |source| StartError { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let stop = Signal::new();
        let (engine, stopping) = (mock.clone(), stop.waiter());
        let serving = tokio::spawn(async move { engine.serve(listener, stopping.fired()).await });
        Ok(Self {
            mock,
            address,
            stop: Some(stop),
            serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a sender takes in place of `https://track.attributionapp.com`.
    pub fn uri(&self) -> String {
        let scheme = if self.mock.config().tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    /// The engine behind the socket, with every read and every control.
    pub fn mock(&self) -> &Mock {
        &self.mock
    }

    /// Installs a fault for as long as the guard lives.
    ///
    /// # Errors
    ///
    /// When the fault could never strike, or can't be said in HTTP.
    pub fn fault(&self, fault: Fault) -> Result<FaultGuard, FaultError> {
        self.mock.install(fault)
    }

    /// Stops accepting, lets go what faults hold, gives the exchanges in flight a moment to finish, and returns
    /// everything that was received.
    ///
    /// # Panics
    ///
    /// When the server had panicked.
    pub async fn shutdown(mut self) -> Vec<Entry> {
        self.stop = None;
        if let Err(Ok(panic)) = (&mut self.serving).await.map_err(JoinError::try_into_panic) {
            panic::resume_unwind(panic);
        }
        self.mock.entries()
    }
}

/// Claims of what was received, as on [`Mock`].
impl MockServer {
    /// Tells whether what was received is as expected; see [`Mock::verify`].
    ///
    /// # Errors
    ///
    /// Every way in which it is not, with the rows that come closest; or every mistake in what is expected.
    pub fn verify(&self, expected: impl Into<Value>) -> Result<(), Unmet> {
        self.mock.verify(expected)
    }

    /// Waits until what was received is as expected; see [`Mock::wait_until`].
    ///
    /// # Errors
    ///
    /// Every way in which it is not when the time is up; or every mistake in what is expected, at once.
    pub async fn wait_until(&self, expected: impl Into<Value>, within: Duration) -> Result<(), Unmet> {
        self.mock.wait_until(expected, within).await
    }

    /// Waits until there is such a row, and returns the first; see [`Mock::wait_for`].
    ///
    /// # Errors
    ///
    /// Which rows came closest when the time is up; or every mistake in what is wanted, at once.
    pub async fn wait_for<R: Recorded>(&self, wanted: Wanted<R>, within: Duration) -> Result<R, Unmet> {
        self.mock.wait_for(wanted, within).await
    }
}

/// What Attribution makes of what was received, as of now; [`mock`](MockServer::mock) has more.
impl MockServer {
    /// Every page and screen view, by time.
    pub fn page_views(&self) -> Vec<PageView> {
        self.mock.page_views()
    }

    /// The sessions of page views, by time.
    pub fn visits(&self) -> Vec<Visit> {
        self.mock.visits()
    }

    /// Everyone who was identified.
    pub fn identities(&self) -> Vec<Identity> {
        self.mock.identities()
    }

    /// Every event that is no page view, by time.
    pub fn conversions(&self) -> Vec<Conversion> {
        self.mock.conversions()
    }

    /// Every alias that names both ids, in the order of arrival.
    pub fn merges(&self) -> Vec<Merge> {
        self.mock.merges()
    }

    /// Everyone, known or anonymous, by the time they were first seen.
    pub fn visitors(&self) -> Vec<Visitor> {
        self.mock.visitors()
    }

    /// Every broken rule, in the order of arrival.
    pub fn violations(&self) -> Vec<RecordedViolation> {
        self.mock.violations()
    }
}

impl Drop for MockServer {
    /// Cuts everything off at once, since a drop can't wait.
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A server that could not be started.
#[derive(Debug)]
pub struct StartError {
    /// Where it was to listen.
    pub address: SocketAddr,
    source: io::Error,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't listen on {}", self.address)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use std::future;

    use super::*;
    use crate::config::MockConfig;

    fn serving(serving: JoinHandle<()>) -> MockServer {
        let mock = Mock::new(MockConfig::new(clock::Clock::system()));
        MockServer {
            mock,
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            stop: Some(Signal::new()),
            serving,
        }
    }

    #[tokio::test]
    #[should_panic(expected = "the double broke")]
    async fn a_panic_in_the_server_is_the_caller_s_at_shutdown() {
        serving(tokio::spawn(async { panic!("the double broke") }))
            .shutdown()
            .await;
    }

    #[tokio::test]
    async fn dropping_the_handle_ends_the_server() {
        let (alive, mut ended) = tokio::sync::oneshot::channel::<()>();
        let server = serving(tokio::spawn(async move {
            let _alive = alive;
            future::pending::<()>().await;
        }));
        tokio::task::yield_now().await;
        assert!(
            ended
                .try_recv()
                .is_err_and(|error| error == tokio::sync::oneshot::error::TryRecvError::Empty)
        );
        drop(server);
        assert!(ended.await.is_err());
    }
}
