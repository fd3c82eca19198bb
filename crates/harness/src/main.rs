//! `harness`: see the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::main_with(std::env::args_os()).into()
}
