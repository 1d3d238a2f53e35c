//! Rebuilds the release binary when the UI it carries was built anew; debug builds read the UI from disk, from a folder
//! that must be there when they are compiled, if only empty.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let index = Path::new("../../frontend/dist/index.html");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed={}", index.display());
    } else if let Some(folder) = index.parent()
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        println!("cargo:warning=the folder of the UI cannot be made: {error}");
    }
}
