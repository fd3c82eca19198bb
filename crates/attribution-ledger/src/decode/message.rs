use super::Hit;

/// One message of a request, once it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Message<'a> {
    /// The message id: what arrives with the same one again doesn't count again. None where the message has none, as on
    /// the classic wire.
    pub id: Option<String>,
    /// Its place in the batch, from 0; none where it is the whole body.
    pub index: Option<usize>,
    /// What it says.
    pub hit: Hit<'a>,
}

impl Message<'_> {
    /// The same without the text that it was read of.
    pub fn into_owned(self) -> Message<'static> {
        Message {
            id: self.id,
            index: self.index,
            hit: self.hit.into_owned(),
        }
    }
}
