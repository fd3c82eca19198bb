use std::fmt;
use std::time::Duration;

use expectation::json::Mistakes;
use http::{Method, StatusCode};
use inbound::KNOWN_IN_WORDS;

use super::paths::{ADMIN, INGEST_IN_WORDS, RESET, known, methods, nearest, templates};
use crate::admin::{Mistake, excerpt};
use crate::journal::Failure;
use crate::namespace::BadNamespace;
use crate::space::MOST;

/// What is wrong with a request before anyone has looked at the event in it. `Display` is the message of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    UnknownPath {
        path: String,
    },
    WrongMethod {
        method: Method,
        path: String,
        allowed: &'static str,
    },
    ContentType {
        wanted: &'static str,
        found: Option<String>,
    },
    ContentEncoding {
        found: String,
    },
    /// The body is not what its encoding makes it.
    Undecodable {
        encoding: String,
    },
    TooLarge {
        limit: usize,
    },
    /// A compressed body that is longer than it looks.
    InflatesTooLarge {
        limit: usize,
    },
    /// The head was not complete in time, so there is no request.
    HeadTooSlow {
        allowed: Duration,
    },
    /// The body was not complete in time.
    TooSlow {
        allowed: Duration,
    },
    /// HTTP where TLS is spoken.
    PlainHttp,
    NotLoopback {
        header: &'static str,
    },
    BadFault {
        reason: String,
    },
    UnknownFault {
        id: String,
    },
    /// What is asked for of the admin API can't be.
    BadQuery {
        mistakes: Vec<Mistake>,
    },
    /// What is expected of what was received can't be read.
    BadExpectation(Mistakes),
    /// More is expected than is held against what was received.
    TooManyRows {
        rows: usize,
        most: usize,
    },
    /// Nothing of this number is in the journal.
    UnknownRequest {
        /// As it was written, quoted.
        seq: String,
        last: u64,
    },
    UnknownVisitor {
        id: String,
        near: Vec<String>,
    },
    BadNamespace,
    /// Peers have made as many as there may be.
    TooManySpaces,
    /// No such project may send.
    UnknownProject {
        known: Vec<String>,
    },
    /// The journal file doesn't take it.
    NotKept(Failure),
    /// There are several, and the request doesn't say which it is about.
    WhichProject {
        known: Vec<String>,
    },
}

impl Problem {
    /// A request to one of the known paths with a method that it doesn't take.
    pub(crate) fn wrong_method(method: Method, path: &str) -> Self {
        let allowed = methods(path).unwrap_or_default();
        Self::WrongMethod {
            method,
            path: path.to_owned(),
            allowed,
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::UnknownPath { .. }
            | Self::UnknownFault { .. }
            | Self::UnknownRequest { .. }
            | Self::UnknownVisitor { .. }
            | Self::UnknownProject { .. } => StatusCode::NOT_FOUND,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::ContentType { .. } | Self::ContentEncoding { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } | Self::InflatesTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotLoopback { .. } => StatusCode::FORBIDDEN,
            Self::BadFault { .. }
            | Self::BadQuery { .. }
            | Self::BadExpectation(_)
            | Self::TooManyRows { .. }
            | Self::Undecodable { .. }
            | Self::BadNamespace
            | Self::WhichProject { .. }
            | Self::PlainHttp => StatusCode::BAD_REQUEST,
            Self::HeadTooSlow { .. } | Self::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::TooManySpaces | Self::NotKept(Failure::Full) => StatusCode::INSUFFICIENT_STORAGE,
            Self::NotKept(Failure::Other(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotKept(Failure::Stopped) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name of the problem, for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::UnknownPath { .. } => "unknown_path",
            Self::WrongMethod { .. } => "method_not_allowed",
            Self::ContentType { .. } => "unsupported_content_type",
            Self::ContentEncoding { .. } => "unsupported_content_encoding",
            Self::Undecodable { .. } => "undecodable_body",
            Self::TooLarge { .. } | Self::InflatesTooLarge { .. } => "body_too_large",
            Self::HeadTooSlow { .. } => "head_too_slow",
            Self::TooSlow { .. } => "body_too_slow",
            Self::PlainHttp => "plain_http",
            Self::NotLoopback { .. } => "not_loopback",
            Self::BadFault { .. } => "bad_fault",
            Self::UnknownFault { .. } => "unknown_fault",
            Self::BadQuery { .. } => "bad_query",
            Self::BadExpectation(_) | Self::TooManyRows { .. } => "bad_expectation",
            Self::UnknownRequest { .. } => "unknown_request",
            Self::UnknownVisitor { .. } => "unknown_visitor",
            Self::BadNamespace => "bad_namespace",
            Self::TooManySpaces => "too_many_namespaces",
            Self::NotKept(Failure::Full) => "journal_full",
            Self::NotKept(_) => "journal_unwritable",
            Self::UnknownProject { .. } => "unknown_project",
            Self::WhichProject { .. } => "project_missing",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPath { path } => unknown_path(path, f),
            Self::WrongMethod { method, path, allowed } => write!(f, "{path} takes {}, not {method}", Words(allowed)),
            Self::ContentType {
                wanted,
                found: Some(found),
            } => {
                write!(f, "the body must be sent as Content-Type: {wanted}, not {found}")
            }
            Self::ContentType { wanted, found: None } => write!(f, "the header Content-Type: {wanted} is missing"),
            Self::ContentEncoding { found } => {
                write!(
                    f,
                    "the body must be sent without a Content-Encoding, or as one of {KNOWN_IN_WORDS}, not as {found}"
                )
            }
            Self::Undecodable { encoding } => write!(
                f,
                "the body is not {encoding}, as its Content-Encoding says, or it is cut short, or something follows it"
            ),
            Self::InflatesTooLarge { limit } => {
                write!(f, "the body is longer than {limit} bytes once it is decompressed")
            }
            Self::TooLarge { limit } => write!(f, "the body is longer than {limit} bytes"),
            Self::HeadTooSlow { allowed } => write!(
                f,
                "the head of the request was not complete within {allowed:?}: nothing of it was looked at, send it again"
            ),
            Self::TooSlow { allowed } => {
                write!(
                    f,
                    "the body was not complete {allowed:?} after its head: nothing of it is recorded, send it again"
                )
            }
            Self::PlainHttp => f.write_str("this port speaks HTTPS: write https:// in place of http://"),
            Self::NotLoopback { header } => write!(
                f,
                "the admin API only answers requests whose {header} header names this machine: localhost, 127.0.0.1, \
                 [::1], or a name that `harness serve --admin-host` was given"
            ),
            Self::BadFault { reason } => f.write_str(reason),
            Self::UnknownFault { id } => write!(f, "no fault {id} is installed"),
            Self::BadQuery { mistakes } => bad_query(mistakes, f),
            Self::BadExpectation(mistakes) => mistakes.fmt(f),
            Self::TooManyRows { rows, most } => too_many_rows(*rows, *most, f),
            Self::UnknownRequest { seq, last } => unknown_request(seq, *last, f),
            Self::UnknownVisitor { id, near } => unknown_visitor(id, near, f),
            Self::BadNamespace => BadNamespace.fmt(f),
            Self::TooManySpaces => write!(
                f,
                "there are {MOST} projects and namespaces already: forget them by POST {RESET} without a project"
            ),
            Self::NotKept(failure) => failure.fmt(f),
            Self::UnknownProject { known } => write!(f, "there is no such project here: {}", Known(known)),
            Self::WhichProject { known } => {
                write!(f, "say which project this is about, as ?project=ID: {}", Known(known))
            }
        }
    }
}

/// Methods as a sentence has them.
struct Words<'a>(&'a str);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.rsplit_once(", ") {
            Some((most, last)) => write!(f, "{most} or {last}"),
            None => f.write_str(self.0),
        }
    }
}

