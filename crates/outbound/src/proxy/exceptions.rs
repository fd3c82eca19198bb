use std::net::IpAddr;

use http::Uri;

use crate::address::{host, port};

/// The hosts that no proxy is asked for, as `NO_PROXY` lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exceptions(Vec<Exception>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Exception {
    hosts: Hosts,
    /// Only this port, or any.
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// The addresses whose first so many bits are these.
    Network(IpAddr, u32),
    /// A name and whatever ends with a dot and it, in lower case.
    Domain(String),
}

impl Exceptions {
    /// Reads a list that is separated by commas, white space, or both.
    pub(super) fn read(list: &str) -> Self {
        let entries = list.split(|separator: char| separator == ',' || separator.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).map(Exception::read).collect())
    }

    /// These and those.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub(super) fn contain(&self, endpoint: &Uri) -> bool {
        let (host, at) = (host(endpoint), port(endpoint));
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.0
            .iter()
            .any(|exception| exception.port.is_none_or(|port| port == at) && exception.hosts.contain(&host))
    }
}

impl Exception {
    fn read(entry: &str) -> Self {
        // As a whole first, because the colons of a bare IPv6 address are not before a port.
        let whole = Hosts::addresses(entry);
        let (hosts, port) = match entry.rsplit_once(':') {
            Some((hosts, port)) if whole.is_none() && !port.is_empty() => (hosts, port.parse().ok()),
            _ => (entry, None),
        };
        let hosts = if port.is_some() { hosts } else { entry };
        Self {
            hosts: Hosts::read(hosts),
            port,
        }
    }
}

impl Hosts {
    fn read(text: &str) -> Self {
        if text == "*" {
            return Self::All;
        }
        Self::addresses(text).unwrap_or_else(|| {
            let name = text.strip_prefix('*').unwrap_or(text);
            Self::Domain(name.trim_matches('.').to_ascii_lowercase())
        })
    }

    /// An address, in brackets or not, or a network such as `10.0.0.0/8`.
    fn addresses(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let address: IpAddr = bare.unwrap_or(address).parse().ok()?;
        let (_, width) = number(address);
        let bits = bits.unwrap_or(width);
        (bits <= width).then_some(Self::Network(address, bits))
    }

    fn contain(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Network(network, bits) => host.parse().is_ok_and(|address| {
                let ((network, width), (address, other)) = (number(*network), number(address));
                let differ = network ^ address;
                width == other && differ.checked_shr(width - bits).unwrap_or_default() == 0
            }),
            Self::Domain(name) => {
                let before = host.strip_suffix(name.as_str()).filter(|_| !name.is_empty());
                // No address is below a name, even if the name is `0.1`.
                before
                    .is_some_and(|before| before.is_empty() || before.ends_with('.') && host.parse::<IpAddr>().is_err())
            }
        }
    }
}

/// An address as a number, and how many bits it has.
fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (address.to_bits().into(), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn excepted(list: &str, endpoint: &str) -> bool {
        Exceptions::read(list).contain(&endpoint.parse().unwrap())
    }

    #[test]
    fn an_entry_excepts_what_it_names_and_nothing_else() {
        let cases = [
            ("*", "http://any.example", true),
            ("a.example, *", "http://any.example", true),
            ("example.com", "https://example.com", true),
            ("example.com", "https://WWW.Example.COM", true),
            ("EXAMPLE.com", "https://example.com.", true),
            ("example.com", "https://notexample.com", false),
            ("example.com", "https://example.com.evil", false),
            (".example.com", "https://example.com", true),
            (".example.com", "https://a.b.example.com", true),
            ("*.example.com", "https://a.example.com", true),
            ("a.example example.com", "https://example.com", true),
            (" a.example ,\texample.com,,", "https://example.com", true),
            ("", "https://example.com", false),
            (".", "https://example.com", false),
            ("127.0.0.1", "http://127.0.0.1:7070", true),
            ("127.0.0.1", "http://127.0.0.2:7070", false),
            ("0.0.1", "http://127.0.0.1", false),
            ("localhost", "http://127.0.0.1", false),
            ("127.0.0.1", "http://localhost", false),
            ("10.0.0.0/8", "http://10.255.0.1", true),
            ("10.0.0.0/8", "http://11.0.0.1", false),
            ("10.0.0.0/33", "http://10.0.0.0", false),
            ("0.0.0.0/0", "http://10.0.0.1", true),
            ("0.0.0.0/0", "http://[::1]", false),
            ("::1", "http://[::1]:7070", true),
            ("[::1]", "http://[::1]:7070", true),
            ("[::1]:7070", "http://[::1]:7070", true),
            ("[::1]:7071", "http://[::1]:7070", false),
            ("fd00::/8", "http://[fd12::1]", true),
            ("::/0", "http://[fd12::1]", true),
            ("example.com:443", "https://example.com", true),
            ("example.com:80", "http://www.example.com", true),
            ("example.com:80", "https://example.com", false),
            ("127.0.0.1:7070", "http://127.0.0.1:7070", true),
            ("127.0.0.1:7070", "http://127.0.0.1:7071", false),
            ("example.com:http", "http://example.com", false),
        ];
        for (list, endpoint, expected) in cases {
            assert_eq!(excepted(list, endpoint), expected, "{list:?} {endpoint}");
        }
    }

    proptest! {
        #[test]
        fn no_list_panics_and_an_address_is_in_every_network_around_it(list in "[ -~]{0,30}", bits in 0..=32_u32, address: u32) {
            let address = std::net::Ipv4Addr::from(address);
            let _ = excepted(&list, "http://10.0.0.1");
            let (network, endpoint) = (format!("{address}/{bits}"), format!("http://{address}"));
            prop_assert!(excepted(&network, &endpoint));
        }
    }
}
