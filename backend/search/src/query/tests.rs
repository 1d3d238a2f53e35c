//! Behaviour of searches.
