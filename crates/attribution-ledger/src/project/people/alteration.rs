use super::Person;

/// Something that became of persons, beside what they did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alteration {
    /// The ids of this person are others than before, or when they were seen.
    Changed {
        person: Person,
        /// Whether they go by another name.
        is_renamed: bool,
    },
    /// This one, who was seen, has become someone else.
    Joined {
        gone: Person,
        /// Whether they had a page view.
        has_views: bool,
        /// Whether they were identified.
        is_identified: bool,
    },
}
