use std::panic::catch_unwind;

use fuzz::Target;

/// Holds a target to its promises for all of these, each with what to call it where one is broken: the message of the
/// panic knows what is wrong, but not with which.
#[track_caller]
pub(crate) fn hold<N: AsRef<str>>(target: Target, inputs: impl IntoIterator<Item = (N, Vec<u8>)>) {
    let mut held = 0;
    for (name, input) in inputs {
        let kept = catch_unwind(|| target.check(&input));
        assert!(kept.is_ok(), "{target} breaks a promise for {}", name.as_ref());
        held += 1;
    }
    assert!(held > 10, "{held} inputs for {target}");
}
