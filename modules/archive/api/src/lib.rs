//! What the archive says over the wire.
