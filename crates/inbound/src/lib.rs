//! What every HTTP server of this workspace does before anybody looks into a request: connections are accepted and ended,
//! a body is read within bounds of length and time, what was compressed is undone within the same bound, pages are told
//! what they may read, and who asks for what is only for this machine is turned away.
//!
//! It stands before the pipeline's two ends, the source and the double. Neither knows the other, and both meet the same
//! peers.
//!
//! ```
//! use inbound::Encoding;
//!
//! let mut headers = http::HeaderMap::new();
//! headers.insert("content-encoding", "GZIP".parse()?);
//! let name = inbound::encoding_of(&headers).expect("it is compressed");
//! assert_eq!(Encoding::of_name(&name), Some(Encoding::Gzip));
//!
//! // Sixty bytes may become any number; no more of them than the limit, and one to tell, are ever made.
//! assert!(Encoding::Gzip.decode(b"not gzip", 1_000).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Accepting`]: the loop that accepts connections, and how they end; [`surface()`]: what becomes of a panic in one.
//! - [`Spread`]: where connections are served that are not among the first few.
//! - [`collect()`]: a body up to a limit; [`Timely`]: one that must be complete in time.
//! - [`Encoding`]: what a body is compressed with, and how to undo it.
//! - [`outsider()`]: whether a request comes by another name than this machine's.
//! - [`cors`]: what a browser asks before, and reads after, a page sends to another origin.
//!
//! # Architecture invariants
//!
//! - It knows no route and no event, and answers nothing that one of the servers could word.
//! - Nothing that a peer sends makes it panic, wait for ever, or hold more than the limit it was given.

mod accept;
mod body;
pub mod cors;
mod encoding;
mod host;
mod spread;
mod timely;

pub use accept::{Accepting, surface};
pub use body::{Uncollected, collect};
pub use encoding::{Encoding, KNOWN_IN_WORDS, Undecodable, of_headers as encoding_of};
pub use host::outsider;
pub use spread::Spread;
pub use timely::{Timely, TooSlow};
