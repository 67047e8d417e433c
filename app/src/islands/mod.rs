//! The interactive parts; everything else is rendered on the server and costs no WASM.
//!
//! Until it is awake, an island renders nothing that needs WASM.

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
