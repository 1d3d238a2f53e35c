//! The appropriations of a year: the law out of a workbook (قانون الموازنة من ملف), and until it is there one part in twelve a
//! month of the year before (الصرف على أساس 1/12). Both are drafts of documents, which go the way of all others.

mod appropriated;
mod key_list;
mod keys;
pub mod law;
pub mod provisional;
mod routes;
mod rules;
mod standing;
mod template;
mod values;

pub(crate) use routes::routes;
