use std::error::Error;
use std::fmt;
use std::sync::Arc;

use clock::Clock;
use outbound::TlsTime;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, version};
use tokio_rustls::TlsAcceptor;

/// What every certificate made here is for.
const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The certificate and the key with which HTTPS is spoken: TLS 1.2 and 1.3, with HTTP/2 for whoever asks for it.
///
/// ```
/// use attribution_mock::{MockServer, SelfSigned, Tls};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let SelfSigned { tls, ca_pem } = Tls::self_signed(["attribution"])?;
/// let server = MockServer::builder().tls(tls).start().await?;
/// assert!(server.uri().starts_with("https://127.0.0.1:"));
/// assert!(ca_pem.starts_with("-----BEGIN CERTIFICATE-----"), "what a sender has to trust");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tls {
    certified: Arc<CertifiedKey>,
}

/// A certificate that was made here, and what makes others trust it.
#[derive(Clone, Debug)]
pub struct SelfSigned {
    /// What the server speaks with.
    pub tls: Tls,
    /// The certificate of its issuer as PEM, which a client must trust. The issuer's key is gone: nobody can use this to
    /// vouch for anything else.
    pub ca_pem: String,
}

impl Tls {
    /// A new certificate for this machine, that is for `localhost`, `127.0.0.1` and `::1`, and for these names and
    /// addresses besides.
    ///
    /// It does not expire while anyone may read this, so a test may set its clock to any time.
    ///
    /// # Errors
    ///
    /// When one of the names can't stand in a certificate.
    pub fn self_signed<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<SelfSigned, TlsError> {
        let issuer = issuer().map_err(TlsError::made)?;
        let mut params = CertificateParams::default();
        for name in THIS_MACHINE
            .into_iter()
            .map(String::from)
            .chain(names.into_iter().map(Into::into))
        {
            let of_this = CertificateParams::new([name.clone()]).map_err(|_| TlsError::Name { name })?;
            params.subject_alt_names.extend(of_this.subject_alt_names);
        }
        params.distinguished_name.push(DnType::CommonName, "harness serve");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(TlsError::made)?;
        let certificate = params.signed_by(&key, &issuer).map_err(TlsError::made)?;
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let tls = Self::new(vec![certificate.der().clone()], &key)?;
        let ca_pem = issuer.pem();
        Ok(SelfSigned { tls, ca_pem })
    }

    /// These certificates, the server's own first and its issuers' after it, and the key of the first, all as PEM.
    ///
    /// # Errors
    ///
    /// When one of them can't be read, or the key is not the certificate's.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(certificates)
            .zip(1..)
            .map(|(certificate, number)| certificate.map_err(|_| TlsError::UnreadableCertificate { number }))
            .collect::<Result<Vec<_>, _>>()?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = match PrivateKeyDer::from_pem_slice(key) {
            Ok(key) => key,
            Err(rustls::pki_types::pem::Error::NoItemsFound) => return Err(TlsError::NoKey),
            Err(_) => return Err(TlsError::UnusableKey),
        };
        Self::new(chain, &key)
    }

    fn new(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let key = ring::sign::any_supported_type(key).map_err(|_| TlsError::UnusableKey)?;
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(Self {
                certified: Arc::new(certified),
            }),
            Err(rustls::Error::InconsistentKeys(_)) => Err(TlsError::OtherKey),
            Err(_) => Err(TlsError::UnreadableCertificate { number: 1 }),
        }
    }

    /// What shakes hands with this, by the time of this clock.
    pub(super) fn acceptor(&self, clock: &Clock) -> TlsAcceptor {
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_details(provider, Arc::new(TlsTime(clock.clone())))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .expect("ring has what both versions need")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(&self.certified))));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Who vouches for the certificate. A root apart from it is what every client takes; some take no server that is its own.
fn issuer() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "harness serve: this start only");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

