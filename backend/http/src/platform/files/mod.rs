//! Attachments over HTTP: upload, list, download.

mod content;
mod fixity;
mod routes;
mod upload;

pub use content::answer as file_answer;
pub use routes::routes;
pub use upload::{Form, receive};
