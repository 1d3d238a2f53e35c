//! The API of the whole product, on both databases.

mod app;
mod archive;
mod audit;
mod export;
mod import;
mod lists;
