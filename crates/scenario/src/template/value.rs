//! What a placeholder is given, and moved by its offset.

use clock::Random;
use jiff::Timestamp;
use serde_json::Value;

use super::placeholder::Offset;

/// The value moved: a moment by a duration, a whole number by a count. Nothing where it is neither, or beyond what
/// there is.
pub(crate) fn moved(value: Value, offset: Option<Offset>) -> Option<Value> {
    match (offset, &value) {
        (None, _) => Some(value),
        (Some(Offset::Time(duration)), Value::String(text)) => {
            let moment: Timestamp = text.parse().ok()?;
            Some(moment.checked_add(duration).ok()?.to_string().into())
        }
        (Some(Offset::Count(count)), Value::Number(number)) => Some(number.as_i64()?.checked_add(count)?.into()),
        _ => None,
    }
}

/// A UUID of version 4 (RFC 9562 §5.4).
pub(crate) fn uuid(random: &mut Random) -> String {
    let (high, low) = (random.next_u64(), random.next_u64());
    let high = high & !0xf000 | 0x4000;
    let low = low & !(0b11 << 62) | 0b10 << 62;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use clock::Seed;
    use jiff::SignedDuration;
    use proptest::prelude::*;
    use serde_json::json;

    use super::{moved, uuid};
    use crate::template::placeholder::Offset;

    #[test]
    fn moments_and_whole_numbers_can_be_moved() {
        let hour = Some(Offset::Time(SignedDuration::from_hours(-1)));
        assert_eq!(
            moved(json!("2024-01-01T00:30:00Z"), hour),
            Some(json!("2023-12-31T23:30:00Z"))
        );
        assert_eq!(moved(json!(7), Some(Offset::Count(-9))), Some(json!(-2)));
        assert_eq!(moved(json!("7"), Some(Offset::Count(1))), None);
        assert_eq!(moved(json!(7), hour), None);
        assert_eq!(moved(json!(i64::MAX), Some(Offset::Count(1))), None);
        let ever = Some(Offset::Time(SignedDuration::MAX));
        assert_eq!(moved(json!("2024-01-01T00:30:00Z"), ever), None);
    }

    proptest! {
        #[test]
        fn a_uuid_says_its_version_and_variant(seed: u64) {
            let uuid = uuid(&mut Seed::from(seed).random("uuid"));
            let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
            prop_assert_eq!(parts, [8, 4, 4, 4, 12]);
            prop_assert!(uuid[14..].starts_with('4') && "89ab".contains(&uuid[19..20]), "{}", uuid);
        }
    }
}
