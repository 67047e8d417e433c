//! The whole product from outside, over both databases.

mod forms;
mod inventory;
mod leaving;
mod outage;
mod walk;
