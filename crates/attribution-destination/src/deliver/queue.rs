use std::collections::VecDeque;

use tokio::sync::oneshot;

/// How many events are without an outcome, and who waits because they are too many.
#[derive(Debug)]
pub(super) struct Queue {
    capacity: usize,
    inside: usize,
    waiting: VecDeque<oneshot::Sender<()>>,
}

/// When the submitter may go on.
#[derive(Debug)]
pub(super) struct Room(Option<oneshot::Receiver<()>>);

impl Room {
    pub(super) async fn made(self) {
        if let Some(made) = self.0 {
            // A queue that is gone has room for everyone.
            let _ = made.await;
        }
    }
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            inside: 0,
            waiting: VecDeque::new(),
        }
    }

    /// Counts an event in. It is in from now on; its submitter waits until as many have left as it is too many.
    pub(super) fn enter(&mut self) -> Room {
        self.inside += 1;
        if self.inside <= self.capacity {
            return Room(None);
        }
        let (sender, receiver) = oneshot::channel();
        self.waiting.push_back(sender);
        Room(Some(receiver))
    }

    /// Counts an event out, and says whose turn it is to go on: drop or send to it outside of any lock.
    ///
    /// A submitter that no longer waits is not skipped, since its event still takes up room.
    pub(super) fn leave(&mut self) -> Option<oneshot::Sender<()>> {
        self.inside -= 1;
        self.waiting.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_go_on(room: &mut Room) -> bool {
        room.0
            .as_mut()
            .is_none_or(|made| made.try_recv() != Err(oneshot::error::TryRecvError::Empty))
    }

    #[test]
    fn submitters_go_on_in_the_order_in_which_they_came() {
        let mut queue = Queue::new(1);
        let mut rooms = [queue.enter(), queue.enter(), queue.enter()];
        assert_eq!(rooms.each_mut().map(may_go_on), [true, false, false]);
        drop(queue.leave());
        assert_eq!(rooms.each_mut().map(may_go_on), [true, true, false]);
        drop(queue.leave());
        assert_eq!(rooms.each_mut().map(may_go_on), [true, true, true]);
        assert!(queue.leave().is_none());
        assert_eq!(queue.inside, 0);
    }

    #[test]
    fn a_submitter_that_gave_up_does_not_let_others_in_early() {
        let mut queue = Queue::new(1);
        let (_first, gave_up, mut third) = (queue.enter(), queue.enter(), queue.enter());
        drop(gave_up);
        drop(queue.leave());
        assert!(!may_go_on(&mut third), "two events are still without an outcome");
        drop(queue.leave());
        assert!(may_go_on(&mut third));
    }
}
