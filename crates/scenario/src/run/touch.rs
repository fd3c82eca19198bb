//! What of the contract a scenario touches, noted where it can be seen.

use attribution_destination::deliver::{Delivery, Outcome};
use attribution_destination::{Invalid, MapErrorCode, Prepared, Settings, prepare, used_fields};
use attribution_mock::Mock;
use jiff::Timestamp;
use pipeline::{Fate, Handled, Pipeline};
use segment_event::{Event, Rejection};
use serde_json::Value;

use crate::coverage::{Answer, Item, Touched};

/// Notes what is touched, for whoever asked for it.
#[derive(Debug)]
pub(super) struct Touching {
    settings: Settings,
    ingest: bool,
    touched: Touched,
}

impl Touching {
    /// Nothing is touched yet. `ingest` is whether Segment's ingest looks at messages first.
    pub(super) fn new(settings: Settings, ingest: bool) -> Self {
        Self {
            settings,
            ingest,
            touched: Touched::default(),
        }
    }

    /// A message is about to be sent at this moment: of which fields its request is made is known only now.
    pub(super) fn message(&mut self, message: &Value, now: Timestamp) {
        let event = if self.ingest {
            Event::ingest(message.clone())
        } else {
            Event::unchecked(message.clone())
        };
        let Ok(event) = event else { return };
        let Prepared::Send(_) = prepare(&event, &self.settings, now) else {
            return;
        };
        let dialect = self.settings.dialect;
        let fields = used_fields(&event, &self.settings);
        self.touched.add(Item::Dialect(dialect));
        self.touched.add(Item::Mapping(dialect, event.kind()));
        self.touched
            .extend(fields.into_iter().map(|field| Item::Field(dialect, field)));
    }

    /// Everything, with what became of the messages.
    pub(super) fn finish(mut self, pipeline: &mut Pipeline) -> Touched {
        for message in pipeline.handled() {
            self.handled(message);
        }
        let struck = pipeline.link().struck().into_iter();
        self.touched.extend(struck.map(|kind| Item::Fault(kind.as_str())));
        self.double(pipeline.mock());
        self.touched
    }

    fn handled(&mut self, message: &Handled) {
        self.touched.extend(message.kind.map(Item::Call));
        match &message.fate {
            Fate::Pending => {}
            Fate::Rejected(rejections) => self.rejected(rejections),
            Fate::Done(outcome) => self.done(outcome),
        }
    }

    fn rejected(&mut self, rejections: &[Rejection]) {
        let codes = rejections.iter().map(|rejection| Item::Rejection(rejection.code));
        self.touched.extend(codes);
    }

    fn done(&mut self, outcome: &Outcome) {
        let answers = outcome.attempts.iter().map(|attempt| Answer::of(&attempt.answer));
        self.touched.extend(answers.map(Item::Answer));
        match &outcome.result {
            Delivery::Skipped(skip) => self.touched.add(Item::Skip(skip.reason)),
            Delivery::Invalid(Invalid::Rejected(rejections)) => self.rejected(rejections),
            Delivery::Invalid(Invalid::Unmapped(error)) => {
                let code = MapErrorCode::ALL.into_iter().find(|code| code.as_str() == error.code);
                self.touched.extend(code.map(Item::MapError));
            }
            Delivery::Delivered { .. }
            | Delivery::Rejected { .. }
            | Delivery::Expired { .. }
            | Delivery::Interrupted => {}
        }
    }

    fn double(&mut self, double: &Mock) {
        let faults = double.faults().into_iter().filter(|installed| installed.struck > 0);
        let kinds = faults.map(|installed| installed.fault.action.kind());
        self.touched.extend(kinds.map(|kind| Item::Fault(kind.as_str())));
        let violations = double.violations().into_iter();
        self.touched
            .extend(violations.map(|violation| Item::Rule(violation.rule)));
    }
}
