//! Installs the locked npm packages when they are missing or the lock changed.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::stamp::{Inputs, unless_done};
use crate::{Layout, say};

/// Makes `frontend/node_modules` match `package-lock.json`.
pub(crate) fn install(layout: &Layout) -> Result<()> {
    let modules = layout.frontend.join("node_modules");
    let sum = Inputs::default().path(&layout.frontend.join("package-lock.json"))?.sum();
    unless_done(&modules.join(".diwan-stamp"), &sum, &[modules.join("esbuild")], || {
        say("ui: installing npm packages");
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]), &layout.frontend)
    })
}

/// Runs a program in `folder` and turns a failure into an error that names the program.
pub(crate) fn run(command: &mut Command, folder: &Path) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {name}; is it installed and on the PATH?"))?;
    if !status.success() {
        bail!("{name} failed ({status}); its messages are above");
    }
    Ok(())
}
