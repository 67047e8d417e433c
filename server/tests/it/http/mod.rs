//! The gateway alone, over fake ports.

mod bodies;
mod browsers;
mod cross_site;
mod documents;
mod ended_sessions;
mod frame;
mod going_back;
mod headers;
mod histories;
mod language;
mod load;
mod login_form;
mod malformed;
mod openapi;
mod operations;
mod problems;
mod rate_limits;
mod raw_sockets;
mod renewal;
mod server_functions;
mod waiting_bodies;
mod watching;
mod ways_on;
