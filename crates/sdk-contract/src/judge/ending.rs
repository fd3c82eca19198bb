use super::the_end;
use crate::program::Exit;
use crate::report::Failure;

/// What is wrong with how a command ended, whatever the case.
pub(super) fn ended(exit: &Exit) -> Option<Failure> {
    match exit {
        Exit::TimedOut(after) => Some(Failure::new(
            "the command",
            format!("ends within {after:?}"),
            "did not, and was ended",
        )),
        Exit::Ended { said: Err(wrote), .. } if wrote.trim().is_empty() => {
            Some(unreadable("wrote nothing to standard output".to_owned()))
        }
        Exit::Ended { said: Err(wrote), .. } => Some(unreadable(format!("its output ends {:?}", the_end(wrote)))),
        Exit::Ended { said: Ok(said), code } if said.success && *code != Some(0) => Some(Failure::new(
            "the command",
            "exit code 0 where it says success",
            code.map_or_else(|| "ended by a signal".to_owned(), |code| format!("exit code {code}")),
        )),
        Exit::Ended { .. } => None,
    }
}

fn unreadable(actual: String) -> Failure {
    Failure::new(
        "the command",
        "ends with a JSON object on standard output, as {\"success\":true,\"sentBatches\":1}",
        actual,
    )
}

/// Whether it says what it should. Of one that says nothing there is word already.
pub(super) fn says(success: bool, exit: &Exit) -> Option<Failure> {
    let Exit::Ended { said: Ok(said), .. } = exit else {
        return None;
    };
    let why = said
        .error
        .as_deref()
        .map(|error| format!(", error {:?}", the_end(error)));
    (said.success != success).then(|| {
        Failure::new(
            "the command's word",
            format!("success {success}"),
            format!("success {}{}", said.success, why.unwrap_or_default()),
        )
    })
}
