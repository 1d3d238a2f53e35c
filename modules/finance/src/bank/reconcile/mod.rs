//! Bank reconciliations (التسويات البنكية): what the books say and what the bank says, and every item that explains the difference;
//! prepared by one person, approved and sealed by another.

mod approve;
mod begin;
mod figures;
mod store;
mod submit;
mod view;
mod void;

pub use approve::approve;
pub use begin::begin;
pub use submit::{give_back, submit};
pub use view::view;
pub(super) use view::{export, list, sheet};
pub use void::void;
