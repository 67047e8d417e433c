//! The components of the screens. Rendered on the server only; they cost no WASM unless an island
//! renders them.

pub mod badge;
pub mod bill_age;
pub mod button;
pub mod card;
pub mod change_steps;
pub mod done_note;
pub mod empty;
pub mod facts;
pub mod gauge;
pub mod history;
pub mod icon;
pub mod layout;
pub mod line_state;
pub mod line_switch;
pub mod load;
pub mod money;
pub mod notices;
pub mod open_change;
pub mod plan;
pub mod plan_card;
pub mod plan_filters;
pub mod problem;
pub mod skeleton;
mod ways_on;
