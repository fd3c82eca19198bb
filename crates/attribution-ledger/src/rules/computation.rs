use json_tree::Object;

use crate::decode::Call;

/// What Engage computes and a message tells of, by `context.personas`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Computation<'a> {
    pub(super) class: &'a str,
    /// What the trait is called, or of a track the property.
    pub(super) key: &'a str,
}

impl<'a> Computation<'a> {
    pub(super) fn of(context: &'a Object<'a>) -> Option<Self> {
        let personas = context.get("personas")?;
        let text = |name| personas.get(name)?.as_str();
        Some(Self {
            class: text("computation_class")?,
            key: text("computation_key")?,
        })
    }

    /// Where a message that is this call tells what was computed; none where such a call can't.
    pub(super) fn place(call: Call) -> Option<&'static str> {
        match call {
            Call::Identify => Some("traits"),
            Call::Track => Some("properties"),
            Call::Page | Call::Screen | Call::Group | Call::Alias => None,
        }
    }
}
