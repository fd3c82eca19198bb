//! Lengths that are wrong, chunks that are none.

use attribution_destination::deliver::Reason;

use super::peer::{Case, SHORT, Then, hold};

fn case(rest: &str, then: Then, expected: Result<u16, Reason>) -> Case {
    (format!("HTTP/1.1 200 OK\r\n{rest}").into_bytes(), then, expected)
}

#[tokio::test]
async fn a_length_that_is_wrong_leaves_no_answer_or_the_status() {
    let with = |length: &str, expected| case(&format!("Content-Length: {length}\r\n\r\n{{}}"), Then::Hang, expected);
    hold(vec![
        case("Content-Length: 3\r\n\r\n{}", Then::Close, Err(Reason::BrokenOff)),
        case("Content-Length: 3\r\n\r\n{}", Then::Reset, Err(Reason::BrokenOff)),
        with("3", Err(Reason::Timeout(SHORT))),
        with("1", Ok(200)),
        with("0", Ok(200)),
        with("2\r\nContent-Length: 2", Ok(200)),
        with("2\r\nContent-Length: 3", Err(Reason::NotHttp)),
        with("-2", Err(Reason::NotHttp)),
        with("+2", Err(Reason::NotHttp)),
        with("two", Err(Reason::NotHttp)),
        with("0x2", Err(Reason::NotHttp)),
        with("2.0", Err(Reason::NotHttp)),
        with("", Err(Reason::NotHttp)),
        with("18446744073709551615", Err(Reason::NotHttp)),
        with("99999999999999999999999999", Err(Reason::NotHttp)),
        with("1000000000000", Err(Reason::Timeout(SHORT))),
    ])
    .await;
}

#[tokio::test]
async fn a_chunk_that_is_none_leaves_no_answer() {
    let chunked =
        |chunks: &str, then, expected| case(&format!("Transfer-Encoding: chunked\r\n\r\n{chunks}"), then, expected);
    hold(vec![
        chunked("2\r\n{}\r\n0\r\n\r\n", Then::Hang, Ok(200)),
        chunked("2;name=value\r\n{}\r\n0\r\nTrailer: x\r\n\r\n", Then::Hang, Ok(200)),
        chunked("0002\r\n{}\r\n000\r\n\r\n", Then::Hang, Ok(200)),
        chunked("2\r\n{}\r\n", Then::Close, Err(Reason::BrokenOff)),
        chunked("2\r\n{}\r\n0\r\n", Then::Close, Err(Reason::BrokenOff)),
        chunked("2\r\n{}\r\n0\r\n", Then::Hang, Err(Reason::Timeout(SHORT))),
        chunked("2\r\n{", Then::Reset, Err(Reason::BrokenOff)),
        chunked("two\r\n{}\r\n0\r\n\r\n", Then::Hang, Err(Reason::BrokenOff)),
        chunked("-2\r\n{}\r\n0\r\n\r\n", Then::Hang, Err(Reason::BrokenOff)),
        chunked("2\r\n{}garbage", Then::Hang, Err(Reason::BrokenOff)),
        chunked("fffffffffffffffff\r\n{}", Then::Hang, Err(Reason::BrokenOff)),
        chunked("ffffffffffffffff\r\n{}", Then::Hang, Err(Reason::Timeout(SHORT))),
        chunked(
            &format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(100_000)),
            Then::Hang,
            Err(Reason::BrokenOff),
        ),
        chunked(
            &format!("0\r\n{}\r\n", "T: x\r\n".repeat(10_000)),
            Then::Hang,
            Err(Reason::BrokenOff),
        ),
    ])
    .await;
}

#[tokio::test]
async fn two_ways_to_measure_a_body_are_settled_by_the_rfc() {
    hold(vec![
        // RFC 9112 §6.3: chunked goes before a length, and what is not chunked last ends with its connection.
        case(
            "Content-Length: 9999\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            Then::Hang,
            Ok(200),
        ),
        case(
            "Transfer-Encoding: gzip\r\nContent-Length: 0\r\n\r\n{}",
            Then::Close,
            Ok(200),
        ),
        case(
            "Transfer-Encoding: gzip\r\n\r\n{}",
            Then::Hang,
            Err(Reason::Timeout(SHORT)),
        ),
        case("\r\n{}", Then::Close, Ok(200)),
        case("\r\n{}", Then::Reset, Err(Reason::BrokenOff)),
        (
            b"HTTP/1.1 204 No Content\r\nContent-Length: 9999\r\n\r\n".to_vec(),
            Then::Hang,
            Ok(204),
        ),
        (
            b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(),
            Then::Hang,
            Err(Reason::NotHttp),
        ),
    ])
    .await;
}