/// Every mistake, in the order of the query.
fn bad_query(mistakes: &[Mistake], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, mistake) in mistakes.iter().enumerate() {
        match place {
            0 => write!(f, "{mistake}")?,
            _ => write!(f, "; {mistake}")?,
        }
    }
    Ok(())
}

fn too_many_rows(rows: usize, most: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(
        f,
        "{rows} rows are expected, more than the {most} that may be: expect them in parts"
    )
}

fn unknown_request(seq: &str, last: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match last {
        0 => write!(f, "there is no request {seq}: nothing was received yet"),
        last => write!(
            f,
            "there is no request {seq}: give a number, of which {last} is the last"
        ),
    }
}

fn unknown_visitor(id: &str, near: &[String], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "nobody has the id {}", excerpt(id))?;
    match near {
        [] => Ok(()),
        [one] => write!(f, ": did you mean {}?", excerpt(one)),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|id| excerpt(id)).collect();
            write!(f, ": did you mean {} or {}?", most.join(", "), excerpt(last))
        }
    }
}

fn unknown_path(path: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let meant = nearest(path, known().map(|(known, _)| known));
    if path.starts_with(ADMIN) || meant.is_some_and(|meant| meant.starts_with(ADMIN)) {
        return unknown_admin_path(path, meant, f);
    }
    match meant {
        Some(meant) => write!(f, "there is no {path}: did you mean {meant}?"),
        None => write!(f, "there is no such path: events go to {INGEST_IN_WORDS}"),
    }
}

/// The projects that there are, as far as they fit into a message.
struct Known<'a>(&'a [String]);

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 10;
        match self.0 {
            [] => f.write_str("no project has sent anything yet"),
            few if few.len() <= SHOWN => write!(f, "there are {}", few.join(", ")),
            many => write!(
                f,
                "there are {} and {} more",
                many[..SHOWN].join(", "),
                many.len() - SHOWN
            ),
        }
    }
}

/// Whoever looks around is shown everything and is never led to the one path that throws everything away.
fn unknown_admin_path(path: &str, meant: Option<&str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match meant.filter(|meant| *meant != RESET) {
        Some(meant) => write!(f, "there is no {path}: did you mean {meant}?")?,
        None => f.write_str("there is no such path.")?,
    }
    f.write_str(" The admin paths are ")?;
    let admin: Vec<_> = known()
        .filter(|(known, _)| known.starts_with(ADMIN))
        .chain(templates())
        .collect();
    for (place, (known, methods)) in admin.iter().enumerate() {
        match place {
            0 => {}
            last if last + 1 == admin.len() => f.write_str(" and ")?,
            _ => f.write_str(", ")?,
        }
        match *methods {
            "GET" => f.write_str(known)?,
            methods => write!(f, "{known} ({methods})")?,
        }
    }
    Ok(())
}
