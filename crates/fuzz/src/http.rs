use attribution_mock::{Mock, MockConfig};
use clock::Clock;
use jiff::Timestamp;

use crate::double::holds;
use crate::exchange::{Answer, Excuse, Heard, exchange, excuses, in_virtual_time, may_follow};

/// The first byte says whether the sender closes its end at once, the rest is what it sends.
pub(crate) fn check(input: &[u8]) {
    let [then_close, bytes @ ..] = input else { return };
    if may_follow(bytes) {
        return;
    }
    let is_http2 = bytes.starts_with(b"PRI ");
    in_virtual_time(async {
        let mock = Mock::new(MockConfig::new(Clock::starting_at(Timestamp::constant(
            1_705_312_800,
            0,
        ))));
        let heard = exchange(&mock, bytes, then_close & 1 == 1).await;
        let excuses = excuses(std::slice::from_ref(&mock));
        match heard {
            // What is said in frames is for the tests of HTTP/2.
            Heard::Closed(heard) if heard.is_empty() || is_http2 || excuses.contains(&Excuse::Spoiling) => {}
            Heard::Closed(heard) => {
                let answer = Answer::of(&heard);
                assert!(
                    answer.status < 500 || excuses.contains(&Excuse::Answering),
                    "{}",
                    answer.head
                );
            }
            Heard::Nothing => assert!(excuses.contains(&Excuse::Hanging), "neither an answer nor an end"),
        }
        holds(&mock);
    });
}
