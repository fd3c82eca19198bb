use http::HeaderValue;

use super::action::WrongLength;
use super::hold::Hold;
use super::resolved::Scripted;
use crate::signal::Waiter;

/// What a fault does to one exchange.
#[derive(Debug)]
pub(crate) enum Strike {
    /// It is answered this in place of what is recorded.
    Respond(Scripted),
    /// Its own answer waits.
    Hold(Hold),
    /// It is not recorded, and the connection ends so.
    Before(OnTheWire),
    /// It is recorded, and the connection ends so.
    After(OnTheWire),
    /// It is recorded, and this becomes of its own answer.
    Spoil(OnTheWire),
    /// It is recorded, and its own answer says that it is of this type.
    Mislabel(HeaderValue),
}

/// What is done to the connection in place of sending an answer as it should be. The connection ends with it.
///
/// axum's services can't do that, so it travels as an extension of the response up to the connection.
#[derive(Clone, Debug)]
pub(crate) enum OnTheWire {
    /// No byte, and an orderly end.
    Close,
    /// No byte, and a reset.
    Reset,
    /// The answer up to the middle of its body.
    Truncate,
    /// Bytes that are no HTTP.
    Garbage,
    /// The answer with another length than its body's.
    ContentLength(WrongLength),
    /// The answer, slowly.
    Trickle {
        bytes_per_second: u64,
        /// The removal of the fault, from when on it is not slow any more.
        released: Waiter,
    },
}
