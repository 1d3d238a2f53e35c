//! Compiles the app to wasm, makes its JavaScript glue and shrinks it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::npm::run;
use crate::scripts::shrink;
use crate::stamp::{Inputs, unless_done};
use crate::{Layout, say};

/// The two files of the app.
pub(crate) struct Wasm {
    /// ES module that loads and starts the wasm.
    pub(crate) glue: PathBuf,
    /// The app itself.
    pub(crate) wasm: PathBuf,
}

/// Compiles `diwan-frontend` and returns its glue and wasm, optimised unless `--dev`.
pub(crate) fn build(layout: &Layout) -> Result<Wasm> {
    let profile = if layout.dev { "ui-dev" } else { "ui" };
    say(&format!("ui: compiling the app (profile {profile})"));
    compile(layout, profile)?;
    let input = layout.target.join("wasm32-unknown-unknown").join(profile).join("diwan-ui.wasm");
    let folder = layout.work.join("wasm");
    let wasm = Wasm { glue: folder.join("diwan-ui.js"), wasm: folder.join("diwan-ui_bg.wasm") };
    let sum = Inputs::default()
        .path(&input)?
        .path(&layout.frontend.join("package-lock.json"))?
        .path(&layout.frontend.join("js/build"))?
        .sum();
    let outputs = [wasm.glue.clone(), wasm.wasm.clone()];
    unless_done(&layout.work.join("wasm.stamp"), &sum, &outputs, || {
        say("ui: binding and optimising");
        fs::create_dir_all(&folder)?;
        Bindgen::new()
            .input_path(&input)
            .out_name("diwan-ui")
            .web(true)?
            .typescript(false)
            .remove_producers_section(true)
            .remove_name_section(!layout.dev)
            .omit_default_module_path(true)
            .generate(&folder)
            .context("wasm-bindgen failed")?;
        if layout.dev { Ok(()) } else { optimise(layout, &wasm) }
    })?;
    Ok(wasm)
}

fn compile(layout: &Layout, profile: &str) -> Result<()> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--package", "diwan-frontend", "--bin", "diwan-ui", "--quiet"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", profile]);
    // wasm-bindgen reads a section that stripping would remove; it and wasm-opt strip afterwards.
    cargo.args(["--config", &format!("profile.{profile}.strip='none'")]);
    cargo.arg("--target-dir").arg(&layout.target);
    if layout.dev {
        // Not in the workspace's Cargo.toml: only this tool knows the profile.
        cargo.args(["--config", "profile.ui-dev.inherits='dev'", "--config", "profile.ui-dev.debug=false"]);
        cargo.args(["--config", "profile.ui-dev.opt-level=1"]);
        cargo.args(["--features", "kit"]);
    }
    run(&mut cargo, &layout.frontend)
}

/// What every browser in use understands, and what rustc emits. Asked for all features, wasm-opt writes encodings that no
/// browser reads yet (compact imports), and the app does not start.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

fn optimise(layout: &Layout, wasm: &Wasm) -> Result<()> {
    let mut opt = Command::new("node_modules/.bin/wasm-opt");
    // The stack lies lowest in memory and grows down: nothing is ever read of its last kilobyte, so a small number that is added to
    // an address may become the offset of the load.
    opt.args(["--low-memory-unused", "--strip-debug", "--strip-producers"]).args(FEATURES);
    // What is alike is found best among what is small already; what then became one is made smaller once more.
    opt.args(["-Oz", "--merge-similar-functions", "-Oz", "-Oz"]);
    opt.arg(&wasm.wasm).arg("-o").arg(&wasm.wasm);
    run(&mut opt, &layout.frontend)?;
    shrink(layout, std::slice::from_ref(&wasm.glue))
}
