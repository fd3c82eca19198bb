//! Reports: from the record in order to rows of figures.
//!
//! - [`Plan`]: all that a report is made with; [`Settings`]: what is asked for. `walk`: every conversion's credit, person by person.
//! - [`Report`]: spend, visits and credit by channel, filter, campaign and day. [`Cohorts`]: the spend of a day against the
//!   revenue of the days after. [`LiveReport`]: a report that goes on.
//! - [`Spend`]: what advertising cost, from CSV.
//! - [`Trace`]: one person's path. [`Origin`]: where an id of theirs came from.
//! - [`Table`]: rows of exact numbers, whatever they are shown as.

mod build;
mod cohort;
mod companies;
mod figures;
mod group;
mod live;
mod offset;
mod origin;
mod plan;
mod settings;
mod spend;
mod table;
mod trace;
mod walk;

pub use build::Report;
pub use cohort::Cohorts;
pub use figures::{Figures, ModelFigures, Row};
pub use group::{Dimension, Group, UnknownDimension};
pub use live::LiveReport;
pub use offset::{BadOffset, UtcOffset};
pub use origin::{Joined, Origin, Seen};
pub use plan::Plan;
pub use settings::{BadBooked, BadDirect, Booked, Direct, Settings};
pub use spend::{SPEND_COLUMNS, Spend};
pub use table::{Cell, Table};
pub use trace::{Share, Step, Trace, What};
