//! Laws that hold for any JSON whatever, through the public interface.

mod enablement_laws;
mod ingest_laws;
mod messages;
