use std::fs;
use std::path::Path;

use anyhow::Context;
use attribution_mock::{SelfSigned, Tls};

use crate::args::ServeArgs;
use crate::commands::Unusable;

/// What HTTPS is spoken with.
pub(super) enum Certificate {
    /// Made at this start.
    Made(SelfSigned),
    /// The user's own.
    Given(Tls),
}

impl Certificate {
    /// The one that was asked for, if one was.
    pub(super) fn of(args: &ServeArgs) -> anyhow::Result<Option<Self>> {
        match (&args.tls_cert, &args.tls_key) {
            (Some(certificate), Some(key)) => given(certificate, key).map(Self::Given).map(Some),
            _ if args.tls => made(args).map(Self::Made).map(Some),
            _ => Ok(None),
        }
    }

    pub(super) fn tls(&self) -> Tls {
        let (Self::Made(SelfSigned { tls, .. }) | Self::Given(tls)) = self;
        tls.clone()
    }

    /// What clients have to trust; of the user's own, they know themselves.
    pub(super) fn ca_pem(&self) -> Option<&str> {
        match self {
            Self::Made(made) => Some(&made.ca_pem),
            Self::Given(_) => None,
        }
    }
}

fn made(args: &ServeArgs) -> anyhow::Result<SelfSigned> {
    let listened_on = Some(args.listen).filter(|address| !address.is_unspecified() && !address.is_loopback());
    let names = args
        .admin_hosts
        .iter()
        .cloned()
        .chain(listened_on.map(|address| address.to_string()));
    Ok(Tls::self_signed(names).map_err(Unusable::new)?)
}

fn given(certificate: &Path, key: &Path) -> anyhow::Result<Tls> {
    let read = |path: &Path| fs::read(path).with_context(|| format!("can't read {}", path.display()));
    Tls::from_pem(&read(certificate)?, &read(key)?)
        .map_err(Unusable::new)
        .with_context(|| {
            format!(
                "can't use --tls-cert {} with --tls-key {}",
                certificate.display(),
                key.display()
            )
        })
}
