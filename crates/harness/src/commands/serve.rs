//! `harness serve`: the double on a socket, and Segment's Tracking API before it if asked for, until it is interrupted.

mod announce;
mod certificate;
mod setup;
mod source;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::Context;
use attribution_mock::{Fault, Mock, MockConfig, Spread};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use self::certificate::Certificate;
use self::source::Routes;
use super::interrupts::Interrupts;
use super::{Unusable, whole_file};
use crate::args::ServeArgs;
use crate::exit::ExitStatus;

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<ExitStatus> {
    let routes = if args.source.source {
        match Routes::of(args)? {
            Some(routes) => Some(routes),
            None => return Ok(ExitStatus::Invalid),
        }
    } else {
        None
    };
    let of_routes = routes.as_ref().map_or(&[][..], |routes| &routes.projects);
    let Some(projects) = setup::projects(args, of_routes) else {
        return Ok(ExitStatus::Invalid);
    };
    let faults = match setup::faults(&args.faults) {
        Ok(faults) => faults,
        Err(status) => return Ok(status),
    };
    let certificate = Certificate::of(args)?;
    let mut config = setup::config(args, projects, certificate.as_ref())?;
    let many = runtime(Builder::new_multi_thread())?;
    // A source shares the double's runtime, and its sender comes over many connections: both need every core.
    let few = match &routes {
        None => Some(runtime(Builder::new_current_thread())?),
        Some(_) => None,
    };
    config.spread = few.is_some().then(|| Spread::onto(many.handle().clone()));
    few.as_ref().unwrap_or(&many).block_on(async {
        let mut interrupts = Interrupts::new().context("can't listen for Ctrl-C")?;
        let double = match args.source.forward_to {
            None => Some(Double::start(args, config, faults, certificate.as_ref()).await?),
            Some(_) => None,
        };
        let mock = double.as_ref().map(|double| &double.mock);
        let source = match routes {
            Some(routes) => Some(source::Serving::start(args, routes, mock).await?),
            None => None,
        };
        let urls = double.iter().map(|double| &*double.url);
        let urls: Vec<&str> = urls.chain(source.iter().map(|source| &*source.url)).collect();
        let ready = urls.join("\n") + "\n";
        if let Some(file) = &args.ready_file {
            whole_file::write(file, &ready)?;
        }
        if let Some(double) = &double {
            announce::serving(args, double.address, &double.url)?;
        }
        if let Some(source) = &source {
            announce::source(args, &source.url)?;
        }
        serve(double, source, &mut interrupts).await;
        if let Some(file) = &args.ready_file {
            whole_file::remove(file, &ready);
        }
        Ok(ExitStatus::Passed)
    })
}

fn runtime(mut builder: Builder) -> anyhow::Result<Runtime> {
    builder.enable_all().build().context("can't start the runtime")
}

/// Serves until it is interrupted. The double outlives the source, whose events it is still to get.
async fn serve(double: Option<Double>, source: Option<source::Serving>, interrupts: &mut Interrupts) {
    let Some(source) = source else {
        if let Some(Double { mock, listener, .. }) = double {
            mock.serve(listener, interrupts.next()).await;
        }
        return;
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let doubled = async {
        if let Some(Double { mock, listener, .. }) = double {
            // An error is a source that has ended, which says the same.
            mock.serve(listener, async { drop(stopped.await) }).await;
        }
    };
    let sourced = async {
        let became = source.serve(interrupts).await;
        announce::ended(&became);
        drop(stop);
    };
    tokio::join!(doubled, sourced);
}

/// A double that listens.
struct Double {
    mock: Mock,
    listener: TcpListener,
    address: SocketAddr,
    url: String,
}

impl Double {
    async fn start(
        args: &ServeArgs,
        config: MockConfig,
        faults: Vec<Fault>,
        certificate: Option<&Certificate>,
    ) -> anyhow::Result<Self> {
        let mock = setup::mock(config, args)?;
        for fault in faults {
            mock.add_fault(fault).map_err(Unusable::new)?;
        }
        let listener = listen(SocketAddr::new(args.listen, args.port), "--port").await?;
        let address = listener.local_addr().context("can't tell the address")?;
        let url = url(address, certificate.is_some());
        if let (Some(file), Some(ca_pem)) = (&args.tls_ca_out, certificate.and_then(Certificate::ca_pem)) {
            whole_file::write(file, ca_pem)?;
        }
        Ok(Self {
            mock,
            listener,
            address,
            url,
        })
    }
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        let (ip, port) = (address.ip(), address.port());
        if ip.is_loopback() || ip.is_unspecified() {
            format!("can't listen on {address} (is another server running? {option} 0 takes a free port)")
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
