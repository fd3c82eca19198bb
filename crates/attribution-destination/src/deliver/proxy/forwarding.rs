use super::{Credentials, Proxy};
use crate::deliver::endpoint::Endpoint;

/// That requests are given to a proxy, and not to the endpoint by a tunnel or straight.
#[derive(Clone, Debug)]
pub(crate) struct Forwarding {
    /// Sent along with each request.
    pub(crate) credentials: Option<Credentials>,
}

impl Forwarding {
    /// What is to be done for this endpoint: nothing where TLS goes through to it.
    pub(crate) fn by(proxy: Option<&Proxy>, endpoint: &Endpoint) -> Option<Self> {
        proxy.filter(|_| !endpoint.is_https()).map(|proxy| Self {
            credentials: proxy.credentials().cloned(),
        })
    }
}
