//! Keys of audiences and computed traits: what a name becomes, and what no key can be.
//!
//! The only rule in Segment's documentation is that the key is the name in snake case, with the example
//! `order_completed_last_30days`. How exactly is not public; here it is done as Segment's library `go-snakecase` does with
//! what its tests show. Whoever sees another key in Segment's application gives that one.

/// A name in snake case.
///
/// Runs of ASCII letters and digits in lower case, joined by `_` whatever stands between them; a capital begins a
/// new word where the letter before it, digits aside, is a small one; so digits stay with the letters they touch. A name without any such letter or digit becomes
/// nothing.
///
/// ```
/// use segment_engage::key::snake_case;
///
/// assert_eq!(snake_case("Order Completed Last 30Days"), "order_completed_last_30days");
/// assert_eq!(snake_case("Order Completed Last 30 Days"), "order_completed_last_30_days");
/// assert_eq!(snake_case("iOS users"), "i_os_users");
/// ```
pub fn snake_case(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut before = ' ';
    // Of the word so far: digits are no letters.
    let mut last_letter = ' ';
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            let is_apart = !before.is_ascii_alphanumeric();
            if is_apart || c.is_ascii_uppercase() && last_letter.is_ascii_lowercase() {
                if !key.is_empty() {
                    key.push('_');
                }
                last_letter = ' ';
            }
            if c.is_ascii_alphabetic() {
                last_letter = c;
            }
            key.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    key
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFlaw {
    /// There is nothing in it.
    Empty,
    /// This character is none of `a` to `z`, `0` to `9` and `_`.
    Character(char),
    /// It begins or ends with `_`.
    Edge,
}

/// What is wrong with a text as a key; nothing where Segment could make such a key. Two `_` in a row are nothing wrong:
/// keys of Journeys have them.
///
/// ```
/// use segment_engage::key::{KeyFlaw, flaw};
///
/// assert_eq!(flaw("order_completed"), None);
/// assert_eq!(flaw("Order_completed"), Some(KeyFlaw::Character('O')));
/// ```
pub fn flaw(key: &str) -> Option<KeyFlaw> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if key.is_empty() {
        return Some(KeyFlaw::Empty);
    }
    if let Some(c) = key.chars().find(|c| !legal(*c)) {
        return Some(KeyFlaw::Character(c));
    }
    (key.starts_with('_') || key.ends_with('_')).then_some(KeyFlaw::Edge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_what_segment_s_library_makes_of_them() {
        for (name, key) in [
            ("First-Time Shopper", "first_time_shopper"),
            ("VIP (2024)", "vip_2024"),
            ("Big $penders", "big_penders"),
            ("50% Off", "50_off"),
            ("2FA Enabled", "2fa_enabled"),
            ("a&b", "a_b"),
            ("sample___text", "sample_text"),
            ("inviteYourCustomers", "invite_your_customers"),
            ("   $#$sample   2    Text   ", "sample_2_text"),
            ("SAMPLE 2 TEXT", "sample_2_text"),
            ("___$$Base64Encode", "base64_encode"),
            ("FOO:BAR$BAZ", "foo_bar_baz"),
            ("•¶§ƒ˚foo∙∆˚¬", "foo"),
            ("Покупатели", ""),
        ] {
            assert_eq!(snake_case(name), key, "{name}");
        }
    }

    #[test]
    fn what_segment_would_not_make_is_no_key() {
        assert_eq!(flaw("j_o_first_purchase__opened_email_dje83h"), None);
        assert_eq!(flaw(""), Some(KeyFlaw::Empty));
        assert_eq!(flaw("first-time"), Some(KeyFlaw::Character('-')));
        assert_eq!(flaw("größe"), Some(KeyFlaw::Character('ö')));
        assert_eq!(flaw("_vip"), Some(KeyFlaw::Edge));
        assert_eq!(flaw("vip_"), Some(KeyFlaw::Edge));
    }

    proptest! {
        #[test]
        fn a_key_is_a_key_and_stays_one(name in ".{0,40}") {
            let key = snake_case(&name);
            prop_assert_eq!(snake_case(&key), key.clone());
            prop_assert!(matches!(flaw(&key), None | Some(KeyFlaw::Empty)));
        }
    }
}
