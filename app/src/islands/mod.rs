//! The parts that move: the only code that reaches the browser.
