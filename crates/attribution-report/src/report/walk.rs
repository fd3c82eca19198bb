use std::ops::Range;
use std::thread;

use super::settings::{Direct, Settings};
use crate::channels::{BuiltIn, Channels, FilterId};
use crate::model::{Chain, Model, Touch, Weigher};
use crate::money::Splitter;
use crate::record::{ConversionFact, Facts, VisitFact};

/// A whole conversion, in billionths.
pub(crate) const ONE: i64 = 1_000_000_000;

/// So much is done before a thread has begun.
const FEW: usize = 1_000;

/// What one visit, or nobody, gets of a conversion by one model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credit<'a> {
    /// The model's place among those asked for.
    pub(crate) model: usize,
    /// The visit's place among the person's; none where it is unattributed.
    pub(crate) visit: Option<usize>,
    pub(crate) conversion: &'a ConversionFact,
    /// In billionths; none of a refund.
    pub(crate) share: i64,
    /// In minor units.
    pub(crate) money: i64,
}

/// Takes in what a walk comes across.
pub(crate) trait Sink: Send {
    /// The next person, with all visits in order.
    fn person(&mut self, visits: &[VisitFact]);

    /// Credit of that person's.
    fn credit(&mut self, visits: &[VisitFact], credit: &Credit<'_>);
}

/// Goes from person to person and divides their conversions.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    facts: &'a Facts,
    settings: &'a Settings,
    channels: &'a Channels,
    direct: u16,
    effects: Vec<u64>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(facts: &'a Facts, settings: &'a Settings, channels: &'a Channels) -> Self {
        let mut walk = Self {
            facts,
            settings,
            channels,
            direct: channels.built_in(BuiltIn::Direct).0,
            effects: Vec::new(),
        };
        if settings.models.contains(&Model::Markov) {
            walk.effects = walk.effects();
        }
        walk
    }

