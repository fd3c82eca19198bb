//! Another server of the API, as an option names it.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use attribution_mock::{Upstream, UpstreamUrlError};
use clock::Clock;
use outbound::{Sockets, Unconnectable};

use super::{Unusable, roots};

/// The server at the URL that this option gives, reached as the environment says and trusted by the system's roots and those
/// in a PEM file.
///
/// The URL is parsed here and not with the other arguments, whose errors repeat what was typed, credentials included.
pub(super) fn upstream(option: &str, url: &str, timeout: Duration, ca_file: Option<&Path>) -> anyhow::Result<Upstream> {
    let mut sockets = Sockets::default();
    if let Some(ca_file) = ca_file {
        sockets.roots = roots(ca_file)?;
    }
    let upstream = Upstream::over(sockets, url, timeout, &Clock::system()).map_err(|error| match error {
        UpstreamUrlError::Unconnectable(Unconnectable::NoRoots) => anyhow::Error::new(error),
        error => Unusable::new(error).into(),
    });
    upstream.with_context(|| format!("{option} can't be used"))
}
