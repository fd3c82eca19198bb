//! Where what was received is kept: one place for each project and namespace, so that nothing of one is seen from another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use attribution_ledger::{EntryError, LedgerConfig, Line};
use jiff::Timestamp;

use crate::dashboard::DashboardDelay;
use crate::expect::SharedReport;
use crate::namespace::Namespace;
use crate::project_id::ProjectId;
use crate::projects::Projects;
use crate::record::{Record, RecordConfig, Whose};

/// What was received for one project in one namespace, and what goes wrong there.
#[derive(Debug)]
pub(crate) struct Space {
    /// Unknown as long as any project may send and none has.
    project: OnceLock<ProjectId>,
    namespace: Option<Namespace>,
    /// A plain mutex: it is held for the few instructions of one request and never across an await, so no task ever
    /// waits long for it, and the order in which it is taken is the order of arrival.
    record: Mutex<Record>,
    /// Once somebody has waited for it. Whoever locks both locks this first.
    report: OnceLock<Mutex<SharedReport>>,
}

impl Space {
    fn new(project: Option<&ProjectId>, namespace: Option<&Namespace>, config: RecordConfig) -> Arc<Self> {
        Arc::new(Self {
            project: project.cloned().map(OnceLock::from).unwrap_or_default(),
            namespace: namespace.cloned(),
            record: Mutex::new(Record::new(config)),
            report: OnceLock::new(),
        })
    }

    pub(crate) fn project(&self) -> Option<&ProjectId> {
        self.project.get()
    }

    pub(crate) fn namespace(&self) -> Option<&Namespace> {
        self.namespace.as_ref()
    }

    /// The same for the journal file.
    pub(crate) fn whose(&self) -> Whose<'_> {
        Whose {
            project: self.project().map(ProjectId::expose),
            namespace: self.namespace().map(Namespace::as_str),
        }
    }

    pub(crate) fn record(&self) -> MutexGuard<'_, Record> {
        // A panic elsewhere is surfaced by whoever joins the server; it must not take the reads with it.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The report of what its dashboard shows, which lags so far behind.
    pub(crate) fn report(&self, delay: DashboardDelay, ledger: LedgerConfig) -> MutexGuard<'_, SharedReport> {
        let made = || Mutex::new(SharedReport::new(delay, ledger));
        let report = self.report.get_or_init(made);
        report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is this project's; a space of nobody becomes the project's.
    fn claim(&self, project: &ProjectId) -> bool {
        self.project.get_or_init(|| project.clone()) == project
    }
}

/// All spaces of a server.
#[derive(Debug)]
pub(crate) struct Spaces {
    /// That of the first project, without a namespace. It is there before the project is known.
    home: Arc<Space>,
    others: Mutex<BTreeMap<Key, Arc<Space>>>,
    config: RecordConfig,
}

type Key = (ProjectId, Option<Namespace>);

/// The most spaces that peers can have made.
pub(crate) const MOST: usize = 10_000;

impl Spaces {
    /// Those of the known projects.
    pub(crate) fn new(projects: &Projects, config: RecordConfig) -> Self {
        let spaces = Self {
            home: Space::new(projects.known().first(), None, config.clone()),
            others: Mutex::default(),
            config,
        };
        for project in projects.known() {
            spaces.enter(project, None);
        }
        spaces
    }

    pub(crate) fn home(&self) -> &Arc<Space> {
        &self.home
    }

    /// Whether the home is that of this project and namespace; one of nobody becomes so.
    pub(crate) fn is_home(&self, project: &ProjectId, namespace: Option<&Namespace>) -> bool {
        namespace.is_none() && self.home.claim(project)
    }

    /// The space of this project and namespace, which is made where it is not there yet.
    pub(crate) fn enter(&self, project: &ProjectId, namespace: Option<&Namespace>) -> Arc<Space> {
        if self.is_home(project, namespace) {
            return Arc::clone(&self.home);
        }
        let key = (project.clone(), namespace.cloned());
        let made = || Space::new(Some(project), namespace, self.config.clone());
        Arc::clone(self.others().entry(key).or_insert_with(made))
    }

    /// The same for a peer, who can't have the memory filled with ever more of them: none where there are too many.
    pub(crate) fn enter_from_outside(&self, project: &ProjectId, namespace: Option<&Namespace>) -> Option<Arc<Space>> {
        let key = (project.clone(), namespace.cloned());
        let others = self.others();
        let has_room = self.is_home(project, namespace) || others.len() < MOST || others.contains_key(&key);
        drop(others);
        has_room.then(|| self.enter(project, namespace))
    }

    /// Takes in a line of a journal file. What nobody sent is the first project's to know of, as when it came.
    pub(crate) fn restore(&self, line: Line<'_>) -> Result<(), EntryError> {
        let namespace = line.namespace.as_deref().map(str::parse).transpose();
        let namespace: Option<Namespace> = namespace.map_err(|_| EntryError::Whose)?;
        let space = match line.project {
            Some(project) => self.enter(&ProjectId::from(project), namespace.as_ref()),
            None => Arc::clone(&self.home),
        };
        space.record().restore(line.logged);
        Ok(())
    }

    /// Makes the ledgers of all that was restored.
    pub(crate) fn replay(&self) {
        for space in self.all() {
            space.record().replay();
        }
    }

    /// Whether there is anything of this project.
    pub(crate) fn knows(&self, project: &ProjectId) -> bool {
        self.all().iter().any(|space| space.project() == Some(project))
    }

    /// Empties every space, and forgets those that nobody looks at.
    pub(crate) fn reset(&self, at: Timestamp) {
        for space in self.all() {
            space.record().reset(space.whose(), at);
        }
        self.others().retain(|_, space| Arc::strong_count(space) > 1);
    }

    /// Every space: the first project's own, then by project and namespace.
    pub(crate) fn all(&self) -> Vec<Arc<Space>> {
        let home = Arc::clone(&self.home);
        std::iter::once(home).chain(self.others().values().cloned()).collect()
    }

    fn others(&self) -> MutexGuard<'_, BTreeMap<Key, Arc<Space>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_project_that_sends_takes_the_space_of_nobody() {
        let spaces = Spaces::new(&Projects::any(), RecordConfig::default());
        assert_eq!(spaces.home().project(), None);
        let [first, second] = ["first", "second"].map(ProjectId::from);
        assert!(Arc::ptr_eq(&spaces.enter(&first, None), spaces.home()));
        assert!(!Arc::ptr_eq(&spaces.enter(&second, None), spaces.home()));
        assert!(Arc::ptr_eq(&spaces.enter(&second, None), &spaces.enter(&second, None)));
        assert_eq!(spaces.all().len(), 2);
    }

    #[test]
    fn a_namespace_is_apart_from_its_project_and_from_the_same_of_another() {
        let projects = Projects::only("shop").and("blog");
        let spaces = Spaces::new(&projects, RecordConfig::default());
        let namespace = "test".parse().unwrap();
        for project in projects.known() {
            spaces.enter(project, Some(&namespace));
        }
        let all: Vec<_> = spaces.all();
        let names: Vec<_> = all
            .iter()
            .map(|space| {
                (
                    space.project().map(ProjectId::expose),
                    space.namespace().map(Namespace::as_str),
                )
            })
            .collect();
        assert_eq!(
            names,
            [
                (Some("shop"), None),
                (Some("blog"), None),
                (Some("blog"), Some("test")),
                (Some("shop"), Some("test"))
            ]
        );
    }
}
