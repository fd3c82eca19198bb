use super::Hit;

/// One message of a request, once it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The message id: what arrives with the same one again doesn't count again. None where the message has none, as on
    /// the classic wire.
    pub id: Option<String>,
    /// Its place in the batch, from 0; none where it is the whole body.
    pub index: Option<usize>,
    /// What it says.
    pub hit: Hit,
}
