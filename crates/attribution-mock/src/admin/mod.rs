//! What a test or a person asks the double itself, below `/__admin/`. It needs no project id, so it answers to this
//! machine only.

//!
//! What is asked for in a query is read by `ask`, which tells all mistakes at once; `listing` cuts lists into parts.

mod ask;
mod control;
pub(crate) mod events;
pub(crate) mod inspector;
mod listing;
pub(crate) mod lists;
mod loopback;
pub(crate) mod metrics;
mod mistake;
pub(crate) mod openapi;
mod posted;
pub(crate) mod reads;
pub(crate) mod requests;
pub(crate) mod rules;
pub(crate) mod verify;
pub(crate) mod visitor;

pub(crate) use control::{add_fault, faults, remove_fault, remove_faults, reset};
pub(crate) use loopback::loopback_only;
pub(crate) use mistake::{Mistake, excerpt};
