use std::future::{self, Future};
use std::{io, panic};

use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

/// A second runtime of several threads, beside one of a single thread that serves.
///
/// The requests of a few connections are answered soonest by one thread: nobody has to be woken for them. Those of many are by
/// several. So the first [`FEW`](Self::FEW) connections stay where they are accepted, and the others are served on the second
/// runtime, as is whatever takes long and would hold the first ones up.
///
/// ```
/// use inbound::Spread;
/// use tokio::runtime::Builder;
///
/// let many = Builder::new_multi_thread().build()?;
/// let spread = Spread::onto(many.handle().clone());
/// let one = Builder::new_current_thread().build()?;
/// assert_eq!(one.block_on(spread.run(async { 2 + 3 })), 5);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Spread {
    runtime: Handle,
}

impl Spread {
    /// So many connections at once are few.
    pub const FEW: usize = 4;

    /// Onto this runtime, which has its drivers enabled.
    pub fn onto(runtime: Handle) -> Self {
        Self { runtime }
    }

    /// Where a connection is served that comes while there are so many, and its socket for there.
    pub(super) fn place(&self, socket: TcpStream, connections: usize) -> io::Result<(TcpStream, Handle)> {
        if connections < Self::FEW {
            return Ok((socket, Handle::current()));
        }
        let socket = socket.into_std()?;
        // The driver of the runtime that is entered tells of what the socket receives.
        let _entered = self.runtime.enter();
        Ok((TcpStream::from_std(socket)?, self.runtime.clone()))
    }

    /// Runs this work on the second runtime and waits for what it gives. It is stopped where nobody waits any longer.
    ///
    /// # Panics
    ///
    /// When it panics.
    pub async fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        let mut running = JoinSet::new();
        running.spawn_on(work, &self.runtime);
        match running.join_next().await {
            Some(Ok(done)) => done,
            Some(Err(ended)) if ended.is_panic() => panic::resume_unwind(ended.into_panic()),
            // The runtime is shut down, and so is whoever waits here.
            Some(Err(_)) | None => future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use tokio::net::TcpListener;
    use tokio::runtime::{Builder, Runtime};
    use tokio::sync::oneshot;

    use super::*;

    /// One thread that serves, and another.
    fn two() -> (Runtime, Runtime) {
        let one = Builder::new_current_thread().enable_all().build().unwrap();
        let other = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        (one, other)
    }

    #[test]
    fn the_first_few_connections_stay_and_the_others_go() {
        let (one, other) = two();
        let spread = Spread::onto(other.handle().clone());
        one.block_on(async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let address = listener.local_addr().unwrap();
            for connections in [0, Spread::FEW - 1, Spread::FEW, 100] {
                let mut peer = TcpStream::connect(address).await.unwrap();
                let (socket, runtime) = spread.place(listener.accept().await.unwrap().0, connections).unwrap();
                let serving = runtime.spawn(async move {
                    socket.writable().await.unwrap();
                    socket.try_write(b"x").unwrap();
                    thread::current().id()
                });
                assert_eq!(tokio::io::AsyncReadExt::read_u8(&mut peer).await.unwrap(), b'x');
                let is_here = serving.await.unwrap() == thread::current().id();
                assert_eq!(is_here, connections < Spread::FEW, "{connections}");
            }
        });
    }

    #[test]
    fn what_runs_elsewhere_is_waited_for_and_stopped_where_nobody_waits() {
        let (one, other) = two();
        let spread = Spread::onto(other.handle().clone());
        one.block_on(async {
            let ran = spread.run(async { thread::current().id() }).await;
            assert_ne!(ran, thread::current().id());
            let (held, let_go) = oneshot::channel::<()>();
            let endless = spread.run(async move {
                let _held = held;
                future::pending::<()>().await;
            });
            tokio::select! {
                biased;
                () = endless => unreachable!("it has no end"),
                () = tokio::task::yield_now() => {}
            }
            assert!(let_go.await.is_err(), "it was stopped");
        });
    }

    #[test]
    #[should_panic(expected = "it broke")]
    fn a_panic_elsewhere_is_the_panic_of_who_waits() {
        let (one, other) = two();
        one.block_on(Spread::onto(other.handle().clone()).run(async { panic!("it broke") }));
    }
}
