//! What the tests of the whole product share: the assembled server over a test government, its answers, its forms.
#![expect(clippy::unwrap_used, reason = "a test that cannot get its surroundings fails")]

mod answer;
mod app;
mod background;
mod browser;
mod data;
mod forms;
mod letters;
mod process;
mod routes;
mod shared_data;
mod until;

pub use answer::{Answer, Events};
pub use app::TestApp;
pub use background::Running;
pub use browser::Browser;
pub use data::{document, letter, program, to};
pub use forms::{Form, encode};
pub use letters::note;
pub use process::{Caller, Reply, Server};
pub use routes::{ApiRoute, routes};
pub use shared_data::shared_data;
pub use until::until;
