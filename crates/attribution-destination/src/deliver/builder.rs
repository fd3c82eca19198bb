use std::error::Error;
use std::fmt;

use clock::{Clock, Seed};
use hyper_util::client::legacy::connect::Connect;
use tokio::runtime::Handle;

use super::connector::TcpConnector;
use super::delivery::Courier;
use super::endpoint::Endpoint;
use super::exchange::Exchanger;
use super::intake::Intake;
use super::policy::{PolicyError, RetryPolicy};
use super::sender::{Sender, Shared};
use crate::settings::Settings;

/// What a [`Sender`] is made of; begin with [`Sender::builder`].
#[derive(Debug)]
pub struct SenderBuilder<C> {
    settings: Settings,
    connector: C,
    carries_https: bool,
    endpoint: Endpoint,
    clock: Option<Clock>,
    seed: Option<Seed>,
    retry: RetryPolicy,
}

impl SenderBuilder<TcpConnector> {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            connector: TcpConnector::new(),
            carries_https: false,
            endpoint: Endpoint::default(),
            clock: None,
            seed: None,
            retry: RetryPolicy::default(),
        }
    }
}

impl<C> SenderBuilder<C> {
    /// Makes connections by this instead of by TCP. It is asked with the endpoint's address, scheme included, and has to
    /// see to TLS itself where that is `https`; a link in memory may ignore both.
    pub fn connector<D>(self, connector: D) -> SenderBuilder<D> {
        let Self {
            settings,
            connector: _,
            carries_https: _,
            endpoint,
            clock,
            seed,
            retry,
        } = self;
        SenderBuilder {
            settings,
            connector,
            carries_https: true,
            endpoint,
            clock,
            seed,
            retry,
        }
    }

    /// Sends to this instead of `https://track.attributionapp.com`.
    #[must_use]
    pub fn endpoint(self, endpoint: Endpoint) -> Self {
        Self { endpoint, ..self }
    }

    /// Tells the time by this clock instead of by the wall clock.
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
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }
}

impl<C: Connect + Clone + Send + Sync + 'static> SenderBuilder<C> {
    /// The sender, which delivers on the tokio runtime that this is called in.
    ///
    /// # Errors
    ///
    /// [`BuildError`], when the parts don't fit each other or there is no runtime.
    pub fn build(self) -> Result<Sender<C>, BuildError> {
        let Self {
            settings,
            connector,
            carries_https,
            endpoint,
            clock,
            seed,
            retry,
        } = self;
        if endpoint.is_https() && !carries_https {
            return Err(BuildError::NeedsTls(endpoint));
        }
        retry.check().map_err(BuildError::Policy)?;
        let runtime = Handle::try_current().map_err(|_| BuildError::NoRuntime)?;
        let clock = clock.unwrap_or_else(Clock::system);
        let project = settings.project_id.clone();
        let exchanger = Exchanger::new(connector, endpoint, project, retry.timeout, clock.clone());
        Ok(Sender::new(Shared {
            runtime,
            settings,
            seed: seed.unwrap_or_else(Seed::from_entropy),
            intake: Intake::new(retry.queue),
            courier: Courier::new(exchanger, retry.clone(), clock.clone()),
            retry,
            clock,
        }))
    }
}

/// Why there is no sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildError {
    /// The endpoint is `https`, but the connector speaks plain TCP only.
    NeedsTls(Endpoint),
    /// The retry policy would not work.
    Policy(PolicyError),
    /// Not called from within a tokio runtime.
    NoRuntime,
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsTls(endpoint) => write!(
                f,
                "endpoint {endpoint} needs TLS, which the plain TCP connector lacks: \
                 give an http:// endpoint, or a connector that speaks TLS"
            ),
            Self::Policy(_) => f.write_str("the retry policy would not work"),
            Self::NoRuntime => f.write_str("a sender is built from within a tokio runtime, and there is none here"),
        }
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Policy(error) => Some(error),
            Self::NeedsTls(_) | Self::NoRuntime => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::settings::ProjectId;

    fn builder() -> SenderBuilder<TcpConnector> {
        Sender::builder(Settings::new(ProjectId::new("demo-project").unwrap()))
    }

    #[tokio::test]
    async fn plain_tcp_to_the_real_endpoint_is_refused_and_another_connector_is_not() {
        let error = builder().build().unwrap_err();
        assert_eq!(
            error.to_string(),
            "endpoint https://track.attributionapp.com needs TLS, which the plain TCP connector lacks: \
             give an http:// endpoint, or a connector that speaks TLS"
        );
        assert!(
            builder()
                .endpoint("http://127.0.0.1:1".parse().unwrap())
                .build()
                .is_ok()
        );
        assert!(builder().connector(TcpConnector::new()).build().is_ok());
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
