use std::error::Error;
use std::fmt;
use std::sync::Arc;

use clock::{Clock, Seed};
use http::Uri;
use outbound::{Forwarding, HttpsConnector, Proxies, ProxyError, Sockets, TlsRoots, Unconnectable};
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::connect::Connect;
use super::crew::Crew;
use super::delivery::Courier;
use super::endpoint::Endpoint;
use super::exchange::Exchanger;
use super::gate::Gate;
use super::intake::Intake;
use super::mappers::Mappers;
use super::message_ids::MessageIds;
use super::policy::{Batch, Limits, Ordering, PolicyError, Protection, RetryPolicy};
use super::sender::{Sender, Shared};
use super::worker::Worker;
use crate::settings::{Dialect, Settings};

/// What a [`Sender`] is made of; begin with [`Sender::builder`].
#[derive(Debug)]
pub struct SenderBuilder<C> {
    settings: Settings,
    ingest: bool,
    via: Via<C>,
    endpoint: Endpoint,
    clock: Option<Clock>,
    seed: Option<Seed>,
    policies: Policies,
}

/// Everything that has a default and can be wrong.
#[derive(Clone, Debug, Default)]
struct Policies {
    retry: RetryPolicy,
    limits: Limits,
    batch: Batch,
    ordering: Ordering,
    protection: Protection,
}

impl Policies {
    fn check(&self) -> Result<(), PolicyError> {
        self.retry.check()?;
        self.limits.check()?;
        self.batch.check()?;
        self.protection.check()
    }
}

/// How connections come about.
#[derive(Debug)]
enum Via<C> {
    /// By a connector that is there already.
    Given(C),
    /// Over sockets, by a connector that is made when endpoint and clock are known.
    Sockets(Box<Sockets>, Make<C>),
}

type Make<C> = fn(Sockets, &Uri, &Clock) -> Result<(C, Option<Forwarding>), Unconnectable>;

impl SenderBuilder<HttpsConnector> {
    pub(super) fn new(settings: Settings) -> Self {
        let policies = Policies {
            retry: RetryPolicy::of(settings.dialect),
            ..Policies::default()
        };
        Self {
            settings,
            ingest: true,
            via: Via::Sockets(Box::default(), Sockets::connector),
            endpoint: Endpoint::default(),
            clock: None,
            seed: None,
            policies,
        }
    }

    /// Trusts these issuers of certificates instead of the system's alone. For an `http` endpoint, and for another
    /// connector, they mean nothing.
    #[must_use]
    pub fn tls_roots(mut self, roots: TlsRoots) -> Self {
        if let Via::Sockets(sockets, _) = &mut self.via {
            sockets.roots = roots;
        }
        self
    }

    /// Goes through these proxies instead of the environment's, or through none. For another connector they mean
    /// nothing, nor does the environment.
    #[must_use]
    pub fn proxies(mut self, proxies: Proxies) -> Self {
        if let Via::Sockets(sockets, _) = &mut self.via {
            sockets.proxies = Some(proxies);
        }
        self
    }
}

impl<C> SenderBuilder<C> {
    /// Makes connections by this instead of over sockets. It is asked with the endpoint's address, scheme included, and
    /// has to see to TLS itself where that is `https`; a link in memory may ignore both.
    pub fn connector<D>(self, connector: D) -> SenderBuilder<D> {
        let Self {
            settings,
            ingest,
            via: _,
            endpoint,
            clock,
            seed,
            policies,
        } = self;
        SenderBuilder {
            settings,
            ingest,
            via: Via::Given(connector),
            endpoint,
            clock,
            seed,
            policies,
        }
    }

    /// Whether a message that is submitted as JSON has to be one that Segment's ingest accepts, which it has unless this is
    /// told otherwise. For events that was decided when they were made.
    #[must_use]
    pub fn ingest(self, ingest: bool) -> Self {
        Self { ingest, ..self }
    }

    /// Sends to this instead of `https://track.attributionapp.com`.
    #[must_use]
    pub fn endpoint(self, endpoint: Endpoint) -> Self {
        Self { endpoint, ..self }
    }

    /// Tells the time by this clock instead of by the wall clock; certificates, too, have to be valid at its time.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        Self {
            clock: Some(clock),
            ..self
        }
    }

    /// Draws the jitter from this seed instead of from entropy.
    #[must_use]
    pub fn seed(self, seed: Seed) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// Retries by this policy instead of by the default one.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.policies.retry = retry;
        self
    }

    /// Keeps within these limits instead of within the default ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.policies.limits = limits;
        self
    }

    /// Puts so many events into a request, where the dialect has room for several.
    #[must_use]
    pub fn batch(mut self, batch: Batch) -> Self {
        self.policies.batch = batch;
        self
    }

    /// Delivers in this order instead of in that of each visitor.
    #[must_use]
    pub fn ordering(mut self, ordering: Ordering) -> Self {
        self.policies.ordering = ordering;
        self
    }

    /// Spares the endpoint in this way instead of in the default one.
    #[must_use]
    pub fn protection(mut self, protection: Protection) -> Self {
        self.policies.protection = protection;
        self
    }
}

