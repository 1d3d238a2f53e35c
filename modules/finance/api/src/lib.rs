//! What finance (المالية) says over the wire, and its rules that need no database.
//!
//! Amounts are whole minor units of their currency (JOD: fils, 1000 to the dinar).

mod bank;
mod budget;
mod documents;
mod ledger;
mod parts;
mod reports;
mod structure;

pub use bank::*;
pub use budget::*;
pub use documents::*;
pub use ledger::*;
pub use parts::*;
pub use reports::*;
pub use structure::*;
