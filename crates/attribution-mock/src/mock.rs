use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use attribution_ledger::{Assessment, Entry, Ledger};
use axum::Router;

use crate::config::{MockConfig, Strictness};
use crate::exchange::{Answer, Arrival, Reply};
use crate::faults::{Fault, FaultError, FaultGuard, FaultId, InstalledFault, Seen};
use crate::record::Record;

/// The double without a socket: what it has received, which faults are installed, and how it answers.
///
/// Clones share everything. It is served by [`serve`](Self::serve) on a listener, by
/// [`connections`](Self::connections) on any stream, or by [`MockServer`](crate::MockServer), which does the
/// first for a test.
///
/// ```
/// use std::time::Duration;
///
/// use attribution_mock::{Fault, Mock, MockConfig};
/// use clock::Clock;
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
/// runtime.block_on(async {
///     let clock = Clock::starting_at("2024-01-15T10:00:00Z".parse()?);
///     let mock = Mock::new(MockConfig::new(clock.clone()));
///     let _slow = mock.install(Fault::delay(Duration::from_secs(3600)))?;
///
///     let (mut sender, far_end) = tokio::io::duplex(1024);
///     let serving = mock.connections();
///     tokio::spawn(async move { serving.serve(far_end).await });
///     let request = "POST /identify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic ZGVtby1wcm9qZWN0Og==\r\n\
///                    Content-Type: application/json\r\nContent-Length: 20\r\nConnection: close\r\n\r\n\
///                    {\"user_id\":\"user-1\"}";
///     sender.write_all(request.as_bytes()).await?;
///     let mut answer = String::new();
///     sender.read_to_string(&mut answer).await?;
///
///     assert!(answer.contains("date: Mon, 15 Jan 2024 11:00:00 GMT"), "an hour later, in no time");
///     assert_eq!(mock.identities()[0].user_ids, ["user-1"]);
///     Ok(())
/// })
/// # }
/// ```
#[derive(Clone)]
pub struct Mock {
    inner: Arc<Inner>,
}

struct Inner {
    config: MockConfig,
    /// A plain mutex: it is held for the few instructions of one request and never across an await, so no task ever
    /// waits long for it, and the order in which it is taken is the order of arrival.
    record: Mutex<Record>,
}

impl Mock {
    /// A double that has received nothing yet.
    pub fn new(config: MockConfig) -> Self {
        let record = Mutex::new(Record::new(config.ledger));
        Self {
            inner: Arc::new(Inner { config, record }),
        }
    }

    /// How it behaves.
    pub fn config(&self) -> &MockConfig {
        &self.inner.config
    }

    /// Every route, for a server other than this crate's own.
    ///
    /// A fault that closes or resets the connection, or spoils the answer's bytes, can only do so on
    /// [`serve`](Self::serve) and [`connections`](Self::connections); elsewhere the former answers an empty 502, and of
    /// the latter nothing is seen.
    pub fn router(&self) -> Router {
        crate::exchange::router(self.clone())
    }

    /// Installs a fault for as long as the guard lives.
    ///
    /// # Errors
    ///
    /// When the fault could never strike, or can't be said in HTTP.
    pub fn install(&self, fault: Fault) -> Result<FaultGuard, FaultError> {
        self.add_fault(fault).map(|id| FaultGuard::new(self.clone(), id))
    }

    /// Installs a fault until it is removed or the mock is reset.
    ///
    /// # Errors
    ///
    /// When the fault could never strike, or can't be said in HTTP.
    pub fn add_fault(&self, fault: Fault) -> Result<FaultId, FaultError> {
        let now = self.inner.config.clock.elapsed();
        self.record().faults.add(fault, now)
    }

    /// Removes a fault and lets go at once what it holds; tells whether there was such a fault.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.record().faults.remove(id)
    }

    /// The installed faults, used-up ones included, in the order of their installation.
    pub fn faults(&self) -> Vec<InstalledFault> {
        self.record().faults.installed()
    }

    /// Removes every fault, which lets go at once what they hold; tells how many there were.
    pub fn remove_faults(&self) -> usize {
        let mut record = self.record();
        let count = record.faults.installed().len();
        record.faults.clear();
        count
    }

    /// Whether a fault refuses the connection that is being accepted.
    pub(crate) fn refuses(&self) -> bool {
        let now = self.inner.config.clock.elapsed();
        self.record().faults.refuses(now)
    }

    /// Forgets everything received and removes every fault, which lets go at once what they hold.
    pub fn reset(&self) {
        let config = self.inner.config.ledger;
        self.record().reset(config);
    }

    /// Looks at the ledger while nothing changes it.
    ///
    /// Every request waits meanwhile, so the closure should be quick; it must not use the mock, or it waits for itself.
    pub fn with_ledger<R>(&self, look: impl FnOnce(&Ledger) -> R) -> R {
        look(&self.record().ledger)
    }

    /// Everything that was received, oldest first, with the bodies as they came: a browser's has the project id in it, which
    /// [`requests`](Self::requests) doesn't show.
    pub fn entries(&self) -> Vec<Entry> {
        self.record().journal.entries().to_vec()
    }

    /// How many requests were received.
    pub(crate) fn received(&self) -> usize {
        self.record().journal.entries().len()
    }

    /// Takes in a request that arrived in full.
    pub(crate) fn take(&self, arrival: Arrival) -> Reply {
        let assessment = arrival.assess().under(&self.inner.config.ledger.rules);
        let own = self.judge(&assessment);
        let seen = Seen {
            path: &arrival.path,
            dialect: arrival.dialect(),
            messages: &assessment.messages,
        };
        let mut record = self.record();
        let now = self.inner.config.clock.elapsed();
        let reply = match record.faults.strike(seen, now) {
            Some(strike) => Reply::struck(own, strike),
            None => Reply::of(own),
        };
        self.keep(&mut record, arrival, &reply, Some(assessment));
        reply
    }

    /// Journals a request whose event nobody looked at.
    pub(crate) fn turn_away(&self, arrival: Arrival, answer: Answer) -> Reply {
        let reply = Reply::of(answer);
        self.keep(&mut self.record(), arrival, &reply, None);
        reply
    }

    fn keep(&self, record: &mut Record, arrival: Arrival, reply: &Reply, assessment: Option<Assessment>) {
        let received = arrival.received(self.inner.config.clock.now());
        record.append(received, reply.verdict, reply.status, assessment);
    }

    /// What is answered when no fault strikes.
    fn judge(&self, assessment: &Assessment) -> Answer {
        let refused = match self.inner.config.strictness {
            Strictness::Strict => assessment.is_denied(),
            // Even a lenient server can't record what it can't read, and saying otherwise would hide the loss.
            Strictness::Lenient => assessment.is_denied() && assessment.messages.is_empty(),
        };
        if refused {
            Answer::Violations(assessment.violations.clone())
        } else {
            Answer::Success
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // A panic elsewhere is surfaced by whoever joins the server; it must not take the reads with it.
        self.inner.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("config", &self.inner.config)
            .finish_non_exhaustive()
    }
}
