//! Cuts the fonts down to the characters in use and the PDF viewer to what is used of it, then bundles styles, fonts and the lazy scripts (editor, PDF viewer)
//! with esbuild.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::npm::run;
use crate::stamp::{Inputs, unless_done};
use crate::{Layout, say};

/// The files that the page or the app asks for by name: `(name, path below frontend)`.
const ENTRIES: [(&str, &str); 5] = [
    ("boot", "js/boot.js"),
    ("editor", "js/editor.js"),
    ("pdf", "js/pdf.js"),
    ("pdf_worker", "node_modules/.diwan/pdf.worker.mjs"),
    (STYLE, "css/index.css"),
];
/// The entry of the stylesheet.
pub(crate) const STYLE: &str = "style";

/// Output of esbuild: its folder and the hashed file name of each entry.
pub(crate) struct Scripts {
    /// Folder with all output files.
    pub(crate) folder: PathBuf,
    /// Entry name → file name in that folder.
    pub(crate) names: BTreeMap<String, String>,
    /// The stylesheet as it is sent, in place of the one in the folder.
    pub(crate) style: PathBuf,
}

/// Runs esbuild over the entries.
pub(crate) fn bundle(layout: &Layout) -> Result<Scripts> {
    let folder = layout.work.join("scripts");
    let meta = layout.work.join("scripts.json");
    let sum = Inputs::default()
        .path(&layout.frontend.join("js"))?
        .path(&layout.frontend.join("css"))?
        .path(&layout.frontend.join("package-lock.json"))?
        .text(&format!("{ENTRIES:?}"))
        .sum();
    unless_done(&layout.work.join("scripts.stamp"), &sum, std::slice::from_ref(&meta), || {
        say("ui: bundling styles and scripts");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        run(Command::new("node").args(["js/build/fonts.mjs", "fonts"]), &layout.frontend)?;
        run(Command::new("node").args(["js/build/pdfjs.mjs", "node_modules/.diwan"]), &layout.frontend)?;
        let mut esbuild = Command::new("node_modules/.bin/esbuild");
        esbuild.args(ENTRIES.iter().map(|(name, path)| format!("{name}={path}")));
        esbuild.args(["--bundle", "--splitting", "--format=esm", "--target=es2022", "--charset=utf8"]);
        esbuild.args(["--legal-comments=none", "--log-level=warning", "--loader:.woff2=file", "--loader:.svg=empty"]);
        esbuild.arg("--alias:pdfjs-dist=./node_modules/.diwan/pdf.mjs");
        esbuild.args(["--entry-names=[name]-[hash]", "--chunk-names=part-[hash]", "--asset-names=[name]-[hash]"]);
        esbuild.arg(format!("--outdir={}", folder.display())).arg(format!("--metafile={}", meta.display()));
        if !layout.dev {
            esbuild.arg("--minify");
        }
        run(&mut esbuild, &layout.frontend)?;
        if layout.dev { Ok(()) } else { shrink(layout, &scripts_in(&folder)?) }
    })?;
    let names = entry_names(&fs::read(&meta)?)?;
    let whole = folder.join(names.get(STYLE).context("esbuild left out the stylesheet")?);
    let style = match layout.dev {
        true => whole,
        false => {
            let purged = layout.work.join("style.css");
            purge(layout, &whole, &purged)?;
            purged
        }
    };
    Ok(Scripts { folder, names, style })
}

fn scripts_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(files.into_iter().filter(|file| file.extension().is_some_and(|extension| extension == "js")).collect())
}

/// Makes these scripts smaller, in place.
pub(crate) fn shrink(layout: &Layout, files: &[PathBuf]) -> Result<()> {
    run(Command::new("node").arg("js/build/shrink.mjs").args(files), &layout.frontend)
}

/// Writes the stylesheet without what nothing names into `out`: more than half of PatternFly's parts.
fn purge(layout: &Layout, style: &Path, out: &Path) -> Result<()> {
    let mut node = Command::new("node");
    node.arg("js/build/purge.mjs").arg(style).arg(out);
    run(&mut node, &layout.frontend)
}

/// Reads from esbuild's report which output file belongs to which entry.
fn entry_names(meta: &[u8]) -> Result<BTreeMap<String, String>> {
    let meta: Value = serde_json::from_slice(meta).context("esbuild's report is not JSON")?;
    let outputs = meta.get("outputs").and_then(Value::as_object).context("esbuild's report has no outputs")?;
    let mut names = BTreeMap::new();
    for (path, output) in outputs {
        let entry = output.get("entryPoint").and_then(Value::as_str);
        let file = path.rsplit('/').next().unwrap_or(path);
        if let Some((name, _)) = ENTRIES.iter().find(|(_, source)| entry == Some(source)) {
            names.insert((*name).to_owned(), file.to_owned());
        }
    }
    anyhow::ensure!(names.len() == ENTRIES.len(), "esbuild left out an entry: {names:?}");
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_report() {
        let outputs: serde_json::Map<String, Value> = ENTRIES
            .iter()
            .map(|(name, path)| (format!("x/{name}-1.js"), serde_json::json!({ "entryPoint": path })))
            .collect();
        let names = entry_names(serde_json::json!({ "outputs": outputs }).to_string().as_bytes()).unwrap();
        assert_eq!(names["editor"], "editor-1.js");
        assert!(entry_names(b"{\"outputs\":{}}").is_err());
    }
}
