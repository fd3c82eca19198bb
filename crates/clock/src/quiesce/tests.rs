use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::Clock;

fn virtual_clock() -> Clock {
    Clock::starting_at(Timestamp::UNIX_EPOCH)
}

#[tokio::test(start_paused = true)]
async fn an_idle_clock_is_quiet_at_once_and_does_not_move() {
    let clock = virtual_clock();
    let timer = tokio::spawn(tokio::time::sleep(Duration::from_secs(1)));
    clock.quiesce().await;
    assert_eq!(clock.elapsed(), Duration::ZERO);
    assert!(!timer.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_thousand_exchanges_over_streams_are_all_waited_for_without_moving_time() {
    let clock = virtual_clock();
    let done = Arc::new(AtomicUsize::new(0));
    for _ in 0..1_000 {
        let (mut near, mut far) = tokio::io::duplex(1);
        tokio::spawn(async move {
            let mut question = [0; 8];
            far.read_exact(&mut question).await.unwrap();
            far.write_all(b"answered").await.unwrap();
        });
        let (clock, done) = (clock.clone(), Arc::clone(&done));
        tokio::spawn(async move {
            let exchange = clock.exchange();
            near.write_all(b"question").await.unwrap();
            near.read_exact(&mut [0; 8]).await.unwrap();
            drop(exchange);
            done.fetch_add(1, Ordering::SeqCst);
        });
    }
    clock.quiesce().await;
    assert_eq!(done.load(Ordering::SeqCst), 1_000);
    assert_eq!(clock.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_exchanges_is_followed_across_the_gaps_between_them() {
    let clock = virtual_clock();
    let worker = clock.clone();
    let chain = tokio::spawn(async move {
        for _ in 0..100 {
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
            let _exchange = worker.exchange();
            tokio::task::yield_now().await;
        }
    });
    clock.quiesce().await;
    assert!(chain.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_parked_exchange_is_left_where_it_is() {
    let clock = virtual_clock();
    let worker = clock.clone();
    let delayed = tokio::spawn(async move {
        let _exchange = worker.exchange();
        let _parked = worker.parked();
        worker.sleep(Duration::from_secs(5)).await;
    });
    clock.quiesce().await;
    assert!(!delayed.is_finished());
    assert_eq!(clock.elapsed(), Duration::ZERO);
    delayed.await.unwrap();
    assert_eq!(clock.elapsed(), Duration::from_secs(5));
}

#[tokio::test]
async fn in_real_time_exchanges_over_sockets_on_one_thread_are_waited_for_one_after_the_other() {
    let clock = Clock::system();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut far, _) = listener.accept().await.unwrap();
            let mut question = [0; 8];
            far.read_exact(&mut question).await.unwrap();
            far.write_all(b"answered").await.unwrap();
        }
    });
    for asked in 1..=20 {
        let (worker, done) = (clock.clone(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&done);
        tokio::spawn(async move {
            for _ in 0..asked {
                tokio::task::yield_now().await;
                let _exchange = worker.exchange();
                let mut near = tokio::net::TcpStream::connect(address).await.unwrap();
                near.write_all(b"question").await.unwrap();
                near.read_exact(&mut [0; 8]).await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        clock.quiesce().await;
        assert_eq!(done.load(Ordering::SeqCst), asked);
    }
}

#[tokio::test]
async fn in_real_time_an_exchange_on_another_thread_is_waited_for() {
    let clock = Clock::system();
    let exchange = clock.exchange();
    let blocking = tokio::task::spawn_blocking(move || {
        std::thread::sleep(Duration::from_millis(30));
        drop(exchange);
    });
    clock.quiesce().await;
    assert!(clock.is_quiet());
    assert!(clock.elapsed() >= Duration::from_millis(30));
    blocking.await.unwrap();
}
