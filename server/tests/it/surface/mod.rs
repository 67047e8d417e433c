//! The whole product from outside, over both databases.

mod database_away;
mod degraded;
mod english;
mod forms;
mod full_mode;
mod inventory;
mod leaving;
mod lines;
mod measures;
mod outage;
mod traces;
mod walk;
