//! The product's binary, which Cargo builds together with the test programs that start it.

use std::process::Command;

/// `phonebill` with an empty environment: no inherited variable configures it.
pub fn phonebill() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phonebill"));
    command.env_clear();
    command
}