impl<C: Connect> SenderBuilder<C> {
    /// The sender, which delivers on the tokio runtime that this is called in.
    ///
    /// # Errors
    ///
    /// [`BuildError`], when the parts don't fit each other or there is no runtime.
    pub fn build(self) -> Result<Sender<C>, BuildError> {
        let Self {
            settings,
            ingest,
            via,
            endpoint,
            clock,
            seed,
            policies,
        } = self;
        policies.check().map_err(BuildError::Policy)?;
        let runtime = Handle::try_current().map_err(|_| BuildError::NoRuntime)?;
        let clock = clock.unwrap_or_else(Clock::system);
        let seed = seed.unwrap_or_else(Seed::from_entropy);
        let (connector, forwarding) = match via {
            Via::Given(connector) => (connector, None),
            Via::Sockets(sockets, make) => {
                make(*sockets, &endpoint.address(), &clock).map_err(|error| BuildError::of(error, &endpoint))?
            }
        };
        let Policies {
            retry,
            limits,
            mut batch,
            ordering,
            protection,
        } = policies;
        if settings.dialect != Dialect::Import {
            batch.events = 1;
        }
        let project = settings.project_id.clone();
        let courier = Arc::new(Courier {
            exchanger: Exchanger::new(connector, endpoint, project, retry.timeout, clock.clone()).forwarded(forwarding),
            dialect: settings.dialect,
            gate: Gate::new(&limits, &protection, clock.clone(), seed),
            policy: retry,
            clock: clock.clone(),
            seed,
        });
        let (is_over, watched) = watch::channel(false);
        let worker = Worker {
            crew: Crew::new(runtime.clone(), Arc::clone(&courier), watched, limits.concurrency),
            runtime,
            clock: clock.clone(),
        };
        let intake = Intake::new(&limits, batch, ordering, seed, clock.clone(), move |job| {
            worker.begin(job);
        });
        Ok(Sender::new(Shared {
            mappers: Mappers::new(settings.clone()),
            settings,
            ingest,
            clock,
            limits,
            intake,
            courier,
            message_ids: MessageIds::new(seed),
            is_over,
        }))
    }
}

/// Why there is no sender.
#[derive(Clone, Debug, PartialEq)]
pub enum BuildError {
    /// The endpoint is `https`, but no certificate can be for such a host.
    ServerName(Endpoint),
    /// The endpoint is `https`, but the system trusts no issuer of certificates and none was named.
    NoRoots,
    /// What the environment, or the caller, says about proxies can't be used.
    Proxy(ProxyError),
    /// A policy or a limit would not work.
    Policy(PolicyError),
    /// Not called from within a tokio runtime.
    NoRuntime,
}

impl BuildError {
    fn of(error: Unconnectable, endpoint: &Endpoint) -> Self {
        match error {
            Unconnectable::ServerName => Self::ServerName(endpoint.clone()),
            Unconnectable::NoRoots => Self::NoRoots,
            Unconnectable::Proxy(error) => Self::Proxy(error),
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServerName(endpoint) => write!(
                f,
                "endpoint {endpoint} has a host that no certificate can be for: give a DNS name or an IP address"
            ),
            Self::NoRoots => Unconnectable::NoRoots.fmt(f),
            Self::Proxy(error) => error.fmt(f),
            Self::Policy(_) => f.write_str("the sender's settings would not work"),
            Self::NoRuntime => f.write_str("a sender is built from within a tokio runtime, and there is none here"),
        }
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Policy(error) => Some(error),
            Self::ServerName(_) | Self::Proxy(_) | Self::NoRoots | Self::NoRuntime => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::settings::ProjectId;

    fn builder() -> SenderBuilder<HttpsConnector> {
        Sender::builder(Settings::new(ProjectId::new("demo-project").unwrap()))
    }

    #[tokio::test]
    async fn both_schemes_can_be_sent_to_without_further_ado() {
        assert!(builder().build().is_ok(), "the default endpoint is https");
        for endpoint in ["http://127.0.0.1:1", "https://127.0.0.1:1", "https://[::1]:1/prefix"] {
            assert!(
                builder().endpoint(endpoint.parse().unwrap()).build().is_ok(),
                "{endpoint}"
            );
        }
    }

    #[tokio::test]
    async fn a_host_that_no_certificate_can_be_for_is_refused_for_https_only() {
        let error = builder().endpoint("https://a..b".parse().unwrap()).build().unwrap_err();
        assert_eq!(
            error.to_string(),
            "endpoint https://a..b has a host that no certificate can be for: give a DNS name or an IP address"
        );
        assert!(builder().endpoint("http://a..b".parse().unwrap()).build().is_ok());
    }

    #[tokio::test]
    async fn a_policy_that_would_not_work_is_the_source_of_the_error() {
        let retry = RetryPolicy {
            timeout: Duration::ZERO,
            ..RetryPolicy::default()
        };
        let error = builder()
            .endpoint("http://127.0.0.1:1".parse().unwrap())
            .retry(retry)
            .build()
            .unwrap_err();
        let source = error.source().unwrap().to_string();
        assert_eq!(source, "a timeout of 0ns is too short: give at least 1ms");
        assert!(!error.to_string().contains(&source));
    }

    #[test]
    fn without_a_runtime_there_is_no_sender() {
        let error = builder()
            .endpoint("http://127.0.0.1:1".parse().unwrap())
            .build()
            .unwrap_err();
        assert_eq!(error, BuildError::NoRuntime);
    }

    #[tokio::test]
    async fn nothing_that_can_be_printed_shows_the_project_id() {
        let builder = builder().endpoint("http://127.0.0.1:1".parse().unwrap());
        let before = format!("{builder:?}{builder:#?}");
        let sender = builder.build().unwrap();
        let shown = format!("{before}{sender:?}{sender:#?}");
        assert!(!shown.contains("demo-project") && !shown.contains("ZGVtby"), "{shown}");
    }
}
