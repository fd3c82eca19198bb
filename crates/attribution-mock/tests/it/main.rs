//! The double as a sender meets it: bytes in, bytes out, over in-memory pipes in virtual time and over real sockets.

mod admin;
mod answers;
mod auth;
mod browser;
mod cors;
mod dialects;
mod encodings;
mod fault_rules;
mod fault_wire;
mod faults;
mod laws;
mod lifecycle;
mod openapi;
mod peer;
mod projects;
mod rust_api;
mod tap;
mod tap_hostile;
mod verify;
mod wait;