/// Why there is no [`Tls`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsError {
    /// There is no certificate in the text.
    NoCertificate,
    /// One of the certificates can't be read.
    UnreadableCertificate {
        /// Which one, from 1.
        number: usize,
    },
    /// There is no private key in the text, or only one that is encrypted.
    NoKey,
    /// The private key can't be read, or is of a kind that is not supported.
    UnusableKey,
    /// The private key is not that of the first certificate.
    OtherKey,
    /// This can't be the name of a server.
    Name {
        /// What was given.
        name: String,
    },
    /// No certificate could be made.
    NotMade {
        /// Why.
        reason: String,
    },
}

impl TlsError {
    #[expect(clippy::needless_pass_by_value, reason = "it is made for `map_err`")]
    fn made(error: rcgen::Error) -> Self {
        Self::NotMade {
            reason: error.to_string(),
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => {
                f.write_str("there is no certificate in it: give PEM, which begins with -----BEGIN CERTIFICATE-----")
            }
            Self::UnreadableCertificate { number } => write!(f, "certificate {number} in it can't be read"),
            Self::NoKey => f.write_str(
                "there is no private key in it: give PEM, not encrypted, which begins with -----BEGIN PRIVATE KEY-----",
            ),
            Self::UnusableKey => {
                f.write_str("its private key can't be used: give RSA, ECDSA (P-256, P-384) or Ed25519")
            }
            Self::OtherKey => {
                f.write_str("its private key is not that of the certificate, or of the first one of several")
            }
            Self::Name { name } => write!(
                f,
                "{name:?} can't stand in a certificate: give a host's name or address"
            ),
            Self::NotMade { reason } => write!(f, "no certificate could be made: {reason}"),
        }
    }
}

impl Error for TlsError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem() -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["localhost".to_owned()])
            .unwrap()
            .self_signed(&key);
        (certificate.unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn a_certificate_and_its_key_are_taken_with_whatever_stands_around_them() {
        let (certificate, key) = pem();
        let (issuer, _) = pem();
        Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
        let together = format!("a comment\n{key}{certificate}{issuer}");
        let tls = Tls::from_pem(together.as_bytes(), together.as_bytes()).unwrap();
        assert_eq!(tls.certified.cert.len(), 2);
    }

    #[test]
    fn what_is_wrong_with_a_text_is_told_apart() {
        let (certificate, key) = pem();
        let (_, other) = pem();
        let section = |name: &str, text: &str| format!("-----BEGIN {name}-----\n{text}\n-----END {name}-----\n");
        let error = |certificates: &str, key: &str| Tls::from_pem(certificates.as_bytes(), key.as_bytes()).unwrap_err();
        assert_eq!(error("", &key), TlsError::NoCertificate);
        assert_eq!(error(&key, &key), TlsError::NoCertificate);
        assert_eq!(error(&certificate, &certificate), TlsError::NoKey);
        assert_eq!(
            error(&certificate, &section("ENCRYPTED PRIVATE KEY", "AAAA")),
            TlsError::NoKey
        );
        assert_eq!(
            error(&certificate, &section("PRIVATE KEY", "AAAA")),
            TlsError::UnusableKey
        );
        assert_eq!(error(&certificate, &section("PRIVATE KEY", "?")), TlsError::UnusableKey);
        assert_eq!(error(&certificate, &other), TlsError::OtherKey);
        let unreadable = |number| TlsError::UnreadableCertificate { number };
        assert_eq!(error(&section("CERTIFICATE", "AAAA"), &key), unreadable(1));
        assert_eq!(
            error(&(certificate + &section("CERTIFICATE", "?")), &key),
            unreadable(2)
        );
    }

    #[test]
    fn a_name_that_no_server_can_have_is_named() {
        let error = Tls::self_signed(["attribution", "ümlaut"]).unwrap_err();
        assert!(error.to_string().contains("ümlaut"), "{error}");
    }

    #[test]
    fn a_key_is_never_shown() {
        let (certificate, key) = pem();
        let tls = Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
        assert_eq!(format!("{tls:?}"), "Tls { .. }");
    }
}
