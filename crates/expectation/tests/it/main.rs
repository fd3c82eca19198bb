//! Expectations as the double's callers see them: JSON in, JSON out.

mod answer;
