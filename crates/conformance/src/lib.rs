//! Golden requests played against any server of Attribution's API, each answer held against what the double says to the same
//! request: so the double can be held against the real service, or somebody else's server against the double.
//!
//! It stands beside the pipeline: what it sends are the bytes that `fixtures/wire/` holds both halves to, and whom it asks
//! are the double, in memory, and a target, over sockets.
//!
//! ```text
//!  Case ──fill──▶ request ──┬──▶ the double ──▶ answer ─┐
//!                           └──▶ the target ──▶ answer ─┴─▶ compare ──▶ CaseReport
//! ```
//!
//! ```
//! use std::time::Duration;
//!
//! use attribution_mock::{MockServer, Upstream};
//! use clock::Clock;
//! use conformance::{Glob, Player, Verdict, golden};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start().await?;
//! let target = Upstream::new(&server.uri(), Duration::from_secs(10), &Clock::system())?;
//! let player = Player::new(target, "demo-project".into(), Clock::system());
//! let glob = Glob::new("classic/rejected/*");
//! for case in golden().iter().filter(|case| glob.matches(&case.name)) {
//!     assert_eq!(player.play(case).await.verdict, Verdict::Same, "{}", case.name);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - `cases`: [`Case`], and where they come from: [`golden()`] has the fixtures and what the protocol demands, [`Case::read`]
//!   reads a fixture or what `harness serve --record-to` wrote.
//! - `play`: [`Player`], which asks both.
//! - `compare`: [`Difference`]s between two answers, and what they may mean.
//! - `report`: [`CaseReport`].
//!
//! # Architecture invariants
//!
//! - Nothing here prints, and nothing knows the command line.
//! - No case names a project: the project id is filled in when it is played, and is in no report.
//! - No redirect is followed and nothing is sent twice.

mod cases;
mod compare;
mod play;
mod report;

pub use cases::{Case, CaseError, Glob, golden};
pub use compare::{Difference, Scope};
pub use play::Player;
pub use report::{CaseReport, Verdict};
