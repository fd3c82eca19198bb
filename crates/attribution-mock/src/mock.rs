use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, MutexGuard, OnceLock};

use attribution_ledger::{Assessment, Entry, Ledger, Logged};
use axum::Router;
use jiff::Timestamp;

use crate::config::{MockConfig, Strictness};
use crate::exchange::{Answer, Arrival, Problem, Reply};
use crate::expect::SharedReport;
use crate::faults::{Fault, FaultAction, FaultError, FaultGuard, FaultId, InstalledFault, Seen};
use crate::journal::{self, JournalFileError, JournalOptions, Log, ReadBack};
use crate::namespace::Namespace;
use crate::project_id::ProjectId;
use crate::record::{Record, RecordConfig};
use crate::space::{Space, Spaces};

/// The double without a socket: what it has received, which faults are installed, and how it answers.
///
/// Where several projects send, or several namespaces share a project, this is the double as one of them sees it: the first
/// project, unless [`project`](Self::project) or [`namespace`](Self::namespace) made it. What it reads, what faults it
/// installs and what it forgets is that one's alone. Serving is for all of them, whichever serves.
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
    server: Arc<Server>,
    space: Arc<Space>,
}

struct Server {
    config: MockConfig,
    spaces: Spaces,
    /// Shared with every record.
    log: Arc<OnceLock<Log>>,
}

impl Mock {
    /// A double that has received nothing yet.
    pub fn new(config: MockConfig) -> Self {
        let records = RecordConfig {
            ledger: config.ledger,
            keep: config.keep,
            log: Arc::default(),
        };
        let log = Arc::clone(&records.log);
        let spaces = Spaces::new(&config.projects, records);
        let space = Arc::clone(spaces.home());
        let server = Arc::new(Server { config, spaces, log });
        Self { server, space }
    }

    /// A double that has received what the journal file says, and goes on with it: whatever ends the process, everything
    /// that was answered is there the next time. Faults are not.
    ///
    /// An event that can't be written is answered 507 where the disk is full, else 500, and nothing of it is recorded.
    /// Writing is done in the exchange itself, so a file on a slow disk slows the double down. Where the disk fails to sync,
    /// nobody can tell what is on it: whoever waits for that is answered 500, and nothing more is taken until a restart.
    ///
    /// # Errors
    ///
    /// When the file can't be used, another process uses it, or it is no journal. It is as it was then.
    pub fn with_journal(config: MockConfig, options: &JournalOptions) -> Result<(Self, ReadBack), JournalFileError> {
        let mock = Self::new(config);
        let (log, found) = journal::open(options, |line| mock.server.spaces.restore(line))?;
        mock.server.spaces.replay();
        let is_first = mock.server.log.set(log).is_ok();
        debug_assert!(is_first, "a mock that was just made has no journal file");
        Ok((mock, found))
    }

    /// The same double as this project sees it. That it may send is another thing: see
    /// [`MockConfig::projects`](crate::MockConfig::projects).
    ///
    /// ```
    /// use attribution_mock::{Fault, Mock, MockConfig, Projects};
    ///
    /// let projects = Projects::only("shop").and("blog");
    /// let mock = Mock::new(MockConfig { projects, ..MockConfig::new(clock::Clock::system()) });
    /// let _outage = mock.project("blog").install(Fault::respond(503))?;
    /// assert!(mock.faults().is_empty(), "the shop knows nothing of it");
    /// # Ok::<(), attribution_mock::FaultError>(())
    /// ```
    #[must_use]
    pub fn project(&self, id: impl Into<ProjectId>) -> Self {
        self.seen_from(self.server.spaces.enter(&id.into(), None))
    }

    /// The same double as this namespace of a project sees it.
    #[must_use]
    pub fn namespace(&self, project: impl Into<ProjectId>, namespace: &Namespace) -> Self {
        self.seen_from(self.server.spaces.enter(&project.into(), Some(namespace)))
    }

    fn seen_from(&self, space: Arc<Space>) -> Self {
        let server = Arc::clone(&self.server);
        Self { server, space }
    }

    /// How it behaves.
    pub fn config(&self) -> &MockConfig {
        &self.server.config
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
        let is_home = Arc::ptr_eq(&self.space, self.server.spaces.home());
        if matches!(fault.action, FaultAction::Refuse) && !is_home {
            return Err(FaultError::NotOnItsOwn);
        }
        let now = self.config().clock.elapsed();
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
        let now = self.config().clock.elapsed();
        self.server.spaces.home().record().faults.refuses(now)
    }

    /// Whether a fault may refuse a connection that is yet to come.
    pub(crate) fn may_refuse(&self) -> bool {
        self.server.spaces.home().record().faults.may_refuse()
    }

    /// Forgets everything received and removes every fault, which lets go at once what they hold.
    pub fn reset(&self) {
        let now = self.config().clock.now();
        self.record().reset(self.space.whose(), now);
    }

    /// Resets every project and namespace.
    pub fn reset_all(&self) {
        self.server.spaces.reset(self.config().clock.now());
    }

    /// Looks at the ledger while nothing changes it.
    ///
    /// Every request waits meanwhile, so the closure should be quick; it must not use the mock, or it waits for itself.
    pub fn with_ledger<R>(&self, look: impl FnOnce(&Ledger) -> R) -> R {
        look(&self.record().ledger)
    }

    /// Everything that was received and not [dropped](Self::dropped), oldest first, with the bodies as they came: a
    /// browser's has the project id in it, which [`requests`](Self::requests) doesn't show.
    pub fn entries(&self) -> Vec<Entry> {
        self.record().journal.entries().to_vec()
    }

