use std::error::Error;
use std::fmt;

use attribution_ledger::AttributionReport;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::facts::{ConversionRow, FactsBuilder, VisitRow};

/// Visits, conversions and identities, as the ledger's projections have them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Rows {
    /// Visits in any order.
    pub visits: Vec<ReadVisit>,
    /// Conversions in any order.
    pub conversions: Vec<ReadConversion>,
    /// Who is who, for the company that a person belongs to.
    #[serde(default)]
    pub identities: Vec<ReadIdentity>,
    /// How many requests the record has forgotten, so that nothing of them is in it.
    #[serde(default)]
    pub dropped: Option<u64>,
}

/// What a report needs of an `attribution_ledger::Visit`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReadVisit {
    /// Whose it was.
    pub visitor: String,
    /// When it began.
    pub started_at: Timestamp,
    /// The landing url.
    pub url: Option<String>,
    /// The landing page's referrer.
    pub referrer: Option<String>,
    /// `utm_campaign`.
    pub campaign: Option<String>,
    /// The number of the request that began it.
    #[serde(default)]
    pub request: u64,
}

/// What a report needs of an `attribution_ledger::Conversion`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReadConversion {
    /// Who did it.
    pub visitor: String,
    /// When.
    pub at: Timestamp,
    /// The event's name.
    pub event: String,
    /// Its revenue, with the digits as written.
    pub revenue: Option<Number>,
    /// Its currency, as received.
    pub currency: Option<String>,
    /// The number of the request that made it.
    #[serde(default)]
    pub request: u64,
}

/// What a report needs of an `attribution_ledger::Identity`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReadIdentity {
    /// The person.
    pub visitor: String,
    /// All that was said of the person.
    #[serde(default, deserialize_with = "json_value::object")]
    pub traits: Map<String, Value>,
}

impl ReadIdentity {
    /// The trait `companyId`, in whatever letter case: the vendor's page on company attribution spells it `CompanyId`.
    pub fn company(&self) -> Option<String> {
        company_of(&self.traits)
    }
}

/// The company that these traits name.
pub(crate) fn company_of(traits: &Map<String, Value>) -> Option<String> {
    let mut named = traits.iter().filter(|(key, _)| key.eq_ignore_ascii_case("companyId"));
    named.find_map(|(_, value)| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

impl Rows {
    /// Reads the JSON of an [`AttributionReport`], which is what `/__admin/report` answers. Of it, nothing else is looked at.
    ///
    /// # Errors
    ///
    /// When it is not that; the error says where.
    ///
    /// ```
    /// use attribution_report::record::Rows;
    ///
    /// let text = r#"{"visits": [{"visitor": "ada", "started_at": "2024-01-15T10:00:00Z"}], "conversions": []}"#;
    /// assert_eq!(Rows::parse(text.as_bytes())?.visits[0].visitor, "ada");
    /// # Ok::<(), attribution_report::record::RowsError>(())
    /// ```
    pub fn parse(json: &[u8]) -> Result<Self, RowsError> {
        serde_json::from_slice(json).map_err(RowsError)
    }

    /// Hands everything over; with `by_company`, everyone of one company counts as one visitor.
    pub fn fill(&self, facts: &mut FactsBuilder<'_>, by_company: bool) {
        if by_company {
            for identity in &self.identities {
                if let Some(company) = identity.company() {
                    facts.belongs(&identity.visitor, &company);
                }
            }
        }
        for visit in &self.visits {
            facts.visit(&VisitRow {
                visitor: &visit.visitor,
                at: visit.started_at,
                url: visit.url.as_deref(),
                referrer: visit.referrer.as_deref(),
                campaign: visit.campaign.as_deref(),
            });
        }
        for conversion in &self.conversions {
            facts.conversion(&ConversionRow {
                visitor: &conversion.visitor,
                at: conversion.at,
                event: &conversion.event,
                revenue: conversion.revenue.as_ref().map(Number::as_str),
                currency: conversion.currency.as_deref(),
            });
        }
    }
}

impl From<AttributionReport> for Rows {
    fn from(report: AttributionReport) -> Self {
        let visits = report.visits.into_iter().map(|visit| ReadVisit {
            visitor: visit.visitor,
            started_at: visit.started_at,
            url: visit.url,
            referrer: visit.referrer,
            campaign: visit.campaign,
            request: visit.request,
        });
        let conversions = report.conversions.into_iter().map(|conversion| ReadConversion {
            visitor: conversion.visitor,
            at: conversion.at,
            event: conversion.event,
            revenue: conversion.revenue,
            currency: conversion.currency,
            request: conversion.request,
        });
        let identities = report.identities.into_iter().map(|identity| ReadIdentity {
            visitor: identity.visitor,
            traits: identity.traits,
        });
        Self {
            visits: visits.collect(),
            conversions: conversions.collect(),
            identities: identities.collect(),
            dropped: None,
        }
    }
}

/// A text that is no record.
#[derive(Debug)]
pub struct RowsError(pub(crate) serde_json::Error);

impl fmt::Display for RowsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not the JSON of a record, an object with `visits` and `conversions`")
    }
}

impl Error for RowsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
