//! The report files, one file per format, all of one [`Run`](crate::commands::run::report::Run).

pub(crate) mod github;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod problems;
pub(crate) mod tap;
pub(crate) mod timeline;
pub(crate) mod value;
