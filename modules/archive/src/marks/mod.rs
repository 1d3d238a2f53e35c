//! Stamps and notes over the pages of a file: a layer that is shown with it and taken away again; the file stays as it is.

mod change;
mod routes;
mod store;

pub(crate) use routes::routes;
