//! Rebuilds the release binary when the UI it carries was built anew; debug builds read the UI from disk.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let index = Path::new("../../frontend/dist/index.html");
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed={}", index.display());
    }
}
