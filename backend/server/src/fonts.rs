//! The faces that prints are set in: inside the release binary, read from disk in debug builds.

use anyhow::Context;
use diwan_print::Fonts;
use rust_embed::RustEmbed;

/// Amiri, from the package that the set-up installs (SIL Open Font License 1.1).
#[derive(RustEmbed)]
#[folder = "../../frontend/node_modules/@expo-google-fonts/amiri"]
#[include = "400Regular/*.ttf"]
#[include = "700Bold/*.ttf"]
#[allow_missing = true]
struct Amiri;

/// Reads the faces.
///
/// # Errors
/// They are not in this build.
pub fn load() -> anyhow::Result<Fonts> {
    let face = |path: &str| {
        Amiri::get(path).map(|file| file.data.into_owned()).with_context(|| {
            format!("the font {path} is missing from this build: run `make ui` in the project's folder and build again")
        })
    };
    Ok(Fonts::from_bytes(face("400Regular/Amiri_400Regular.ttf")?, face("700Bold/Amiri_700Bold.ttf")?)?)
}
