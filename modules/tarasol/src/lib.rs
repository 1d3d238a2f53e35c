//! Official letters between agencies (التراسل).
