// Takes out of a stylesheet the rules and variables that nothing in the UI names: PatternFly's parts bring many more.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PurgeCSS } from "purgecss";

const [from, to] = process.argv.slice(2);

/** Everything that may name a class: the app, the scripts, the page. */
async function sources(folder) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const named = files.filter((file) => file.isFile() && /\.(rs|js)$/.test(file.name));
  return Promise.all(named.map((file) => readFile(join(file.parentPath, file.name), "utf8")));
}

const text = [await readFile("index.html", "utf8"), ...(await sources("src")), ...(await sources("js"))].join("\n");
const [{ css }] = await new PurgeCSS().purge({
  content: [{ raw: text, extension: "txt" }],
  css: [{ raw: await readFile(from, "utf8") }],
  variables: true,
  // The editor's own library names its classes itself, as does the text layer of the PDF viewer.
  safelist: { standard: ["html", "body"], greedy: [/ProseMirror/, /textLayer/] },
});
await writeFile(to, css);
