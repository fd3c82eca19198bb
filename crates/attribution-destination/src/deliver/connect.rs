use std::error::Error;

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::Connection;
use tower_service::Service;

/// What makes connections for a [`Sender`](super::Sender): a tower service from the endpoint's address to what bytes
/// are read from and written to.
///
/// Whatever is one implements it. Dropping what it returned, or the future that would have, has to close the
/// connection: that is what keeps the number of open ones within
/// [`Limits::concurrency`](super::Limits::concurrency). A connection that has [`ForOneExchange`] among the
/// extras of its `connected()` is not used again.
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

/// That a connection carries one exchange and no other; see [`Connect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForOneExchange;
