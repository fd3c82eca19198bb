use std::io::Write;
use std::net::SocketAddr;

use crate::args::ServeArgs;

/// The address is the result, so it goes to standard output; how to go on is for people.
pub(super) fn serving(args: &ServeArgs, address: SocketAddr, url: &str) -> anyhow::Result<()> {
    writeln!(anstream::stdout(), "{url}")?;
    let mut people = anstream::stderr();
    writeln!(
        people,
        "serving a double of track.attributionapp.com; look at {url}/__admin/inspector, stop with Ctrl-C"
    )?;
    if args.tls {
        writeln!(people, "{}", trust(args, url))?;
    }
    if !args.listen.is_loopback() {
        writeln!(people, "{}", exposure(args, address))?;
    }
    Ok(())
}

/// The same of the Tracking API.
pub(super) fn source(args: &ServeArgs, url: &str) -> anyhow::Result<()> {
    writeln!(anstream::stdout(), "{url}")?;
    let mut people = anstream::stderr();
    let into = match &args.source.forward_to {
        Some(_) => "the endpoint of --forward-to",
        None => "the double",
    };
    writeln!(
        people,
        "serving Segment's Tracking API, whose events go through the real sender into {into}; point an SDK's host (in pages: \
         cdnURL) at {url}, look at {url}/__admin/pipeline, stop with Ctrl-C"
    )?;
    if !args.listen.is_loopback() {
        writeln!(
            people,
            "warning: calls are taken from other machines too, from whoever has a write key{}",
            if args.source.routes.is_empty() {
                ", and any will do"
            } else {
                ""
            }
        )?;
    }
    Ok(())
}

/// What became of all events; nothing is left to do when standard error is gone.
pub(super) fn ended(became: &str) {
    let _ = writeln!(anstream::stderr(), "{became}");
}

/// How a client comes to take the certificate.
fn trust(args: &ServeArgs, url: &str) -> String {
    match &args.tls_ca_out {
        Some(file) => {
            let file = file.display();
            format!(
                "the certificate is of this start only; trust it by: curl --cacert {file} {url}/…, \
                 harness send --ca-file {file}"
            )
        }
        None => "the certificate is of this start only; --tls-ca-out FILE writes what clients have to trust".to_owned(),
    }
}

/// What it means not to listen on this machine's own address.
fn exposure(args: &ServeArgs, address: SocketAddr) -> String {
    let own = ["localhost", "127.0.0.1", "[::1]"].into_iter();
    let names: Vec<&str> = own.chain(args.admin_hosts.iter().map(String::as_str)).collect();
    let names = names.join(", ");
    format!(
        "warning: on {address} events are taken from other machines too, from whoever knows the project id; the admin API \
         answers requests to {names} only (--admin-host NAME adds one), which keeps web pages \
         out, but nobody who can reach the port and writes such a Host header"
    )
}
