//! The frame around every screen.

mod brand;
mod help;
mod language_switch;
mod screen;
mod top_bar;
mod trail;

pub use brand::Brand;
pub use help::Help;
pub use language_switch::LanguageSwitch;
pub use screen::Screen;
pub use trail::Crumb;
