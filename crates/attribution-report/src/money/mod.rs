//! Money: whole minor units of one currency, and how they are divided so that nothing is lost.
//!
//! - [`Currency`]: how many decimals there are.
//! - [`minor_units`], [`decimal()`]: from text to minor units and back.
//! - [`split()`]: by the largest remainder.

mod currency;
mod decimal;
mod split;

pub use currency::{BadCurrency, Currency};
pub use decimal::{BadAmount, Rounding, decimal, minor_units};
pub use split::{Splitter, split};
