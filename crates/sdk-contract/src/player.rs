use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use clock::Clock;

use crate::case::Case;
use crate::judge::judge;
use crate::observed::Observed;
use crate::program::Program;
use crate::report::CaseReport;
use crate::station::Station;
use crate::words::Words;

/// Plays cases with one command.
#[derive(Clone, Debug)]
pub struct Player {
    command: Words,
    timeout: Duration,
    clock: Clock,
}

impl Player {
    /// One that starts this command for each case, and ends it when it takes longer than the timeout.
    pub fn new(command: Words, timeout: Duration, clock: Clock) -> Self {
        Self {
            command,
            timeout,
            clock,
        }
    }

    /// Plays a case, on a port of its own.
    ///
    /// # Errors
    ///
    /// When no port can be listened on, or the command can't be started; what it does then is for the report.
    pub async fn play(&self, case: &Case) -> Result<CaseReport, PlayError> {
        let listening = Station::listen(case.script.clone(), self.clock.clone()).await;
        let station = listening.map_err(PlayError::Listen)?;
        let input = case.input(&station.url()).to_string();
        let started = Program::start(&self.command, &input);
        let program = started.map_err(|error| PlayError::Start(self.command.as_slice()[0].clone(), error))?;
        let running = program.end(self.timeout, &self.clock);
        let (ending, record, refusals) = station.serve_during(running).await;
        let observed = Observed {
            deliveries: record.deliveries,
            fetched_after: record.fetched_after,
            astray: record.astray,
            refusals,
            ending: ending.map_err(PlayError::Follow)?,
        };
        Ok(judge(case, &observed))
    }
}

/// Why a case could not be played. `Display` leaves the cause to `source`.
#[derive(Debug)]
pub enum PlayError {
    /// There is no port to listen on.
    Listen(io::Error),
    /// The program of this name can't be started.
    Start(String, io::Error),
    /// What the command writes can't be read.
    Follow(io::Error),
}

impl fmt::Display for PlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(_) => f.write_str("can't listen on a port of this machine"),
            Self::Start(program, _) => write!(f, "can't start {program}"),
            Self::Follow(_) => f.write_str("can't follow the command"),
        }
    }
}

impl Error for PlayError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Listen(error) | Self::Start(_, error) | Self::Follow(error) => Some(error),
        }
    }
}
