//! Every target keeps its promises for the committed inputs, and for every fixture of the workspace.

mod committed;
mod files;
mod fixtures;
mod hold;
