use http::Uri;

use super::{Credentials, Proxy};
use crate::address::is_https;

/// That requests are given to a proxy, in absolute form, and not to the endpoint by a tunnel or straight.
#[derive(Clone, Debug)]
pub struct Forwarding {
    /// Sent along with each request.
    pub credentials: Option<Credentials>,
}

impl Forwarding {
    /// What is to be done for this endpoint: nothing where TLS goes through to it.
    pub(crate) fn by(proxy: Option<&Proxy>, address: &Uri) -> Option<Self> {
        proxy.filter(|_| !is_https(address)).map(|proxy| Self {
            credentials: proxy.credentials().cloned(),
        })
    }
}
