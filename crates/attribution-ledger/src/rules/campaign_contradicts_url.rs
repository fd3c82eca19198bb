use super::campaign_of_page::{CampaignOfPage, Parameter};
use super::subject::excerpt;
use super::{Check, Finding, Rule, RuleDoc, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    id: "ATT030",
    name: "campaign-contradicts-url",
    severity: Severity::Warn,
    tolerated: &[],
    off: None,
    title: "A page's campaign is that of its url",
    doc: RuleDoc {
        what: "Where both `context.campaign` and `properties.url` of a page view name a source, medium, campaign, term or \
               content, they name the same. Letter case and `+` for a blank make no difference.",
        why: "Campaigns are read from the url alone, so what other tools make of this visit differs from what Attribution \
              does. Most often an application keeps an earlier visit's campaign in the context.",
        fix: "Leave `context.campaign` to the library, which reads it from the address bar at each call, or set it from \
              the url that is sent.",
        source: "analytics-next (`packages/browser/src/plugins/env-enrichment`) doesn't overwrite a campaign that is \
                 already in the context; reports of the two disagreeing are public (dbt-labs/segment#49).",
    },
    check: Check::Message(check),
};

fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(page) = CampaignOfPage::of(subject) else {
        return Vec::new();
    };
    let contradicted = page.parameters().filter(Parameter::is_contradicted);
    contradicted
        .map(|parameter| {
            let said = parameter.in_url.first().map_or("", String::as_str);
            let message = format!(
                "is {}, but `{}` in `properties.url` is {}, which counts",
                excerpt(parameter.in_context),
                parameter.name,
                excerpt(said)
            );
            Finding::at(&format!("/context/campaign/{}", parameter.key), message)
        })
        .collect()
}
