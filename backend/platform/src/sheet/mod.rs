//! Tables as files: reading what people bring (XLSX, CSV), writing lists as either.

mod csv;
mod list;
mod read;
mod write;

pub use list::{Export, ListSheet, MAX_LIST, TableForm};
pub use read::{Line, MAX_BYTES, MAX_ROWS, Table};
pub use write::{Cell, Column, MEDIA_TYPE, SheetWriter};
