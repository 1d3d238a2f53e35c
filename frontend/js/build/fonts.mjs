// Cuts the fonts that css/fonts.css names down to the characters of their unicode-range, into the given folder.
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import subsetFont from "subset-font";

const PACKAGES = "node_modules/@fontsource";
const [out] = process.argv.slice(2);
/** The features that a browser turns on by itself for these scripts, and the even figures that css/base.css asks for:
 *  glyphs that only other features reach are never drawn. */
const FEATURES = [
  ..."calt ccmp clig curs fin2 fin3 fina init isol kern liga locl ltra ltrm mark med2 medi mkmk mset rclt rlig rtla rtlm rvrn stch".split(" "),
  ..."tnum lnum".split(" "),
];

/** The characters of a `unicode-range`. */
function characters(range) {
  let text = "";
  for (const part of range.split(",")) {
    const [first, last = first] = part.trim().replace(/^U\+/i, "").split("-").map((hex) => parseInt(hex, 16));
    for (let code = first; code <= last; code += 1) text += String.fromCodePoint(code);
  }
  return text;
}

async function source(name) {
  for (const family of await readdir(PACKAGES)) {
    try {
      return await readFile(join(PACKAGES, family, "files", name));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error(`css/fonts.css names ${name}, which no font package has`);
}

const css = await readFile("css/fonts.css", "utf8");
const faces = [...css.matchAll(/url\("\.\.\/fonts\/([^"]+)"\)[^}]*?unicode-range:([^;]+);/g)];
if (faces.length === 0) throw new Error("css/fonts.css names no font");
await mkdir(out, { recursive: true });
for (const [, name, range] of faces) {
  await writeFile(join(out, name), await subsetFont(await source(name), characters(range), { targetFormat: "woff2", keepFeatures: FEATURES }));
}
