use super::action::{FaultAction, FaultAnswer, Statuses};
use super::error::FaultError;
use super::fault::Fault;

/// Parts that make sense, but not together.
pub(super) fn conflict(fault: &Fault) -> Option<FaultError> {
    let matching = &fault.matching;
    let of_a_request = [
        ("path", matching.path.is_some()),
        ("dialect", matching.dialect.is_some()),
        ("visitor", matching.visitor.is_some()),
        ("event", matching.event.is_some()),
        ("type", matching.call.is_some()),
    ];
    let of_a_choice = [
        ("every", matching.every.is_some()),
        ("probability", matching.probability.is_some()),
    ];
    let of_a_count = [("times", matching.times.is_some())];
    let (parts, action, why): (&[(&'static str, bool)], _, _) = match &fault.action {
        FaultAction::Refuse => (
            &of_a_request,
            "connect",
            "a connection is refused before there is a request: leave it out",
        ),
        FaultAction::Rate(_) => (
            &of_a_choice,
            "rate",
            "the bucket says which requests are struck: leave it out",
        ),
        FaultAction::Respond(FaultAnswer {
            status: Statuses::Sequence(_),
            ..
        }) => (
            &of_a_count,
            "respond",
            "a list of statuses is for one request each: leave it out, or write a longer list",
        ),
        _ => return None,
    };
    let (word, _) = parts.iter().find(|(_, given)| *given)?;
    Some(FaultError::Misplaced { word, action, why })
}
