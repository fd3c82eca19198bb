use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use rustls::client::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, version};

/// Which issuers an `https` endpoint's certificate may come from: the system's, and those that are named besides.
///
/// The system's are read when a connector is made and not before: from the operating system's store, or from where
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` point.
#[derive(Clone, Debug)]
pub struct TlsRoots {
    named: RootCertStore,
}

impl TlsRoots {
    /// The system's roots alone.
    pub fn system() -> Self {
        Self {
            named: RootCertStore::empty(),
        }
    }

    /// These roots and every certificate in a PEM text.
    ///
    /// # Errors
    ///
    /// [`TlsRootsError`], when there is none in it or one that can't be read.
    pub fn and_pem(mut self, pem: &[u8]) -> Result<Self, TlsRootsError> {
        let before = self.named.len();
        for (certificate, number) in CertificateDer::pem_slice_iter(pem).zip(1..) {
            let read = certificate.map_err(|_| TlsRootsError::Unreadable { number })?;
            self.named.add(read).map_err(|_| TlsRootsError::Unreadable { number })?;
        }
        if self.named.len() == before {
            return Err(TlsRootsError::NoCertificate);
        }
        Ok(self)
    }

    /// All of them; `None` where there is not one, so that no certificate could ever be trusted.
    pub(crate) fn load(self) -> Option<RootCertStore> {
        let mut roots = self.named;
        // Systems carry certificates that this or that library can't read. The others count all the same.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        (!roots.is_empty()).then_some(roots)
    }
}

impl Default for TlsRoots {
    fn default() -> Self {
        Self::system()
    }
}

/// TLS 1.2 and 1.3 for HTTP/1.1 and nothing else; certificates are checked at this clock's time.
pub(crate) fn config(roots: RootCertStore, clock: &Clock) -> Arc<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(TlsTime(clock.clone())))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])
        .expect("ring has what both versions need")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// The time at which TLS checks certificates, at either end of a connection: a clock's.
#[derive(Clone, Debug)]
pub struct TlsTime(pub Clock);

impl TimeProvider for TlsTime {
    fn current_time(&self) -> Option<UnixTime> {
        let since_1970 = Duration::try_from(self.0.now().as_duration()).ok()?;
        Some(UnixTime::since_unix_epoch(since_1970))
    }
}

/// Why a text gives no [`TlsRoots`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsRootsError {
    /// There is no certificate in it.
    NoCertificate,
    /// One of its certificates can't be read.
    Unreadable {
        /// Which one, from 1.
        number: usize,
    },
}

impl fmt::Display for TlsRootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => {
                f.write_str("there is no certificate in it: give PEM, which begins with -----BEGIN CERTIFICATE-----")
            }
            Self::Unreadable { number } => write!(f, "certificate {number} in it can't be read"),
        }
    }
}

impl Error for TlsRootsError {}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    fn pem() -> String {
        let key = KeyPair::generate().unwrap();
        CertificateParams::default().self_signed(&key).unwrap().pem()
    }

    #[test]
    fn every_certificate_of_a_text_counts() {
        let roots = TlsRoots::system().and_pem((pem() + &pem()).as_bytes()).unwrap();
        assert_eq!(roots.named.len(), 2);
        assert!(roots.load().unwrap().len() >= 2);
    }

    #[test]
    fn what_is_wrong_with_a_text_is_said_with_its_fix() {
        let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let endless = "-----BEGIN CERTIFICATE-----\nAAAA\n";
        let error = |text: &str| TlsRoots::system().and_pem(text.as_bytes()).unwrap_err();
        assert_eq!(error(""), TlsRootsError::NoCertificate);
        assert_eq!(error("garbage"), TlsRootsError::NoCertificate);
        for broken in [cut, endless] {
            assert_eq!(
                error(&(pem() + broken)).to_string(),
                "certificate 2 in it can't be read"
            );
        }
        assert!(TlsRootsError::NoCertificate.to_string().contains("PEM"));
    }

    #[test]
    fn the_time_is_the_clocks() {
        let clock = Clock::flowing_from("2024-01-15T10:00:00Z".parse().unwrap());
        let time = TlsTime(clock).current_time().unwrap();
        assert_eq!(time.as_secs(), 1_705_312_800);
        let before_1970 = Clock::flowing_from("1969-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(TlsTime(before_1970).current_time(), None);
    }
}
