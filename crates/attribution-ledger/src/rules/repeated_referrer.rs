use super::subject::excerpt;
use super::{Check, Fact, Finding, Recorded, Rule, RuleDoc, Severity};

pub(super) const RULE: Rule = Rule {
    id: "ATT049",
    name: "repeated-referrer",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A visit comes from elsewhere once",
    doc: RuleDoc {
        what: "Two page views in a row, of one browser and one visit, don't both name the same `properties.referrer` of another \
               site. A host with and without `www.` and every host below it are one site. The same page may be loaded again. \
               The first repetition of a visit is flagged.",
        why: "Whoever counts by referrer sees one more arrival from there with every page. And a page that is opened after \
              half an hour's pause begins a visit from there that nobody made, which takes credit for what comes after it.",
        fix: "`document.referrer` says from where the document was loaded, and a single-page application loads only one: \
              pass `referrer` with each page call, on every page but the first the address of the page before. Who goes \
              back to a search and takes its next result looks the same, so one now and then is no mistake.",
        source: "analytics-next (`packages/page-tools`) fills in `document.referrer` at each page call; single-page \
                 applications that have to keep the referrer themselves are public (artsy/reaction#3407). Looking at two \
                 page views in a row is this project's decision.",
    },
    check: Check::Recorded(check),
};

fn check(recorded: &Recorded<'_>) -> Option<Finding> {
    recorded.facts.iter().find_map(|fact| match fact {
        Fact::SameReferrer { referrer, request } => Some(Finding::at(
            "/properties/referrer",
            format!(
                "is {}, as on the page before it in the same visit (request {request})",
                excerpt(referrer)
            ),
        )),
        _ => None,
    })
}
