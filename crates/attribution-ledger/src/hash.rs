//! Hashing. The standard library's default is slower than the rest of what is done with an id; this is keyed as well.

/// A map of what peers send.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// What makes fingerprints: the same in every run.
pub(crate) type Fingerprints = foldhash::quality::FixedState;
