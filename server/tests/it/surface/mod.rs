//! The whole product as seen from outside, over both databases.

mod alarms;
mod comparison;
mod database_away;
mod degraded;
mod english;
mod former_customer;
mod forms;
mod full_mode;
mod inventory;
mod late;
mod leaving;
mod lines;
mod log;
mod measures;
mod next_steps;
mod open_change;
mod outage;
mod shared_browser;
mod silent_kos;
mod traces;
mod unknown_requests;
mod walk;
