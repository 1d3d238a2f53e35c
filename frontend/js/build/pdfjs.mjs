// Makes the copies of pdf.js that are bundled: without what Diwan's viewer never asks for (forms of the XFA kind, editing of
// annotations, writing of PDF files, streams packed with Brotli, colour profiles, whose decoder is not delivered, drawing
// records, meshes by WebGPU, files of Node), a third of its bytes. The modules are named by the
// comments in its own build; a name that the rest still says gets a stand-in that tells nothing or refuses.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The cuts were made for this version; another one has to be looked at first. */
const VERSION = "5.6.205";
const FROM = "node_modules/pdfjs-dist";
const [to] = process.argv.slice(2);

const { version } = JSON.parse(await readFile(join(FROM, "package.json"), "utf8"));
if (version !== VERSION) throw new Error(`pdfjs-dist is ${version}: see whether the cuts of js/build/pdfjs.mjs fit it`);

/** The file without these modules, the stand-ins in their place. */
async function without(file, modules, standIns) {
  const parts = (await readFile(join(FROM, "build", file), "utf8")).split(/^(?=;\/\/ \.\/)/m);
  const left = new Set(modules);
  const kept = parts.filter((part) => {
    const name = /^;\/\/ (\S+)/.exec(part)?.[1] ?? "";
    const cut = modules.find((module) => name.startsWith(module));
    left.delete(cut);
    return !cut;
  });
  if (left.size) throw new Error(`pdf.js has no ${[...left].join(", ")}`);
  // After the first module: what stands before it are imports and helpers.
  kept.splice(1, 0, `${standIns}\n`);
  return kept.join("");
}

const worker = await without("pdf.worker.mjs", ["./src/core/xfa", "./external/brotli/", "./external/qcms/", "./src/core/icc_colorspace.js", "./src/core/editor/", "./src/core/writer.js"], `
function BrotliDecode() { throw new Error("streams packed with Brotli are not read"); }
function getXfaFontDict() { return null; }
function getXfaFontName() { return null; }
class XFAFactory { static getRichTextAsHtml() { return null; } isValid() { return false; } }
class IccColorSpace { static isUsable = false; static setOptions() {} }
class CmykICCBasedCS { static isUsable = false; static setOptions() {} }
class PDFEditor { constructor() { throw new Error("files are not written"); } }
function incrementalUpdate() { throw new Error("files are not written"); }`);

// Without `pdf.js` itself, whose list of everything would keep everything.
const main = await without("pdf.mjs", ["./src/display/editor/", "./src/display/annotation_layer.js", "./src/display/xfa_layer.js", "./src/display/xfa_text.js", "./src/display/canvas_dependency_tracker.js", "./src/display/node_stream.js", "./src/display/webgpu_mesh.js", "./src/pdf.js"], `
class AnnotationEditor {}
class CanvasBBoxTracker {}
class CanvasDependencyTracker {}
class CanvasImagesTracker {}
class CanvasNestedDependencyTracker {}
class PDFNodeStream {}
function initWebGPUMesh() {}
function isWebGPUMeshReady() { return false; }
function drawMeshWithGPU() {}
class XfaText { static textContent() { return { items: [], styles: {} }; } }
class XfaLayer { static render() {} }`);
await mkdir(to, { recursive: true });
await writeFile(join(to, "pdf.worker.mjs"), worker);
await writeFile(join(to, "pdf.mjs"), `${main}\nexport { GlobalWorkerOptions, TextLayer, getDocument };\n`);
