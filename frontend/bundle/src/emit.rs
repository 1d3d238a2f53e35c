//! Writes `frontend/dist`: hashed names, compressed twins, `index.html`, `manifest.json`; prints the sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use crate::scripts::{STYLE, Scripts};
use crate::stamp::content_hash;
use crate::wasm::Wasm;
use crate::{Layout, say};

/// All files together, brotli, must stay below this (bytes): the budget of the product.
const WIRE_BUDGET: usize = 1_500_000;

/// What the server and tests read: every file with its sizes.
#[derive(Serialize)]
struct Manifest {
    /// Name by which the app asks → path on the server.
    entries: BTreeMap<String, String>,
    files: Vec<File>,
    /// Sum of the brotli sizes, bytes.
    wire_bytes: usize,
}

#[derive(Serialize)]
struct File {
    path: String,
    bytes: usize,
    /// Size as sent with brotli; equal to `bytes` for fonts, which are compressed already.
    brotli: usize,
}

/// Collects the outputs of the other steps into `dist`.
pub(crate) fn write_dist(layout: &Layout, scripts: &Scripts, wasm: &Wasm) -> Result<()> {
    let dist = layout.frontend.join("dist");
    let assets = dist.join("assets");
    fs::create_dir_all(&assets).with_context(|| format!("cannot create {}", assets.display()))?;
    let mut files = Vec::new();
    let mut entries: BTreeMap<String, String> =
        scripts.names.iter().map(|(name, file)| (name.clone(), format!("/assets/{file}"))).collect();
    for entry in fs::read_dir(&scripts.folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if scripts.names.get(STYLE) == Some(&name) {
            continue;
        }
        files.push(write_file(layout, &assets, &name, &fs::read(entry.path())?)?);
    }
    entries.insert("pdf_wasm".to_owned(), copy_pdf_decoders(layout, &assets, &mut files)?);
    let made = [
        ("app", "diwan", &wasm.glue, "js"),
        ("wasm", "diwan", &wasm.wasm, "wasm"),
        (STYLE, STYLE, &scripts.style, "css"),
    ];
    for (key, stem, path, extension) in made {
        let bytes = fs::read(path)?;
        let name = format!("{stem}-{}.{extension}", content_hash(&bytes, 10));
        entries.insert(key.to_owned(), format!("/assets/{name}"));
        files.push(write_file(layout, &assets, &name, &bytes)?);
    }
    files.sort_by_key(|file| std::cmp::Reverse(file.brotli));
    remove_old(&assets, &files)?;
    write_index(layout, &dist, &entries)?;
    fs::copy(layout.frontend.join("favicon.svg"), dist.join("favicon.svg"))?;
    let wire_bytes = files.iter().map(|file| file.brotli).sum();
    let manifest = Manifest { entries, files, wire_bytes };
    fs::write(dist.join("manifest.json"), serde_json::to_vec_pretty(&manifest)?)?;
    report(layout, &manifest)
}

/// Decoders of scanned pages; pdf.js asks for them by name in a folder, so the folder's name follows their content.
fn copy_pdf_decoders(layout: &Layout, assets: &Path, files: &mut Vec<File>) -> Result<String> {
    let source = layout.frontend.join("node_modules/pdfjs-dist/wasm");
    let decoders: Vec<(&str, Vec<u8>)> = ["jbig2.wasm", "openjpeg.wasm"]
        .into_iter()
        .map(|name| Ok((name, fs::read(source.join(name))?)))
        .collect::<Result<_>>()
        .context("pdfjs-dist has no decoders")?;
    let all: Vec<u8> = decoders.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
    let folder = format!("pdf-{}", content_hash(&all, 10));
    fs::create_dir_all(assets.join(&folder))?;
    for (name, bytes) in &decoders {
        files.push(write_file(layout, assets, &format!("{folder}/{name}"), bytes)?);
    }
    Ok(format!("/assets/{folder}/"))
}

fn write_file(layout: &Layout, assets: &Path, name: &str, bytes: &[u8]) -> Result<File> {
    let target = assets.join(name);
    if fs::metadata(&target).map_or(true, |old| old.len() != u64::try_from(bytes.len()).unwrap_or(u64::MAX)) {
        fs::write(&target, bytes)?;
    }
    let compressible = !name.ends_with(".woff2");
    let brotli = match (compressible, layout.dev) {
        (true, false) => compress(assets, name, bytes)?,
        _ => bytes.len(),
    };
    Ok(File { path: format!("/assets/{name}"), bytes: bytes.len(), brotli })
}

/// Writes `name.br` and `name.gz` unless they exist (the name follows the content); returns the brotli size.
fn compress(assets: &Path, name: &str, bytes: &[u8]) -> Result<usize> {
    let gz = assets.join(format!("{name}.gz"));
    if !gz.exists() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        fs::write(&gz, encoder.finish()?)?;
    }
    let br = assets.join(format!("{name}.br"));
    if !br.exists() {
        fs::write(&br, smallest(bytes)?)?;
    }
    usize::try_from(fs::metadata(&br)?.len()).context("a compressed file is too large for this machine")
}

/// The smallest brotli of some sizes of its blocks (powers of two; 0 is the choice of the encoder): none is the best for all files.
fn smallest(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut best: Option<Vec<u8>> = None;
    for lgblock in [0, 16, 17] {
        let params = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 24,
            lgblock,
            size_hint: bytes.len(),
            ..Default::default()
        };
        let mut out = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut out, &params)?;
        if best.as_ref().is_none_or(|least| out.len() < least.len()) {
            best = Some(out);
        }
    }
    Ok(best.unwrap_or_default())
}

/// Deletes files of earlier builds, which would otherwise be embedded in the binary.
fn remove_old(assets: &Path, files: &[File]) -> Result<()> {
    let mut keep = BTreeSet::new();
    for name in files.iter().filter_map(|file| file.path.strip_prefix("/assets/")) {
        keep.extend(name.split('/').next().map(str::to_owned));
        keep.insert(format!("{name}.br"));
        keep.insert(format!("{name}.gz"));
    }
    for entry in fs::read_dir(assets)? {
        let entry = entry?;
        if keep.contains(&*entry.file_name().to_string_lossy()) {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    Ok(())
}

fn write_index(layout: &Layout, dist: &Path, entries: &BTreeMap<String, String>) -> Result<()> {
    let mut html = fs::read_to_string(layout.frontend.join("index.html")).context("frontend/index.html is missing")?;
    for (name, path) in entries {
        html = html.replace(&format!("{{{{{name}}}}}"), path);
    }
    let assets = serde_json::to_string(entries)?.replace('"', "&quot;");
    fs::write(dist.join("index.html"), html.replace("{{assets}}", &assets))?;
    Ok(())
}

fn report(layout: &Layout, manifest: &Manifest) -> Result<()> {
    for file in &manifest.files {
        say(&format!("  {:>9} B {:>8} B br  {}", file.bytes, file.brotli, file.path));
    }
    say(&format!("ui: {} bytes over the wire in all (budget {WIRE_BUDGET})", manifest.wire_bytes));
    if !layout.dev && manifest.wire_bytes > WIRE_BUDGET {
        anyhow::bail!("the UI is over its budget: see the list above and load less or later");
    }
    Ok(())
}
