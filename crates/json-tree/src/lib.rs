//! JSON from outside as a tree that borrows from its text.
//!
//! Whoever judges a message looks at most of it once and keeps little, so a tree of owned strings and hash maps is mostly made to
//! be thrown away. Here a string without escapes is a piece of the text, an object is the list of its members, and a number its
//! digits. An object also knows [where it stands](Object::place), for those who keep the text itself.
//!
//! It reads what [`json_value`] reads, has the same members in the same order, the last value of a key that stands twice, and
//! the same words where there is nothing to read: [`read()`] is held to that by a law.
//!
//! ```
//! let text = br#"{"event": "Order Completed", "properties": {"revenue": 99.90}}"#;
//! let value = json_tree::read(text)?;
//! let message = value.as_object().expect("an object");
//! assert_eq!(message.get("event").and_then(|event| event.as_str()), Some("Order Completed"));
//! let properties = message.get("properties").and_then(|value| value.as_object()).expect("an object");
//! assert_eq!(&text[properties.place().expect("it stands there")], br#"{"revenue": 99.90}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! It knows no message.

mod convert;
mod object;
mod read;
#[cfg(test)]
mod tests;
mod value;

pub use object::Object;
pub use read::read;
pub use value::{Number, Value};
