//! The part of `harness serve` that is about Segment's Tracking API.

use attribution_destination::Dialect;
use clap::Args;

/// `harness serve --source`
#[derive(Args, Debug)]
#[command(next_help_heading = "Segment's Tracking API in front")]
pub struct TrackingApiArgs {
    /// Serve Segment's Tracking API too: what SDKs send to it goes through the real mapping and sender into the double, and
    /// /__admin/pipeline there shows how far each event came.
    #[arg(long)]
    pub source: bool,
    /// The port of the Tracking API; 0 takes a free one and prints it.
    #[arg(long, default_value_t = 7071, value_name = "PORT", requires = "source")]
    pub source_port: u16,
    /// Let this write key send, and give its events to this project. Can be given several times; without it, any write key
    /// may send for the one --project-id.
    #[arg(long = "route", value_name = "WRITE_KEY=PROJECT_ID", requires = "source")]
    pub routes: Vec<String>,
    /// Answer 400 to what is rejected on ingest, where Segment says 200.
    #[arg(long, requires = "source")]
    pub strict_source: bool,
    /// The wire format between sender and double: classic, actions or import.
    #[arg(long, default_value = "classic", value_name = "NAME", requires = "source")]
    pub dialect: Dialect,
    /// Deliver to this endpoint, and serve no double.
    #[arg(
        long,
        value_name = "URL",
        group = "elsewhere",
        requires = "source",
        conflicts_with_all = [
            "any_project", "port", "tls", "tls_cert", "lenient", "rules", "success_status", "success_body",
            "refused_status", "refused_body", "unauthenticated_status", "unauthenticated_body", "faults", "journal",
            "keep", "upstream", "record_to",
        ]
    )]
    pub forward_to: Option<String>,
}
