//! The API of the whole product, on both databases.

mod archive;
