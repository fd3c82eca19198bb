//! What is done with an exchange besides answering it: it is passed on to another server, kept as a file, or both.
//!
//! [`Tap`] stands around the routes that take events. The double reads, judges and journals each request as ever; then the
//! upstream is asked the same, and its answer is the sender's. What is kept is a [`Recording`], redacted by [`Redaction`].

mod hearing;
mod notice;
mod passage;
mod recorder;
mod recording;
mod redaction;
mod settings;
mod template;

pub use notice::Notice;
pub use recorder::Recorder;
pub use recording::{RecordedAnswer, Recording, RecordingError};
pub use redaction::Redaction;
pub use settings::Tap;
pub use template::RequestTemplate;

pub(crate) use passage::passage;
