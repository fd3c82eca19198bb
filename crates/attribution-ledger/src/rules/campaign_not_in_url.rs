use super::campaign_of_page::CampaignOfPage;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    id: "ATT029",
    name: "campaign-not-in-url",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A page's campaign stands in its url",
    doc: RuleDoc {
        what: "What a page view says in `context.campaign` (`source`, `medium`, `name`, `term`, `content`) stands in \
               `properties.url`, too, as `utm_source`, `utm_medium`, `utm_campaign`, `utm_term` and `utm_content`. A page \
               without a url is page-without-url instead.",
        why: "Campaigns are read from the url alone. This visit counts for no campaign, or for part of one, although the \
              sender knew it: a redirect, a single-page application or a canonical link has lost the query.",
        fix: "Send the url with which the visitor landed, query and all. analytics.js takes the address of \
              `<link rel=\"canonical\">` where there is one, and drops the visitor's query if that address has a query of \
              its own: leave the query out of the canonical address.",
        source: "analytics-next (`packages/page-tools`) makes the url, and `context.campaign` of the address bar; \
                 Attribution's early ingest read parameters from `properties.url` (event-processor, 2015, `lib/track.js`).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(page) = CampaignOfPage::of(subject) else {
        return Vec::new();
    };
    let missing = page.parameters().filter(|parameter| parameter.in_url.is_empty());
    let missing: Vec<&str> = missing.map(|parameter| parameter.name).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let message = format!("is lost, because `properties.url` has no {}", missing.join(", "));
    vec![Finding::at("/context/campaign", message)]
}
