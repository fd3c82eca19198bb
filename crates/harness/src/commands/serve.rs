//! `harness serve`: the double on a socket, until it is interrupted.

mod announce;
mod certificate;
mod setup;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context;
use tokio::net::TcpListener;

use self::certificate::Certificate;
use super::interrupts::Interrupts;
use super::{Unusable, whole_file};
use crate::args::ServeArgs;
use crate::exit::ExitStatus;

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<ExitStatus> {
    let Some(projects) = setup::projects(args) else {
        return Ok(ExitStatus::Invalid);
    };
    let faults = match setup::faults(&args.faults) {
        Ok(faults) => faults,
        Err(status) => return Ok(status),
    };
    let certificate = Certificate::of(args)?;
    let config = setup::config(args, projects, certificate.as_ref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("can't start the runtime")?;
    runtime.block_on(async {
        let mock = setup::mock(config, args)?;
        for fault in faults {
            mock.add_fault(fault).map_err(Unusable::new)?;
        }
        let mut interrupts = Interrupts::new().context("can't listen for Ctrl-C")?;
        let listener = listen(SocketAddr::new(args.listen, args.port)).await?;
        let address = listener.local_addr().context("can't tell the address")?;
        let url = url(address, certificate.is_some());
        if let (Some(file), Some(ca_pem)) = (&args.tls_ca_out, certificate.as_ref().and_then(Certificate::ca_pem)) {
            whole_file::write(file, ca_pem)?;
        }
        let ready = format!("{url}\n");
        if let Some(file) = &args.ready_file {
            whole_file::write(file, &ready)?;
        }
        announce::serving(args, address, &url)?;
        mock.serve(listener, async move { interrupts.next().await }).await;
        if let Some(file) = &args.ready_file {
            whole_file::remove(file, &ready);
        }
        Ok(ExitStatus::Passed)
    })
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        let (ip, port) = (address.ip(), address.port());
        if ip.is_loopback() || ip.is_unspecified() {
            format!("can't listen on {address} (is another server running? --port 0 takes a free port)")
        } else {
            format!(
                "can't listen on {address} (has this machine the address {ip}, and no other server the port {port}?)"
            )
        }
    })
}

/// How the server is reached from this machine.
fn url(address: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_one_that_can_be_asked() {
        let of = |address: &str, tls| url(address.parse().unwrap(), tls);
        assert_eq!(of("127.0.0.1:7070", false), "http://127.0.0.1:7070");
        assert_eq!(of("0.0.0.0:1", true), "https://127.0.0.1:1");
        assert_eq!(of("[::]:7070", false), "http://[::1]:7070");
        assert_eq!(of("10.0.0.1:7070", false), "http://10.0.0.1:7070");
    }
}
