use std::collections::{BTreeSet, HashMap};

/// Who counts as a company, all in numbers: a company has one as if it were a visitor.
#[derive(Debug, Default)]
pub(super) struct Companies {
    of: HashMap<u32, u32, foldhash::fast::RandomState>,
    members: HashMap<u32, BTreeSet<u32>, foldhash::fast::RandomState>,
}

impl Companies {
    /// From now on this visitor counts as that company, or as themselves.
    pub(super) fn belongs(&mut self, visitor: u32, company: Option<u32>) {
        if let Some(left) = self.of.remove(&visitor) {
            self.members.entry(left).or_default().remove(&visitor);
        }
        if let Some(company) = company {
            self.of.insert(visitor, company);
            self.members.entry(company).or_default().insert(visitor);
        }
    }

    /// One visitor is another from now on, who takes over the company unless they have one.
    pub(super) fn join(&mut self, gone: u32, kept: u32) {
        let company = self.of.get(&kept).or(self.of.get(&gone)).copied();
        self.belongs(gone, None);
        self.belongs(kept, company);
    }

    /// As whom this visitor counts.
    pub(super) fn one(&self, visitor: u32) -> u32 {
        self.of.get(&visitor).copied().unwrap_or(visitor)
    }

    /// Everyone who counts as this one.
    pub(super) fn all(&self, one: u32) -> impl Iterator<Item = u32> {
        let alone = (!self.of.contains_key(&one)).then_some(one);
        alone
            .into_iter()
            .chain(self.members.get(&one).into_iter().flatten().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_counts_once_as_one_company_or_as_themselves() {
        let mut companies = Companies::default();
        let all = |companies: &Companies, one| companies.all(one).collect::<Vec<_>>();
        companies.belongs(2, Some(9));
        companies.belongs(1, Some(9));
        assert_eq!(all(&companies, 9), [9, 1, 2]);
        assert_eq!((companies.one(1), all(&companies, 1)), (9, vec![]));
        companies.belongs(1, Some(8));
        companies.belongs(2, None);
        assert_eq!(
            (all(&companies, 9), all(&companies, 8), all(&companies, 2)),
            (vec![9], vec![8, 1], vec![2])
        );
        companies.join(1, 2);
        assert_eq!(
            (companies.one(1), companies.one(2)),
            (1, 8),
            "who has none takes it over"
        );
        companies.belongs(3, Some(9));
        companies.join(2, 3);
        assert_eq!(
            (all(&companies, 9), all(&companies, 8)),
            (vec![9, 3], vec![8]),
            "who has one stays"
        );
    }
}
