//! Puts Diwan together: the settings, the web server, the workers and the operator's commands. No business rule is here.

mod api_docs;
mod app;
mod commands;
pub mod demo;
mod fonts;
mod modules;
mod node;
mod output;
mod serve;
pub mod settings;
#[cfg(test)]
mod tests;
mod ui;

pub use app::{Services, assemble, documentation};
pub use commands::main;
pub use fonts::load as load_fonts;
pub use modules::{Module, modules};
pub use node::Node;
