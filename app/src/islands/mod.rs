//! What moves in the browser; everything else is rendered on the server and costs no WASM.
//!
//! An island draws nothing that works only with WASM until it is awake.

pub mod card_group;
pub mod change_progress;
pub mod check_steps;
pub mod live_checks;
pub mod login_button;
mod on_its_way;
pub mod password_field;
pub mod plan_picker;
pub mod print_button;
pub mod waiting;
