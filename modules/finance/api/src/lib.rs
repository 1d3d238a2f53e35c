//! What finance (المالية) says over the wire, and its rules that need no database.
//!
//! Amounts are whole minor units of their currency (JOD: fils, 1000 to the dinar).

mod bank;
mod budget;
mod closing;
mod documents;
mod law;
mod ledger;
mod parts;
mod payments;
mod reports;
mod structure;
mod templates;

pub use bank::*;
pub use budget::*;
pub use closing::*;
pub use documents::*;
pub use law::*;
pub use ledger::*;
pub use parts::*;
pub use payments::*;
pub use reports::*;
pub use structure::*;
pub use templates::*;
