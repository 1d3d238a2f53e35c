//! Official letters between agencies (التراسل): from the draft to the registered, referred and answered letter.

pub mod letter;
pub mod letterhead;
pub mod print;
mod routes;
pub mod search;
pub mod template;
mod work;

pub use routes::routes;
pub use work::work;
