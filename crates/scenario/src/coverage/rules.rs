use attribution_mock::rules;

/// The rules that no request of the destination breaks, whatever the message: they are about what the destination itself
/// writes, and are there for the foreign senders of `harness serve`.
///
/// | rule | why |
/// |---|---|
/// | ATT001, ATT020, ATT026, ATT027 | body, path and batch are the destination's own, and a message is an object |
/// | ATT023, ATT024, ATT025 | a message without one of the six types is no message, and its type chooses the path |
const NOT_OF_SENDERS: [&str; 7] = ["ATT001", "ATT020", "ATT023", "ATT024", "ATT025", "ATT026", "ATT027"];

/// The ids of all others.
pub(super) fn of_senders() -> impl Iterator<Item = &'static str> {
    let ids = rules::all().iter().map(|rule| rule.id);
    ids.filter(|id| !NOT_OF_SENDERS.contains(id))
}
