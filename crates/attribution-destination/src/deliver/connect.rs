use std::error::Error;
use std::fmt;
use std::sync::Arc;

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tower_service::Service;

/// What makes connections for a [`Sender`](super::Sender): a tower service from the endpoint's address to what bytes
/// are read from and written to.
///
/// Whatever is one implements it. Dropping what it returned, or the future that would have, has to close the
/// connection: that is what keeps the number of open ones within
/// [`Limits::concurrency`](super::Limits::concurrency). A connection that has a [`Reuse`] among the extras of its
/// `connected()` is used again only where that allows it.
pub trait Connect:
    Service<
        Uri,
        Response: Read + Write + Connection + Send + Unpin + 'static,
        Error: Into<Box<dyn Error + Send + Sync>> + Send,
        Future: Send,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<C> Connect for C where
    C: Service<
            Uri,
            Response: Read + Write + Connection + Send + Unpin + 'static,
            Error: Into<Box<dyn Error + Send + Sync>> + Send,
            Future: Send,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// Whether a connection may carry another exchange, asked before each but the first; see [`Connect`].
///
/// ```
/// use attribution_destination::deliver::Reuse;
/// use hyper_util::client::legacy::connect::Connected;
///
/// let connected = Connected::new().extra(Reuse::when(|| false));
/// # let _ = connected;
/// ```
#[derive(Clone)]
pub struct Reuse(Arc<dyn Fn() -> bool + Send + Sync>);

impl Reuse {
    /// It may as long as this says so, which may be asked several times before it does.
    pub fn when(may_be_used: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(may_be_used))
    }

    pub(super) fn is_allowed(&self) -> bool {
        (self.0)()
    }
}

impl fmt::Debug for Reuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reuse").finish_non_exhaustive()
    }
}
