//! What finance (المالية) says over the wire, and its rules that need no database.
//!
//! Amounts are whole minor units of their currency (JOD: fils, 1000 to the dinar).

mod budget;
mod ledger;
mod structure;

pub use budget::*;
pub use ledger::*;
pub use structure::*;
