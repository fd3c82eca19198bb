//! Time and chance: one [`Clock`] and one [`Seed`], made at the top and handed to everything below.
//!
//! Nothing else in the workspace reads the wall clock or makes randomness, so one seed and one epoch decide a whole
//! run. Every stage of the pipeline that waits, stamps or rolls dice takes one of these two; this crate knows none of
//! the stages.
//!
//! ```
//! use std::time::Duration;
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
//! runtime.block_on(async {
//!     let clock = clock::Clock::starting_at("2024-01-15T10:00:00Z".parse()?);
//!     clock.sleep(Duration::from_secs(4 * 60 * 60)).await; // virtual: no real time passes
//!     assert_eq!(clock.now(), "2024-01-15T14:00:00Z".parse()?);
//!
//!     let mut jitter = clock::Seed::from(7).random("jitter");
//!     assert!(jitter.duration_up_to(Duration::from_secs(1)) <= Duration::from_secs(1));
//!     Ok::<(), Box<dyn std::error::Error>>(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Clock`] is an epoch and the runtime's own clock; [`Clock::quiesce`] waits for work without letting time pass.
//! - [`duration()`] reads spans of time as people write them.
//! - [`Exchange`] and [`Parked`] are the guards it counts to know whether work is going on.
//! - [`Seed`] names a run's randomness; [`Random`] is one independent stream of it.
//!
//! # Architecture invariants
//!
//! - No workspace crate is a dependency of this one.
//! - This is the only crate that calls the wall clock or tokio's `Instant::now`; `disallowed-methods` sees to it.
//! - There is no global: a clock or a seed that was not handed over can't be reached.

mod clock;
mod duration;
mod gauge;
mod quiesce;
mod random;
mod seed;

pub use clock::Clock;
pub use duration::{DurationError, duration};
pub use gauge::{Exchange, Parked};
pub use random::Random;
pub use seed::{Seed, SeedError};
