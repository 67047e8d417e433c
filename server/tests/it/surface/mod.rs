//! The whole product from outside, over both databases.

mod forms;
mod inventory;
mod leaving;
mod measures;
mod outage;
mod walk;
