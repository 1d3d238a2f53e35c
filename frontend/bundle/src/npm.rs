//! Installs the locked npm packages when they are missing or the lock changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use crate::{Layout, say};

/// Makes `frontend/node_modules` match `package-lock.json`.
pub(crate) fn install(layout: &Layout) -> Result<()> {
    // npm writes down what it installed when all of it is there.
    let installed = written(&layout.frontend.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= written(&layout.frontend.join("package-lock.json")) {
        return Ok(());
    }
    say("ui: installing npm packages");
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]), &layout.frontend)
}

fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|file| file.modified()).ok()
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
