//! The bank (البنك): statements, matching, reconciliations.
