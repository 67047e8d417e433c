//! The whole product from outside, over both databases.

mod database_away;
mod forms;
mod inventory;
mod leaving;
mod measures;
mod outage;
mod traces;
mod walk;
