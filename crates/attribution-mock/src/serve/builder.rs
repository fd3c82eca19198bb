use std::net::{Ipv4Addr, SocketAddr};

use clock::Clock;

use super::server::{MockServer, StartError};
use super::tls::Tls;
use crate::answers::Answers;
use crate::config::{MockConfig, Strictness};
use crate::keep::Keep;
use crate::limits::Limits;
use crate::mock::Mock;
use crate::projects::Projects;

/// A server yet to be started; see [`MockServer::builder`].
#[derive(Clone, Debug)]
#[must_use = "a server runs once it is started"]
pub struct MockServerBuilder {
    address: SocketAddr,
    config: MockConfig,
}

impl MockServerBuilder {
    pub(crate) fn new() -> Self {
        let config = MockConfig::new(Clock::system());
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            config,
        }
    }

    /// Where it listens. Default `127.0.0.1`, at a port that the system chooses.
    pub fn address(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// Who may send: a project id, or [`Projects`]. Default `demo-project`.
    pub fn projects(mut self, projects: impl Into<Projects>) -> Self {
        self.config.projects = projects.into();
        self
    }

    /// What is answered where the live service's answers are not public.
    pub fn answers(mut self, answers: Answers) -> Self {
        self.config.answers = answers;
        self
    }

    /// What is done with a request that breaks a rule. Default [`Strictness::Strict`].
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.config.strictness = strictness;
        self
    }

    /// Its clock, which must be one of real time. Default the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.config.clock = clock;
        self
    }

    /// The longest body that is taken, in bytes. Default 500 KB.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.config.body_limit = bytes;
        self
    }

    /// What one peer, or all of them together, may use up. Default [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.config.limits = limits;
        self
    }

    /// Speaks HTTPS with this. Default none: HTTP.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.config.tls = Some(tls);
        self
    }

    /// Another name than this machine's by which the admin API may be asked; see
    /// [`MockConfig::admin_hosts`](crate::MockConfig::admin_hosts). Can be given several times.
    pub fn admin_host(mut self, name: impl Into<String>) -> Self {
        self.config.admin_hosts.push(name.into());
        self
    }

    /// How much of what was received is kept. Default everything.
    pub fn keep(mut self, keep: Keep) -> Self {
        self.config.keep = Some(keep);
        self
    }

    /// Replaces all of the settings but the address.
    pub fn config(self, config: MockConfig) -> Self {
        Self { config, ..self }
    }

    /// Binds the address and begins to serve.
    ///
    /// # Errors
    ///
    /// When the address can't be bound, for example because something else listens there.
    pub async fn start(self) -> Result<MockServer, StartError> {
        MockServer::bind(self.address, Mock::new(self.config)).await
    }
}
