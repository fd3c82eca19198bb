use std::fmt;

/// The calls of the Segment Spec: what a message says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// Something was done. On the classic wire pages and screens come as tracks, too.
    Track,
    /// A page was viewed.
    Page,
    /// An app's screen was viewed.
    Screen,
    /// Traits of a visitor.
    Identify,
    /// A visitor belongs to a group.
    Group,
    /// Two ids are one person.
    Alias,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 6] = [
        Self::Track,
        Self::Page,
        Self::Screen,
        Self::Identify,
        Self::Group,
        Self::Alias,
    ];

    /// As a message's `type` says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The call of a message's `type`, by exact text.
    pub fn of_type(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.as_str() == text)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
