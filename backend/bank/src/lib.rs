//! Statements of banks (كشوف الحساب البنكية): read from what banks send into one form, checked, and matched with the entries
//! of the books; and orders to banks. Knows no database and no web server; amounts are whole minor units everywhere.

mod amount;
mod camt;
pub mod currency;
mod decode;
mod draft;
pub mod limits;
pub mod matching;
mod model;
mod mt940;
pub mod pay;
mod read;
mod refusal;
mod sheet;
mod xml;

pub use draft::{Balance, Draft, check_continuity};
pub use model::{Line, Message, Part, Statement};
pub use read::{Options, parse, read};
pub use refusal::{Place, Reason, Refusal};
pub use sheet::{DateOrder, Field, Template, View};
