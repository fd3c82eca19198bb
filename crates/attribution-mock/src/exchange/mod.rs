//! From a request to its answer: routes, authentication, the body with its limit and encoding, and what is said back, to a
//! page as well.

mod answer;
mod arrival;
mod auth;
mod check_auth;
mod claim;
mod cors;
mod encoding;
mod ingest;
mod paths;
mod problem;
mod reply;
mod router;
mod stopping;
mod timely;

pub(crate) use answer::{Answer, Severed};
pub(crate) use arrival::Arrival;
pub(crate) use paths::{INGEST, INGEST_IN_WORDS, nearest};
pub(crate) use problem::Problem;
pub(crate) use reply::Reply;
pub(crate) use router::router;
pub(crate) use stopping::Stopping;
pub(crate) use timely::Timely;
