//! Laws that hold for any audience over any history, through the public interface.

mod generate;
mod incremental_laws;
mod specification;
mod stories;
