/// How much memory and how many writes a [`Spool`](crate::Spool) may take.
///
/// ```
/// use spool::SpoolOptions;
///
/// let frugal = SpoolOptions { cache_bytes: 1024 * 1024, ..SpoolOptions::default() };
/// assert_eq!(frugal.removals_per_sync, 256);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpoolOptions {
    /// How much memory the store keeps pages of its file in. Default 8 MiB. A smaller cache makes it slower, and a group
    /// that is larger than the cache still fits.
    pub cache_bytes: usize,
    /// After how many removals they are made durable at the latest, which is how many records a crash may bring back.
    /// Default 256; 0 and 1 make every call of [`remove`](crate::Spool::remove) durable before it returns.
    pub removals_per_sync: usize,
}

impl Default for SpoolOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 8 * 1024 * 1024,
            removals_per_sync: 256,
        }
    }
}
