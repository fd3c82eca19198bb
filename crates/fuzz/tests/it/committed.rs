use std::collections::BTreeSet;
use std::path::Path;

use fuzz::Target;

use crate::files::{bytes, directly_in};
use crate::hold::hold;

const FOLDER: &str = "fixtures/fuzz";

/// All of them together; they are read by every run of the tests.
const MOST_BYTES: usize = 300_000;

/// The inputs of a target, each with its file.
fn inputs(target: Target) -> Vec<(String, Vec<u8>)> {
    let paths = directly_in(Path::new(FOLDER).join(target.as_str())).into_iter();
    paths.map(|path| (path.display().to_string(), bytes(path))).collect()
}

#[track_caller]
fn replay(target: Target) {
    hold(target, inputs(target));
}

/// One test a target, so that they run side by side.
macro_rules! replayed {
    ($($name:ident: $target:expr;)*) => {$(
        #[test]
        fn $name() {
            replay($target);
        }
    )*};
}

replayed! {
    the_ledger_keeps_its_promises: Target::Ledger;
    the_journal_keeps_its_promises: Target::Journal;
    the_double_keeps_its_promises: Target::Double;
    the_double_keeps_its_promises_for_any_bytes: Target::Http;
    the_encodings_keep_their_promises: Target::Encodings;
    the_mapper_keeps_its_promises: Target::Mapper;
    the_ingest_keeps_its_promises: Target::Ingest;
    the_scenario_keeps_its_promises: Target::Scenario;
}

/// The names of what lies in a folder, without their extensions.
fn names_in(folder: &str) -> BTreeSet<String> {
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    directly_in(folder).iter().filter_map(|path| stem(path)).collect()
}

#[test]
fn there_is_a_folder_and_a_program_for_each_target_and_nothing_else() {
    let targets: BTreeSet<String> = Target::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(names_in(FOLDER), targets);
    assert_eq!(names_in("crates/fuzz/libfuzzer/fuzz_targets"), targets);
}

#[test]
fn the_inputs_are_few_enough_to_be_read_each_time() {
    let sizes = Target::ALL.map(|target| inputs(target).iter().map(|(_, input)| input.len()).sum::<usize>());
    assert!(sizes.iter().sum::<usize>() < MOST_BYTES, "{sizes:?}");
}
