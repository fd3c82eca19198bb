use super::reason::Reason;

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

/// Any 2xx is a success. No whole answer at all (a reset, a timeout, what is not HTTP, a certificate that is not to be
/// trusted, a proxy that doesn't let through), 429, 500, 502, 503 and 504 are tried again. Everything else is final: redirects, which are never followed,
/// 408 and 501 included.
///
/// Source: the retry table of Segment's classic framework, which knows no others.
pub(super) fn classify(answer: &Result<u16, Reason>) -> Classification {
    match answer {
        Ok(status @ 200..=299) => Classification::Delivered(*status),
        Ok(status @ (429 | 500 | 502 | 503 | 504)) => Classification::Retry(Reason::Status(*status)),
        Ok(status) => Classification::Reject(Reason::Status(*status)),
        Err(reason) => Classification::Retry(reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::time::Duration;

    use super::*;
    use crate::deliver::certificate::CertificateProblem;
    use crate::deliver::proxy::ProxyProblem;

    #[test]
    fn every_status_is_classified_as_the_table_says() {
        for status in 100..=999_u16 {
            let expected = if status / 100 == 2 {
                Classification::Delivered(status)
            } else if [429, 500, 502, 503, 504].contains(&status) {
                Classification::Retry(Reason::Status(status))
            } else {
                Classification::Reject(Reason::Status(status))
            };
            assert_eq!(classify(&Ok(status)), expected, "{status}");
        }
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
            assert_eq!(classify(&Err(reason.clone())), Classification::Retry(reason));
        }
    }
}
