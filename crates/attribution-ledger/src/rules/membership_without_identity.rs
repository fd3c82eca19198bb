use super::computation::Computation;
use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};
use crate::decode::{Hit, Ids};

pub(super) const RULE: Rule = Rule {
    id: "ATT050",
    name: "membership-without-identity",
    severity: Severity::Warn,
    tolerated: &[],
    off: Some(
        "Engage's first sync tells of every member, and most of them are older than the connection: Attribution has never \
         heard of them, and nothing is wrong with that. Turn it on in a test that begins with an empty project, where \
         whoever enters an audience has been identified or has done something before.",
    ),
    title: "Engage tells of somebody who is known",
    doc: RuleDoc {
        what: "Where `context.personas` says that an identify or a track is about an audience, a step of a journey or a \
               computed trait, one of its ids was recorded before: by an identify, a page, a track or an alias. The first \
               such message about a visitor is flagged; after it the visitor is known.",
        why: "Membership is a user property by which visits and conversions are filtered. A visitor of whom Engage alone \
              tells has neither: most often the user id of the profile is written otherwise than the one that the sources \
              send, or their calls are kept from Attribution by the integrations object. The audience then seems empty.",
        fix: "Identify the user by the very user id that the Engage profile has, before the audience is synced, and let \
              the calls that make a member reach Attribution as well.",
        source: "Segment's documentation (Engage, Using Engage data): the first sync sends every member, later ones who has \
                 entered or left; each message names external ids of the profile. That whoever has been seen by any call \
                 is known is this project's decision.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    if !recorded.facts.contains(&Fact::Stranger) {
        return None;
    }
    let (ids, context, told) = match &recorded.message.hit {
        Hit::Identify(identify) => (&identify.ids, &identify.context, &identify.traits),
        Hit::Track(track) => (&track.ids, &track.context, &track.properties),
        Hit::Page(_) | Hit::Alias(_) | Hit::Group(_) => return None,
    };
    let place = Computation::place(recorded.message.hit.call())?;
    let key = Computation::of(context)?.key;
    told.contains_key(key).then(|| {
        let whom = whom(recorded, ids);
        Finding::below(place, key, format!("is the first that is heard of {whom}"))
    })
}

fn whom(recorded: &Recorded<'_>, ids: &Ids) -> String {
    let user = ids.user().map(|user| (recorded.names.user, user));
    let cookie = ids.cookie().map(|cookie| (recorded.names.cookie, cookie));
    let named = user.into_iter().chain(cookie);
    let named: Vec<String> = named.map(|(name, id)| format!("{name} {}", excerpt(id))).collect();
    named.join(" and ")
}
