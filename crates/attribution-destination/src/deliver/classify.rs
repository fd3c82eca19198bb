use outbound::Reason;

use crate::settings::Dialect;

/// What an attempt means for its event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Classification {
    /// Attribution has it, and said so with this status.
    Delivered(u16),
    /// It may have it or not; the next attempt may succeed.
    Retry(Reason),
    /// It refused, and would refuse again.
    Reject(Reason),
}

/// What an answer, or the lack of one, means in a dialect.
///
/// Any 2xx is a success. No whole answer at all (a reset, a timeout, what is not HTTP, a certificate that is not to be
/// trusted, a proxy that doesn't let through) is tried again, and so are these answers; everything else is final, redirects included, which are never
/// followed.
///
/// | dialect | tried again |
/// |---|---|
/// | classic, import | 429, 500, 502, 503, 504: what Segment's classic framework knows |
/// | actions | 408, 423, 429 and every 5xx but 501: what Segment's framework of actions knows |
pub(super) fn classify(dialect: Dialect, answer: &Result<u16, Reason>) -> Classification {
    match answer {
        Ok(status @ 200..=299) => Classification::Delivered(*status),
        Ok(status) if is_temporary(dialect, *status) => Classification::Retry(Reason::Status(*status)),
        Ok(status) => Classification::Reject(Reason::Status(*status)),
        Err(reason) => Classification::Retry(reason.clone()),
    }
}

/// The statuses that are tried again in one dialect or another. In the actions dialect all those from 505 on
/// are, too, and none of them unlike another.
///
/// ```
/// use attribution_destination::deliver::TRIED_AGAIN;
///
/// assert!(TRIED_AGAIN.contains(&429) && !TRIED_AGAIN.contains(&501));
/// ```
pub const TRIED_AGAIN: [u16; 7] = [408, 423, 429, 500, 502, 503, 504];

fn is_temporary(dialect: Dialect, status: u16) -> bool {
    match dialect {
        Dialect::Classic | Dialect::Import => matches!(status, 429 | 500 | 502 | 503 | 504),
        Dialect::Actions => matches!(status, 408 | 423 | 429 | 500 | 502..=599),
    }
}

/// Whether a refusal may be due to one of the events in the request, and not to whoever sends them or where to.
pub(super) fn is_about_the_events(reason: &Reason) -> bool {
    matches!(reason, Reason::Status(400..=499) if !matches!(reason, Reason::Status(401 | 403..=405 | 407)))
}

/// What an attempt says about the endpoint, whatever becomes of its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// It took the event.
    Success,
    /// It is alive and does not want this request.
    Refusal,
    /// It is alive and wants fewer requests: a 429.
    SlowDown,
    /// It has too much to do: a 503, or no answer in time.
    Overload,
    /// It failed.
    Failure,
}

impl Classification {
    /// What the attempt says about the endpoint.
    pub(super) fn signal(&self) -> Signal {
        match self {
            Self::Delivered(_) => Signal::Success,
            Self::Reject(_) => Signal::Refusal,
            Self::Retry(Reason::Status(429)) => Signal::SlowDown,
            Self::Retry(Reason::Status(503) | Reason::Timeout(_)) => Signal::Overload,
            Self::Retry(_) => Signal::Failure,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::time::Duration;

    use super::*;
    use outbound::{CertificateProblem, ProxyProblem};

    #[test]
    fn every_status_is_classified_as_the_table_says() {
        for (dialect, status) in Dialect::ALL
            .iter()
            .flat_map(|dialect| (100..=999_u16).map(|status| (*dialect, status)))
        {
            let actions_retries = [408, 423, 429].contains(&status) || (status / 100 == 5 && status != 501);
            let classic_retries = [429, 500, 502, 503, 504].contains(&status);
            let is_temporary = if dialect == Dialect::Actions {
                actions_retries
            } else {
                classic_retries
            };
            let expected = if status / 100 == 2 {
                Classification::Delivered(status)
            } else if is_temporary {
                Classification::Retry(Reason::Status(status))
            } else {
                Classification::Reject(Reason::Status(status))
            };
            assert_eq!(classify(dialect, &Ok(status)), expected, "{dialect} {status}");
        }
    }

    #[test]
    fn what_is_tried_again_in_any_dialect_is_listed() {
        let any = |status| Dialect::ALL.iter().any(|dialect| is_temporary(*dialect, status));
        let found: Vec<u16> = (100..505).filter(|status| any(*status)).collect();
        assert_eq!(found, TRIED_AGAIN);
    }

    #[test]
    fn a_request_is_split_only_where_an_event_may_be_to_blame() {
        for status in [400, 409, 413, 415, 422] {
            assert!(is_about_the_events(&Reason::Status(status)), "{status}");
        }
        for status in [301, 401, 403, 404, 405, 407, 501] {
            assert!(!is_about_the_events(&Reason::Status(status)), "{status}");
        }
        assert!(!is_about_the_events(&Reason::Refused));
    }

    #[test]
    fn what_an_attempt_says_about_the_endpoint_is_not_what_it_means_for_the_event() {
        let signal = |answer| classify(Dialect::Classic, &answer).signal();
        assert_eq!(signal(Ok(204)), Signal::Success);
        assert_eq!(signal(Ok(404)), Signal::Refusal);
        assert_eq!(signal(Ok(429)), Signal::SlowDown);
        assert_eq!(signal(Ok(503)), Signal::Overload);
        assert_eq!(signal(Err(Reason::Timeout(Duration::from_secs(5)))), Signal::Overload);
        assert_eq!(signal(Ok(500)), Signal::Failure);
        assert_eq!(signal(Err(Reason::Refused)), Signal::Failure);
    }

    #[test]
    fn whatever_leaves_no_answer_is_tried_again() {
        let reasons = [
            Reason::Timeout(Duration::from_secs(5)),
            Reason::Unresolved,
            Reason::Refused,
            Reason::Unreachable,
            Reason::Certificate(CertificateProblem::Expired),
            Reason::NotTls,
            Reason::Tls,
            Reason::Proxy(ProxyProblem::Answered(407)),
            Reason::Reset,
            Reason::Closed,
            Reason::BrokenOff,
            Reason::NotHttp,
            Reason::Transport(ErrorKind::Other),
        ];
        for reason in reasons {
            assert_eq!(
                classify(Dialect::Classic, &Err(reason.clone())),
                Classification::Retry(reason)
            );
        }
    }
}
