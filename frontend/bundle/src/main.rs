//! Builds the UI: wasm, styles and scripts into one folder of hashed, compressed files (`frontend/dist`).
//!
//! `cargo run -p diwan-bundle` makes what is delivered; `-- --dev` builds faster, larger, with the kit page.
//! A step whose inputs did not change since the last run is skipped.

mod emit;
mod npm;
mod scripts;
mod stamp;
mod wasm;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// Where things are and which kind of build this is.
pub(crate) struct Layout {
    /// The `frontend` folder of the repository.
    pub(crate) frontend: PathBuf,
    /// The cargo target folder the wasm build uses.
    pub(crate) target: PathBuf,
    /// Intermediate files and step stamps; one folder per kind of build.
    pub(crate) work: PathBuf,
    /// Fast build with the kit page, without optimisation and compression.
    pub(crate) dev: bool,
}

impl Layout {
    fn from_args(args: impl Iterator<Item = String>) -> Result<Self> {
        let mut dev = false;
        let mut target = None;
        let mut args = args.skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--dev" => dev = true,
                "--release" => dev = false,
                "--target-dir" => target = Some(args.next().context("--target-dir needs a folder")?.into()),
                other => bail!("unknown option {other}; known: --dev, --release, --target-dir DIR"),
            }
        }
        // Not where the tool was compiled: clones share compiled code.
        let here = std::env::current_dir().context("no working folder")?;
        let frontend = [here.join("frontend"), here]
            .into_iter()
            .find(|folder| folder.join("bundle/Cargo.toml").is_file())
            .context("run it in the project's folder")?;
        let root = frontend.parent().context("the frontend folder has no parent")?;
        let target: PathBuf = target
            .or_else(|| std::env::var_os("DIWAN_UI_TARGET_DIR").map(PathBuf::from))
            .or_else(|| std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from))
            .unwrap_or_else(|| root.join("target"));
        let work = target.join(if dev { "diwan-ui-dev" } else { "diwan-ui" });
        std::fs::create_dir_all(&work).with_context(|| format!("cannot create {}", work.display()))?;
        Ok(Self { target, work, dev, frontend })
    }
}

/// Writes one line about the progress; a closed terminal is no reason to stop building.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn build(layout: &Layout) -> Result<()> {
    let started = Instant::now();
    npm::install(layout)?;
    let scripts = scripts::bundle(layout)?;
    let wasm = wasm::build(layout)?;
    emit::write_dist(layout, &scripts, &wasm)?;
    say(&format!("ui: ready in {:.1} s", started.elapsed().as_secs_f32()));
    Ok(())
}

fn main() -> ExitCode {
    match Layout::from_args(std::env::args()).and_then(|layout| build(&layout)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("ui: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
