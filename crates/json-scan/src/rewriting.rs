use std::ops::Deref;

/// Which strings are written otherwise than they came. Keys never are.
pub trait Rewriting {
    /// What is written instead of a string.
    type Text: Deref<Target = str>;

    /// Whether the text of a string may be one of those: the quick look that nearly every string gets.
    fn may_rewrite(text: &[u8]) -> bool;

    /// Whether a string that has escapes of ASCII characters may be one of those.
    fn may_rewrite_escaped(raw: &[u8]) -> bool;

    /// What is written instead of this text without escapes, unless it stays as it is.
    fn rewrite(text: &[u8]) -> Option<Self::Text>;
}

/// Every string stays as it came.
#[derive(Debug)]
pub struct AsIs;

impl Rewriting for AsIs {
    type Text = &'static str;

    #[inline]
    fn may_rewrite(_: &[u8]) -> bool {
        false
    }

    #[inline]
    fn may_rewrite_escaped(_: &[u8]) -> bool {
        false
    }

    #[inline]
    fn rewrite(_: &[u8]) -> Option<&'static str> {
        None
    }
}
