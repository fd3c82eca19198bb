use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::campaign::{Campaign, page_of};
use super::page_views::{PageViews, View};
use super::people::People;

/// A session of page views.
///
/// Its page views came from one browser (a cookie, or a user without one) and belong to one person. It ends with so long
/// without a page view, or with one that carries other campaign parameters than the one that began it; midnight is no end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// The canonical name of whose visit it was.
    pub visitor: String,
    /// The time of the first page view.
    pub started_at: Timestamp,
    /// The time of the last page view.
    pub ended_at: Timestamp,
    /// The landing url without its query and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The landing url, as received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The landing page's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The landing page's referrer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// `utm_source` of the landing url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `utm_medium` of the landing url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// `utm_campaign` of the landing url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// `utm_term` of the landing url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// `utm_content` of the landing url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The landing url's Google click id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gclid: Option<String>,
    /// The landing url's Facebook ad id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fbaid: Option<String>,
    /// How many page views it has.
    pub page_views: u64,
    /// The number of the request that began it.
    pub request: u64,
}

/// Cuts everyone's page views into visits; by the time they began, and of equal times in the order of arrival.
pub(crate) fn visits(page_views: &PageViews, people: &People, gap: Duration) -> Vec<Visit> {
    let views = page_views.views().iter().enumerate().collect();
    let visits = visits_of(views, people, gap).into_iter();
    visits.map(|(_, visit)| visit).collect()
}

/// The same of these page views, each with its place in the order of arrival; the visit's is that of its first.
pub(super) fn visits_of(views: Vec<(usize, &View)>, people: &People, gap: Duration) -> Vec<(usize, Visit)> {
    let mut sessions = sessions_of(views, people, gap);
    // A batch begins several at one time, so the number of the request wouldn't do.
    sessions.sort_by_key(|session| (session.landing.arrival.at, session.arrived));
    let sessions = sessions.into_iter();
    sessions.map(|session| (session.arrived, session.row(people))).collect()
}

/// How many they are.
pub(super) fn count_visits(views: Vec<(usize, &View)>, people: &People, gap: Duration) -> usize {
    sessions_of(views, people, gap).len()
}

fn sessions_of<'a>(mut views: Vec<(usize, &'a View)>, people: &People, gap: Duration) -> Vec<Session<'a>> {
    let place = |view: &View| (people.today(view.arrival.person), view.arrival.browser);
    views.sort_by_cached_key(|&(arrived, view)| (place(view), view.arrival.at, arrived));
    views
        .chunk_by(|(_, a), (_, b)| place(a) == place(b))
        .flat_map(|views| cut(views, gap))
        .collect()
}

/// A visit under way.
struct Session<'a> {
    landing: &'a View,
    /// Which of all page views that is, in the order of arrival.
    arrived: usize,
    campaign: Campaign<'a>,
    ended_at: Timestamp,
    page_views: u64,
}

/// Cuts the page views of one person in one browser, in order, where a visit begins.
fn cut<'a>(views: &[(usize, &'a View)], gap: Duration) -> Vec<Session<'a>> {
    let mut sessions: Vec<Session<'a>> = Vec::new();
    for &(arrived, view) in views {
        let campaign = view.url.as_deref().map(Campaign::of_url).unwrap_or_default();
        match sessions
            .last_mut()
            .filter(|session| session.goes_on(view, &campaign, gap))
        {
            Some(session) => {
                session.ended_at = view.arrival.at;
                session.page_views += 1;
            }
            None => sessions.push(Session {
                landing: view,
                arrived,
                campaign,
                ended_at: view.arrival.at,
                page_views: 1,
            }),
        }
    }
    sessions
}

impl Session<'_> {
    fn goes_on(&self, view: &View, campaign: &Campaign<'_>, gap: Duration) -> bool {
        let idle = self.ended_at.duration_until(view.arrival.at).unsigned_abs();
        idle < gap && !campaign.begins_another(&self.campaign)
    }

    fn row(self, people: &People) -> Visit {
        let Self {
            landing,
            arrived: _,
            campaign,
            ended_at,
            page_views,
        } = self;
        let url = landing.url.as_deref();
        Visit {
            visitor: people.name(landing.arrival.person),
            started_at: landing.arrival.at,
            ended_at,
            page: url.map(|url| page_of(url).to_owned()),
            url: url.map(str::to_owned),
            name: landing.name.as_deref().map(str::to_owned),
            referrer: landing.referrer.as_deref().map(str::to_owned),
            source: campaign.get("utm_source"),
            medium: campaign.get("utm_medium"),
            campaign: campaign.get("utm_campaign"),
            term: campaign.get("utm_term"),
            content: campaign.get("utm_content"),
            gclid: campaign.get("gclid"),
            fbaid: campaign.get("fbaid"),
            page_views,
            request: landing.arrival.request,
        }
    }
}
