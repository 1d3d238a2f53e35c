//! What letters say over the wire, and their states.
