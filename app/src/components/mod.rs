//! Building blocks of the screens, rendered on the server.
