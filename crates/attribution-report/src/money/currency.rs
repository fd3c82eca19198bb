use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A currency by its ISO 4217 code, which says how many decimals an amount has.
///
/// ```
/// use attribution_report::money::Currency;
///
/// let yen: Currency = "jpy".parse()?;
/// assert_eq!((yen.code(), yen.decimals()), ("JPY", 0));
/// assert_eq!(Currency::default().code(), "USD");
/// # Ok::<(), attribution_report::money::BadCurrency>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
}

impl Currency {
    /// Its code, in capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or_default()
    }

    /// How many decimals its amounts have: the minor unit of ISO 4217, and 2 for a code that is not in its table.
    pub fn decimals(&self) -> u8 {
        let is_in = |list: &str| list.split(' ').any(|code| code == self.code());
        if is_in(NONE) {
            0
        } else if is_in(THREE) {
            3
        } else if is_in(FOUR) {
            4
        } else {
            2
        }
    }
}

/// The codes of ISO 4217 whose minor unit is not 2.
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const THREE: &str = "BHD IQD JOD KWD LYD OMN TND";
const FOUR: &str = "CLF UYW";

impl Default for Currency {
    /// US dollars.
    fn default() -> Self {
        Self { code: *b"USD" }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = BadCurrency;

    fn from_str(text: &str) -> Result<Self, BadCurrency> {
        let code: [u8; 3] = text.trim().as_bytes().try_into().map_err(|_| BadCurrency)?;
        if !code.iter().all(u8::is_ascii_alphabetic) {
            return Err(BadCurrency);
        }
        Ok(Self {
            code: code.map(|letter| letter.to_ascii_uppercase()),
        })
    }
}

/// A text that is no currency's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCurrency;

impl fmt::Display for BadCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a currency is written as its three letters in ISO 4217, as in USD or EUR")
    }
}

impl Error for BadCurrency {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_how_many_decimals_there_are() {
        for (code, decimals) in [("USD", 2), ("JPY", 0), ("kwd", 3), ("CLF", 4), ("XXX", 2)] {
            assert_eq!(code.parse::<Currency>().unwrap().decimals(), decimals, "{code}");
        }
    }

    #[test]
    fn only_three_letters_are_a_code() {
        for text in ["", "US", "USDT", "U$D", "€"] {
            assert_eq!(text.parse::<Currency>(), Err(BadCurrency), "{text}");
        }
    }
}
