//! Heads that are none, and heads without measure.

use attribution_destination::deliver::Reason;

use super::peer::{SHORT, Then, hold};

#[tokio::test]
async fn what_is_no_head_of_http_1_is_no_answer() {
    let garbage: [&[u8]; 20] = [
        b"<html><body>It works!</body></html>\r\n",
        b"200 OK\r\n\r\n",
        b"OK",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"POST /track HTTP/1.1\r\nHost: you\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
        b"+OK ready\r\n",
        b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03",
        b"\x00\x00\x00\x00\x00\x00\x00\x00",
        b"\xff\xfe\xfd\xfc",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName : space\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName: nul\x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName: folded\r\n onto the next\r\n\r\n",
        b"HTTP/1.1 200 OK\rName: bare return\r\n\r\n",
    ];
    let case = |answer: &&[u8]| (answer.to_vec(), Then::Hang, Err(Reason::NotHttp));
    hold(garbage.iter().map(case).collect()).await;
}

#[tokio::test]
async fn a_head_that_only_looks_strange_is_an_answer() {
    let cases: [&[u8]; 6] = [
        b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 \xe9\xff\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nName: \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nEmpty:\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: nonsense; ;;\r\nContent-Encoding: nonsense\r\nContent-Length: 0\r\n\r\n",
    ];
    hold(
        cases
            .iter()
            .map(|answer| (answer.to_vec(), Then::Hang, Ok(200)))
            .collect(),
    )
    .await;
}

#[tokio::test]
async fn a_head_without_measure_is_no_answer() {
    let head = |header: &str| format!("HTTP/1.1 200 OK\r\n{header}Content-Length: 0\r\n\r\n").into_bytes();
    let long = format!("Long: {}\r\n", "x".repeat(1024 * 1024));
    let many = "Name: value
"
    .repeat(10_000);
    let mut cases: Vec<_> = [long, many]
        .iter()
        .map(|header| (head(header), Then::Hang, Err(Reason::NotHttp)))
        .collect();
    cases.push((b"H".repeat(1024 * 1024), Then::Hang, Err(Reason::NotHttp)));
    cases.push((
        head(&format!("Long: {}\r\n", "x".repeat(16 * 1024))),
        Then::Hang,
        Ok(200),
    ));
    cases.push((head(&"Name: value\r\n".repeat(90)), Then::Hang, Ok(200)));
    hold(cases).await;
}

#[tokio::test]
async fn a_head_without_end_is_no_answer() {
    let begun: [&[u8]; 5] = [
        b"",
        b"H",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r",
    ];
    let mut cases = Vec::new();
    for answer in begun {
        cases.push((answer.to_vec(), Then::Hang, Err(Reason::Timeout(SHORT))));
        cases.push((answer.to_vec(), Then::Close, Err(Reason::Closed)));
        cases.push((answer.to_vec(), Then::Reset, Err(Reason::Reset)));
    }
    hold(cases).await;
}