    /// The lines that a journal file would have of [`entries`](Self::entries), each with its line feed: what
    /// [`with_journal`](Self::with_journal) reads back. As in such a file, the project id is in each.
    ///
    /// ```
    /// use attribution_mock::{Mock, MockConfig};
    ///
    /// let mock = Mock::new(MockConfig::new(clock::Clock::system()));
    /// assert_eq!(mock.journal(), "", "nothing was received yet");
    /// ```
    pub fn journal(&self) -> String {
        let whose = self.space.whose();
        let record = self.record();
        let mut lines = String::new();
        for entry in record.journal.entries() {
            lines.push_str(&whose.line(Logged::Entry(Cow::Borrowed(entry))).encode());
            lines.push('\n');
        }
        lines
    }

    /// How many of the oldest requests were dropped, because more came than [`MockConfig::keep`] says. Whatever is read is made
    /// of the others: where this is not 0, what was asked for may have been among these.
    pub fn dropped(&self) -> u64 {
        self.record().journal.dropped()
    }

    /// How many requests there are.
    pub(crate) fn received(&self) -> usize {
        self.record().journal.entries().len()
    }

    /// The double as each project and namespace sees it, the first project first.
    pub fn everyone(&self) -> Vec<Self> {
        let spaces = self.server.spaces.all().into_iter();
        spaces.map(|space| self.seen_from(space)).collect()
    }

    /// Whose view this is; no project as long as any may send and none has.
    pub fn whose(&self) -> (Option<&ProjectId>, Option<&Namespace>) {
        (self.space.project(), self.space.namespace())
    }

    /// The double as a sender of this project sees it, who was let in.
    pub(crate) fn enter(&self, project: &ProjectId, namespace: Option<&Namespace>) -> Result<Cow<'_, Self>, Problem> {
        let spaces = &self.server.spaces;
        if Arc::ptr_eq(&self.space, spaces.home()) && spaces.is_home(project, namespace) {
            return Ok(Cow::Borrowed(self));
        }
        let space = spaces.enter_from_outside(project, namespace);
        let seen = space.map(|space| Cow::Owned(self.seen_from(space)));
        seen.ok_or(Problem::TooManySpaces)
    }

    /// The double as someone who asks about it sees it. The project can be left out while there is but one.
    pub(crate) fn look(&self, project: Option<&ProjectId>, namespace: Option<&Namespace>) -> Result<Self, Problem> {
        match project {
            Some(project) if self.config().projects.admit(project) || self.server.spaces.knows(project) => {
                self.enter(project, namespace).map(Cow::into_owned)
            }
            Some(_) => Err(Problem::UnknownProject { known: self.projects() }),
            None => self.look_at_the_one(namespace),
        }
    }

    fn look_at_the_one(&self, namespace: Option<&Namespace>) -> Result<Self, Problem> {
        let home = self.server.spaces.home();
        let known = self.projects();
        match (home.project(), namespace) {
            _ if known.len() > 1 => Err(Problem::WhichProject { known }),
            (Some(project), Some(_)) => self.enter(project, namespace).map(Cow::into_owned),
            (None, Some(_)) => Err(Problem::WhichProject { known }),
            (_, None) => Ok(self.seen_from(Arc::clone(home))),
        }
    }

    /// The ids of all projects, each once.
    fn projects(&self) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for space in self.server.spaces.all() {
            ids.extend(
                space
                    .project()
                    .map(|id| id.expose().to_owned())
                    .filter(|id| !ids.contains(id)),
            );
        }
        ids
    }

    /// Takes in a request that arrived in full.
    pub(crate) fn take(&self, arrival: &Arrival) -> Reply {
        let assessment = arrival.assess().under(&self.config().ledger.rules);
        let own = self.judge(&assessment);
        let answers = &self.config().answers;
        let seen = Seen {
            path: &arrival.path,
            dialect: arrival.dialect(),
            messages: &assessment.messages,
        };
        let mut record = self.record();
        let now = self.config().clock.elapsed();
        let reply = match record.faults.strike(seen, now) {
            Some(strike) => {
                record.tally.strikes += 1;
                Reply::struck(own, strike, answers)
            }
            None => Reply::of(own, answers),
        };
        self.keep(&mut record, arrival, reply, assessment, self.config().clock.at(now))
    }

    /// Journals a request that is answered without regard to what it says.
    pub(crate) fn turn_away(&self, arrival: &Arrival, answer: Answer) -> Reply {
        let assessment = arrival.assess();
        let reply = Reply::of(answer, &self.config().answers);
        self.keep(
            &mut self.record(),
            arrival,
            reply,
            assessment,
            self.config().clock.now(),
        )
    }

    /// Records a request; where that fails, the reply is that it did.
    fn keep(
        &self,
        record: &mut Record,
        arrival: &Arrival,
        reply: Reply,
        assessment: Assessment<'_>,
        at: Timestamp,
    ) -> Reply {
        let received = arrival.received(at);
        let answered = (reply.verdict, reply.status);
        match record.append(self.space.whose(), received, answered, assessment) {
            Ok(kept) => reply.once(kept),
            Err(failure) => Reply::of(Answer::Problem(Problem::NotKept(failure)), &self.config().answers),
        }
    }

    /// What is answered when no fault strikes.
    fn judge(&self, assessment: &Assessment<'_>) -> Answer {
        let refused = match self.config().strictness {
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

    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        self.space.record()
    }

    /// The report that all share who wait for it. The record must not be locked before it.
    pub(crate) fn shared_report(&self) -> MutexGuard<'_, SharedReport> {
        let config = self.config();
        self.space.report(config.dashboard_delay, config.ledger)
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("config", self.config())
            .finish_non_exhaustive()
    }
}
