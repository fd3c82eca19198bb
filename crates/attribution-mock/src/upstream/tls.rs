use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use rustls::client::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, version};

/// The issuers that the system trusts, or where `SSL_CERT_FILE` and `SSL_CERT_DIR` point; `None` where there is not one.
pub(super) fn roots() -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    // Systems carry certificates that this or that library can't read. The others count all the same.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    (!roots.is_empty()).then_some(roots)
}

/// TLS 1.2 and 1.3 for HTTP/1.1; certificates are checked at this clock's time.
pub(super) fn config(roots: RootCertStore, clock: &Clock) -> Arc<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Time(clock.clone())))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .expect("ring has what both versions need")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

#[derive(Debug)]
struct Time(Clock);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let since_1970 = Duration::try_from(self.0.now().as_duration()).ok()?;
        Some(UnixTime::since_unix_epoch(since_1970))
    }
}
