//! The stand-ins over real HTTP, as the server sees them.

#[cfg(test)]
mod ap;
#[cfg(test)]
mod change;
#[cfg(test)]
mod every_fault;
#[cfg(test)]
mod fault_proxy;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod inquiry;
#[cfg(test)]
mod support;
