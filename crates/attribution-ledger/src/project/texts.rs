use std::collections::HashSet;
use std::sync::Arc;

/// The texts that came lately, so that the same is kept once: the names of events, the pages of a site, the referrers that
/// visitors come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts(HashSet<Arc<str>, foldhash::fast::RandomState>);

impl Texts {
    /// More are hardly the same again and again.
    const MOST: usize = 4096;

    /// Nor are longer ones.
    const LONGEST: usize = 512;

    /// The text, as it is kept already if it came lately.
    pub(super) fn share(&mut self, text: &str) -> Arc<str> {
        if text.len() > Self::LONGEST {
            return text.into();
        }
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        if self.0.len() == Self::MOST {
            self.0.clear();
        }
        let text: Arc<str> = text.into();
        self.0.insert(Arc::clone(&text));
        text
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Texts;

    #[test]
    fn the_same_text_is_kept_once() {
        let mut texts = Texts::default();
        let [one, other, again] = ["/pricing", "/", "/pricing"].map(|text| texts.share(text));
        assert!(Arc::ptr_eq(&one, &again));
        assert_eq!((&*one, &*other), ("/pricing", "/"));
    }

    #[test]
    fn many_and_long_texts_fill_nothing() {
        let mut texts = Texts::default();
        for number in 0..3 * Texts::MOST {
            let text = number.to_string();
            assert_eq!(*texts.share(&text), text);
        }
        let long = "x".repeat(Texts::LONGEST + 1);
        assert_eq!(*texts.share(&long), long);
        assert!(texts.0.len() <= Texts::MOST && !texts.0.contains(long.as_str()));
    }
}
