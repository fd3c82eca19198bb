use attribution_mock::{Mock, MockConfig};
use clock::Clock;
use jiff::Timestamp;

use crate::double::holds;
use crate::exchange::{Answer, Excuses, Heard, exchange, in_virtual_time};

/// The first byte says whether the sender closes its end at once, the rest is what it sends.
pub(crate) fn check(input: &[u8]) {
    let [then_close, bytes @ ..] = input else { return };
    in_virtual_time(async {
        let mock = Mock::new(MockConfig::new(Clock::starting_at(Timestamp::constant(
            1_705_312_800,
            0,
        ))));
        let heard = exchange(&mock, bytes, then_close & 1 == 1).await;
        let excuses = Excuses::of(std::slice::from_ref(&mock));
        match heard {
            Heard::Closed(heard) if heard.is_empty() => {}
            Heard::Closed(heard) => {
                let answer = Answer::of(&heard);
                assert!(answer.status < 500 || excuses.answering, "{}", answer.head);
            }
            Heard::Nothing => assert!(excuses.hanging, "neither an answer nor an end"),
        }
        holds(&mock);
    });
}
