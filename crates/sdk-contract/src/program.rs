//! A command that is started for one case, and ended with it.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use clock::Clock;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use crate::said::Said;
use crate::words::Words;

/// How much of the end of each output is kept, in bytes.
const KEPT: usize = 256 * 1024;

/// How a command ended.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) exit: Exit,
    /// The end of standard error.
    pub(crate) stderr: String,
}

/// In which way it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// By itself.
    Ended {
        /// Its exit code, unless a signal ended it.
        code: Option<i32>,
        /// What it says of itself, or else the end of what it wrote instead.
        said: Result<Said, String>,
    },
    /// It was ended after so long.
    TimedOut(Duration),
}

/// A command that runs. Dropping it ends it, with all that it started.
pub(crate) struct Program {
    child: Child,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Program {
    /// Starts it with the input as its last argument.
    pub(crate) fn start(words: &Words, input: &str) -> io::Result<Self> {
        let (program, arguments) = words.as_slice().split_first().unwrap_or((&words.as_slice()[0], &[]));
        let mut command = Command::new(program);
        command
            .args(arguments)
            .args(["--input", input])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A group of its own, so that what a wrapper such as `npx` started can be ended with it.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        Ok(Self {
            #[cfg(unix)]
            group: child
                .id()
                .and_then(|id| i32::try_from(id).ok())
                .and_then(rustix::process::Pid::from_raw),
            child,
        })
    }

    /// Waits until it has ended and closed its output, but no longer than this.
    pub(crate) async fn end(mut self, within: Duration, clock: &Clock) -> io::Result<Ending> {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let pipes = (self.child.stdout.take(), self.child.stderr.take());
        let ended = {
            let ending = async {
                let (read, also_read, status) = tokio::join!(
                    keep_the_end(pipes.0, &mut stdout),
                    keep_the_end(pipes.1, &mut stderr),
                    self.child.wait()
                );
                read.and(also_read).and(status)
            };
            tokio::select! {
                ended = ending => Some(ended?),
                () = clock.sleep(within) => None,
            }
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let exit = match ended {
            Some(status) => Exit::Ended {
                code: status.code(),
                said: Said::read(&text(&stdout)).ok_or_else(|| text(&stdout)),
            },
            None => Exit::TimedOut(within),
        };
        Ok(Ending {
            exit,
            stderr: text(&stderr),
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // What is left of the group, if anything: the command itself may have ended long ago.
        #[cfg(unix)]
        if let Some(group) = self.group {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Reads to the end, whatever it takes, and keeps the end of it.
async fn keep_the_end(pipe: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) -> io::Result<()> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let mut portion = vec![0; 16 * 1024];
    loop {
        let read = pipe.read(&mut portion).await?;
        if read == 0 {
            return Ok(());
        }
        kept.extend_from_slice(&portion[..read]);
        if kept.len() > 2 * KEPT {
            kept.drain(..kept.len() - KEPT);
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    async fn end_of(script: &str, within: Duration) -> Ending {
        let words = Words::split(&format!("sh -c '{script}'")).unwrap();
        let program = Program::start(&words, "{}").unwrap();
        program.end(within, &Clock::system()).await.unwrap()
    }

    #[tokio::test]
    async fn it_ends_with_a_code_and_what_it_says() {
        let ending = end_of(
            r#"echo "{\"success\":true}"; echo hm >&2; exit 7"#,
            Duration::from_secs(60),
        )
        .await;
        let Exit::Ended { code, said } = ending.exit else {
            panic!("it ended by itself")
        };
        assert_eq!((code, said.unwrap().success), (Some(7), true));
        assert_eq!(ending.stderr, "hm\n");
    }

    #[tokio::test]
    async fn what_hangs_is_ended_with_all_that_it_started() {
        // The second process holds the output open, so that without it being ended this would be a wait of minutes.
        let ending = end_of("sleep 600 & sleep 600", Duration::from_millis(50)).await;
        assert_eq!(ending.exit, Exit::TimedOut(Duration::from_millis(50)));
    }

    #[tokio::test]
    async fn of_endless_output_the_end_is_kept() {
        let ending = end_of(
            r#"i=0; while [ $i -lt 40000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; echo "{\"success\":false}""#,
            Duration::from_secs(120),
        )
        .await;
        let Exit::Ended { said, .. } = ending.exit else {
            panic!("it ended by itself")
        };
        assert!(!said.unwrap().success);
    }

    #[test]
    fn what_is_not_there_can_not_be_started() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let _entered = runtime.as_ref().unwrap().enter();
        let words = Words::split("no-such-program-anywhere").unwrap();
        assert!(Program::start(&words, "{}").is_err());
    }
}
