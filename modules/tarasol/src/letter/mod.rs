//! Letters (كتب): one file per operation, in the order of a letter's life.

pub mod approve;
pub mod close;
pub mod create;
mod deliver;
pub mod export;
mod input;
pub mod list;
pub mod opened;
pub mod recall;
pub mod refer;
pub mod refuse;
pub mod register;
pub mod reply;
pub mod send_back;
pub mod sign;
mod step;
pub(crate) mod store;
pub mod submit;
pub mod thread;
pub mod update;
pub mod view;
pub mod void;
pub mod withdraw;

#[cfg(test)]
mod tests;
