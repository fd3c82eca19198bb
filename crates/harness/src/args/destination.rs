//! What the commands that map events have in common.

use attribution_destination::{Dialect, PreviousId};
use attribution_mock::rules::{Level, Rule};
use clap::Args;

use super::values::rule_level;

/// How the destination is set up, but for its project.
#[derive(Args, Debug)]
pub struct DestinationArgs {
    /// The wire format: classic, actions or import.
    #[arg(long, default_value = "classic", value_name = "NAME")]
    pub dialect: Dialect,
    /// For --dialect actions: whether an alias says which id is merged (mapped), or as the default preset of Segment's
    /// destination has it does not (preset).
    #[arg(long, default_value = "mapped", value_name = "HOW")]
    pub previous_id: PreviousId,
    /// For --dialect classic: send screen calls too. The destination's documentation does not list them, its public
    /// code maps them; the other dialects always send them.
    #[arg(long)]
    pub screens: bool,
}

/// What is made of broken rules.
#[derive(Args, Debug)]
pub struct RuleArgs {
    /// What is made of a broken rule, by its id or name: off, warn or deny (400). Can be given several times; of one
    /// rule, the last holds.
    #[arg(long = "rule", value_name = "RULE=LEVEL", value_parser = rule_level)]
    pub rules: Vec<(&'static Rule, Level)>,
}
