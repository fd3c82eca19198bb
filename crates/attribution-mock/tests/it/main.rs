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
mod frames;
mod h2;
mod laws;
mod lifecycle;
mod limits;
mod openapi;
mod peer;
mod projects;
mod rust_api;
mod tap;
mod tap_hostile;
mod tls;
mod verify;
mod wait;
