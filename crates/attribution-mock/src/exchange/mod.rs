//! From a request to its answer: routes, authentication, the body with its limit and encoding, and what is said back, to a
//! page as well.

mod answer;
mod arrival;
mod auth;
mod check_auth;
mod claim;
mod ingest;
mod paths;
mod place;
mod problem;
mod reply;
mod router;
mod routes;
mod stopping;

pub(crate) use answer::{Answer, Done, Struck, failure};
pub(crate) use arrival::{Arrival, Uncollected, collect};
pub(crate) use auth::{AuthRejection, authenticate};
pub(crate) use claim::Claim;
pub(crate) use paths::{INGEST, INGEST_IN_WORDS, nearest};
pub(crate) use place::{Asked, Place};
pub(crate) use problem::Problem;
pub(crate) use reply::Reply;
pub(crate) use router::router;
pub(crate) use routes::Routes;
pub(crate) use stopping::Stopping;
