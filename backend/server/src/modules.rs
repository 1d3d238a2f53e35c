//! The list of modules in this build: the one place that names them all.

use diwan_http::Routes;

/// What a module adds to Diwan.
pub struct Module {
    /// Its name, as its folder.
    pub name: &'static str,
    /// Adds its routes under `/api`.
    pub routes: fn(&mut Routes),
}

/// The modules, platform first, then from the lowest floor up.
pub fn modules() -> Vec<Module> {
    vec![
        Module { name: "platform", routes: diwan_http::platform::routes },
        Module { name: "archive", routes: diwan_archive::routes },
        Module { name: "finance", routes: diwan_finance::routes },
        Module { name: "tarasol", routes: diwan_tarasol::routes },
    ]
}
