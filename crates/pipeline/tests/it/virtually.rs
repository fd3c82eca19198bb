//! Virtual time.

use std::future::Future;

/// Runs on a runtime whose clock is paused, so that it jumps to the next timer whenever nothing can run.
pub(crate) fn virtually<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime of one thread can be built")
        .block_on(future)
}
