use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::rt::Executor;
use inbound::surface;
use tokio::task::{JoinError, JoinSet};

/// The exchanges of a connection of HTTP/2, each a task of its own; they end with the last clone of this.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    /// Locked for no longer than it takes to add a task or to take out one that has ended.
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl Streams {
    /// Forgets the tasks that have ended, and goes on with the panic of one that ended with it.
    pub(super) fn reap(&self) {
        while let Some(ended) = self.ended() {
            surface(ended);
        }
    }

    fn ended(&self) -> Option<Result<(), JoinError>> {
        self.tasks().try_join_next()
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
{
    fn execute(&self, exchange: F) {
        self.reap();
        self.tasks().spawn(async move {
            exchange.await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[should_panic(expected = "the double broke")]
    async fn the_panic_of_an_exchange_is_the_connection_s() {
        let streams = Streams::default();
        streams.execute(async { panic!("the double broke") });
        while !streams.tasks().is_empty() {
            tokio::task::yield_now().await;
            streams.reap();
        }
    }

    #[tokio::test]
    async fn exchanges_end_with_their_connection() {
        let (alive, ended) = tokio::sync::oneshot::channel::<()>();
        let streams = Streams::default();
        streams.execute(async move {
            let _alive = alive;
            std::future::pending::<()>().await;
        });
        drop(streams);
        assert!(ended.await.is_err());
    }
}
