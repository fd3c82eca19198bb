use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use spool::{RecordId, Spool, SpoolError};
use tokio::sync::{Notify, mpsc, watch};

use super::accepted::{self, Recorded};
use super::settlements::{Settlements, UnderWay};
use crate::deliver::connect::Connect;
use crate::deliver::record::Message;
use crate::deliver::sender::Sender;

/// How many records are read at a time, and how many bytes of them.
const RECORDS: usize = 256;
const BYTES: usize = 4 * 1024 * 1024;

/// How long the way through the spool goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flow {
    /// More may be accepted.
    Open,
    /// What is accepted is all there will be.
    Finished,
    /// Nothing more is taken out.
    Stopped,
}

/// Takes events out of the spool, in order, and hands them to the sender as it has room.
pub(super) struct Feed<C> {
    pub(super) sender: Sender<C>,
    pub(super) spool: Arc<Spool>,
    pub(super) folder: PathBuf,
    pub(super) more: Arc<Notify>,
    pub(super) flow: watch::Receiver<Flow>,
}

impl<C: Connect> Feed<C> {
    /// Begins. `resumed` records were there before.
    pub(super) fn start(self, resumed: u64) -> Settlements {
        let (tell, under_way) = mpsc::channel(self.sender.limits().queue);
        tokio::spawn(async move {
            let mut flow = self.flow.clone();
            tokio::select! {
                biased;
                // Where nobody can stop it any more, it goes on.
                Ok(_) = flow.wait_for(|flow| *flow == Flow::Stopped) => {}
                () = self.run(tell) => {}
            }
        });
        Settlements::new(under_way, resumed)
    }

    async fn run(&self, tell: mpsc::Sender<Result<UnderWay, SpoolError>>) {
        let mut after = None;
        loop {
            // Before the reading, so that whatever was accepted until then is read.
            let is_finished = self.is_finished();
            let records = match self.read(after).await {
                Ok(records) => records,
                Err(error) => {
                    // Nobody may want to know, which is their choice.
                    let _ = tell.send(Err(error)).await;
                    return;
                }
            };
            if records.is_empty() {
                if is_finished {
                    return;
                }
                self.wait_for_more().await;
            }
            for (record, bytes) in records {
                after = Some(record);
                let submitted = self.submit(record, &bytes).await;
                let is_error = submitted.is_err();
                if tell.send(submitted).await.is_err() || is_error {
                    return;
                }
            }
        }
    }

    /// Whether nothing more can be accepted, because somebody said so or nobody is left to accept it.
    fn is_finished(&self) -> bool {
        *self.flow.borrow() >= Flow::Finished || self.flow.has_changed().is_err()
    }

    async fn read(&self, after: Option<RecordId>) -> Result<Vec<(RecordId, Vec<u8>)>, SpoolError> {
        let spool = Arc::clone(&self.spool);
        super::on_disk(move || spool.first(after, RECORDS, BYTES)).await
    }

    async fn wait_for_more(&self) {
        let mut flow = self.flow.clone();
        tokio::select! {
            () = self.more.notified() => {}
            _ = flow.wait_for(|flow| *flow >= Flow::Finished) => {}
        }
    }

    async fn submit(&self, record: RecordId, bytes: &[u8]) -> Result<UnderWay, SpoolError> {
        let corrupt = |why| SpoolError::Corrupt {
            path: self.folder.clone(),
            place: format!("record {record}, which {why}"),
        };
        let Recorded { at, number, json } = Recorded::read(bytes).map_err(corrupt)?;
        // While it waits it is kept as its text: as a tree it would take several times the memory.
        let message = Message::Json(Bytes::copy_from_slice(json.as_bytes()), None);
        let ticket = if let Some((short, visitor)) = self.sender.short_way(json.as_bytes(), at, None) {
            self.sender.start(message, short.request, visitor).await
        } else {
            let prepared = self.sender.prepare(&accepted::event(json).map_err(corrupt)?, at);
            self.sender.hand_over(prepared, message).await
        };
        Ok(UnderWay { record, number, ticket })
    }
}
