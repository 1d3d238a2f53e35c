//! Behaviour of the index on disk.
