//! Templates of documents (قوالب المستندات): a document's content under a name, for new drafts and for those that come again and
//! again. A job makes what is due, a draft like any other and never more than that; what it cannot make it says on the template.

mod content;
mod list;
mod make;
mod routes;
mod save;
mod schedule;
mod store;

pub(crate) use make::told;
pub use make::{make_due, schedule, work};
pub(crate) use routes::routes;