    /// Walks over everyone on two threads, each with a sink of its own. Where there is little to do, one does it all.
    pub(crate) fn halves<S: Sink>(&self, make: impl Fn() -> S + Sync) -> [S; 2] {
        let visits = &self.facts.visits;
        if visits.len() + self.facts.conversions.len() < FEW {
            let mut all = make();
            self.over(0..u32::MAX, &mut all);
            return [all, make()];
        }
        let middle = visits.get(visits.len() / 2).map_or(0, |visit| visit.person);
        let walk = |persons: Range<u32>| {
            let mut sink = make();
            self.over(persons, &mut sink);
            sink
        };
        thread::scope(|scope| {
            let second = scope.spawn(|| walk(middle..u32::MAX));
            let first = walk(0..middle);
            match second.join() {
                Ok(second) => [first, second],
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Walks over the persons of these numbers.
    pub(crate) fn over(&self, persons: Range<u32>, sink: &mut impl Sink) {
        let mut divider = Divider::default();
        self.each_person(persons, |visits, conversions| {
            sink.person(visits);
            let touches = self.touches(visits, conversions);
            for conversion in conversions {
                self.divide(visits, &touches, conversion, &mut divider, sink);
            }
        });
    }

    fn each_person(&self, persons: Range<u32>, mut each: impl FnMut(&[VisitFact], &[ConversionFact])) {
        let Facts {
            visits, conversions, ..
        } = self.facts;
        let mut visits = between(visits, &persons, |visit| visit.person);
        let mut conversions = between(conversions, &persons, |conversion| conversion.person);
        while let Some(person) = first(visits, conversions) {
            let (theirs, rest) = visits.split_at(run(visits, |visit| visit.person == person));
            let (did, undone) = conversions.split_at(run(conversions, |conversion| conversion.person == person));
            each(theirs, did);
            (visits, conversions) = (rest, undone);
        }
    }

    /// The visits that can get credit, where there is anything to get.
    fn touches(&self, visits: &[VisitFact], conversions: &[ConversionFact]) -> Vec<Touch> {
        if conversions.is_empty() {
            return Vec::new();
        }
        self.eligible(visits).collect()
    }

    fn eligible<'v>(&'v self, visits: &'v [VisitFact]) -> impl Iterator<Item = Touch> + 'v {
        let until = match (&self.settings.direct, visits.first()) {
            (Direct::Included, _) | (_, None) => i64::MAX,
            (Direct::Excluded, _) => i64::MIN,
            (Direct::UntilEvent(_), Some(visit)) => self.facts.cut_offs.get(&visit.person).copied().unwrap_or(i64::MAX),
        };
        let touches = visits.iter().enumerate().map(|(place, visit)| Touch {
            visit: place,
            at: visit.at,
            channel: self.channels.channel(FilterId(visit.filter)),
            is_direct: visit.filter == self.direct,
        });
        touches.filter(move |touch| !touch.is_direct || touch.at <= until)
    }

    fn divide(
        &self,
        visits: &[VisitFact],
        touches: &[Touch],
        conversion: &ConversionFact,
        divider: &mut Divider,
        sink: &mut impl Sink,
    ) {
        let look_back = i64::try_from(self.settings.look_back.as_micros()).unwrap_or(i64::MAX);
        let earliest = conversion.at.saturating_sub(look_back);
        let first = touches.partition_point(|touch| touch.at < earliest);
        let path = &touches[first..touches.partition_point(|touch| touch.at <= conversion.at).max(first)];
        let whole = if conversion.amount < 0 { 0 } else { ONE };
        for (place, model) in self.settings.models.iter().enumerate() {
            let mut credit = Credit {
                model: place,
                visit: None,
                conversion,
                share: whole,
                money: conversion.amount,
            };
            if path.is_empty() {
                sink.credit(visits, &credit);
                continue;
            }
            divider.divide(
                &Weigher {
                    model,
                    effects: &self.effects,
                },
                path,
                &credit,
            );
            for (index, touch) in path.iter().enumerate() {
                credit.visit = Some(touch.visit);
                (credit.share, credit.money) = (divider.shares[index], divider.money[index]);
                if credit.share != 0 || credit.money != 0 {
                    sink.credit(visits, &credit);
                }
            }
        }
    }

    /// The removal effect of each channel.
    fn effects(&self) -> Vec<u64> {
        let mut chain = Chain::new(self.channels.channel_names().count());
        self.each_person(0..u32::MAX, |visits, conversions| {
            let touches: Vec<Touch> = self.eligible(visits).collect();
            let mut open = &touches[..];
            for conversion in conversions.iter().filter(|conversion| conversion.amount >= 0) {
                let (path, rest) = open.split_at(open.partition_point(|touch| touch.at <= conversion.at));
                chain.path(path.iter().map(|touch| touch.channel), true);
                open = rest;
            }
            chain.path(open.iter().map(|touch| touch.channel), false);
        });
        chain.effects()
    }
}

/// Memory that is used again for the next conversion.
#[derive(Debug, Default)]
struct Divider {
    splitter: Splitter,
    weights: Vec<u64>,
    shares: Vec<i64>,
    money: Vec<i64>,
}

impl Divider {
    fn divide(&mut self, weigher: &Weigher<'_>, path: &[Touch], whole: &Credit<'_>) {
        weigher.weigh(path, &mut self.weights);
        self.shares.clear();
        self.money.clear();
        self.splitter.split(whole.share, &self.weights, &mut self.shares);
        self.splitter.split(whole.money, &self.weights, &mut self.money);
    }
}

fn between<'f, T>(all: &'f [T], persons: &Range<u32>, person: impl Fn(&T) -> u32) -> &'f [T] {
    let start = all.partition_point(|one| person(one) < persons.start);
    let end = all.partition_point(|one| person(one) < persons.end);
    &all[start..end]
}

fn first(visits: &[VisitFact], conversions: &[ConversionFact]) -> Option<u32> {
    let visitor = visits.first().map(|visit| visit.person);
    let customer = conversions.first().map(|conversion| conversion.person);
    visitor.into_iter().chain(customer).min()
}

fn run<T>(all: &[T], is_theirs: impl Fn(&T) -> bool) -> usize {
    all.iter().position(|one| !is_theirs(one)).unwrap_or(all.len())
}
