use std::collections::HashMap;

use super::filter::narrow;

/// Which filters ask for a referrer from a host, by their places. It is found once for each host, and remembered in little
/// room however many hosts there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Hosts {
    asking: HashMap<Box<str>, Box<[u16]>, foldhash::fast::RandomState>,
    /// Bytes of all names and places.
    size: usize,
}

impl Hosts {
    /// So many bytes are remembered; the hosts that lead to a site take far fewer.
    const MOST: usize = 8 << 20;

    /// The places of those among so many filters that ask for this host.
    pub(super) fn asking(&mut self, host: &str, filters: usize, asks: impl Fn(usize) -> bool) -> &[u16] {
        if !self.asking.contains_key(host) {
            let places: Box<[u16]> = (0..filters).filter(|place| asks(*place)).map(narrow).collect();
            let size = host.len() + size_of_val(&*places);
            if self.size + size > Self::MOST {
                self.asking.clear();
                self.size = 0;
            }
            self.size += size;
            self.asking.insert(host.into(), places);
        }
        self.asking.get(host).map_or(&[], |places| places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_forgets_rather_than_grow_and_answers_the_same() {
        let mut hosts = Hosts::default();
        for number in 0..40_u32 {
            let host = format!("{number}.{}.example", "long".repeat(1 << 18));
            assert_eq!(hosts.asking(&host, 4, |place| place % 2 == 1), [1, 3]);
            assert!(hosts.size <= Hosts::MOST);
        }
        assert!(hosts.asking.len() < 10);
    }
}
