//! The product as a user types it, and what must hold of the workspace as a whole.

#![expect(clippy::unwrap_used, reason = "a test that can not go on panics")]

mod architecture;
mod browser;
mod channels;
mod chaos;
mod command;
mod conformance;
mod coverage;
mod explain;
mod explain_received;
mod export;
mod fmt;
mod init;
mod inspector;
mod junit;
mod language;
mod lint;
mod map;
mod misuse;
mod oracle;
mod page;
mod readme;
mod replay;
mod report;
mod reports;
mod run;
mod run_selection;
mod scenario_from;
mod scratch;
mod sdk;
mod send;
mod send_proxy;
mod send_spool;
mod send_stopped;
mod send_tls;
mod serve;
mod serve_journal;
mod serve_network;
mod serve_source;
mod serve_tls;
mod serve_upstream;
mod snapshots;
#[cfg(target_os = "linux")]
mod terminal;
mod trace;
mod wait;
