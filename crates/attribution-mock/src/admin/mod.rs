//! What a test or a person asks the double itself, below `/__admin/`. It needs no project id, so it answers to this
//! machine only.

mod ask;
mod control;
mod loopback;
mod mistake;
pub(crate) mod openapi;
pub(crate) mod reads;
pub(crate) mod verify;

pub(crate) use control::{add_fault, faults, remove_fault, remove_faults, reset};
pub(crate) use loopback::loopback_only;
pub(crate) use mistake::Mistake;
