// A folder as an archivist gets it: real files of many kinds, and letters that are made here up to a round number.
import { readFileSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";

import { docx, pdf } from "./files.mjs";

/** The shared data beside the repository, as the other tests find it. */
const DATA = process.env.DIWAN_TEST_DATA ?? "../../../shared/data";
/** Of the bad ones those that end quickly; the others have tests of their own. */
const BAD = ["password-is-test.pdf", "truncated62886.docx", "xlsx-corrupted.xlsx", "testRTFInvalidUnicode.rtf", "bad1.pdf", "poc-xmlbomb.xlsx"];
const FOLDERS = ["arabic", "office", "scan", "email", "derived-arabic", "derived-arabic/mail"];

const described = (name) => /\.truth\.|\.parsed\.json$|^MANIFEST/.test(name);

/** A file of the shared documents. */
const read = (folder, name) => readFileSync(join(DATA, "documents", folder, name));

/**
 * `count` files: `{ name, mimeType, buffer }`, names told apart by their folder.
 * @param {number} count
 * @param {(n: number) => string} words what the letter of a number says
 */
export function folder(count, words) {
  const files = [];
  for (const from of FOLDERS) {
    const names = readdirSync(join(DATA, "documents", from), { withFileTypes: true }).filter((entry) => entry.isFile() && !described(entry.name));
    files.push(...names.map(({ name }) => ({ name: `${from.replace("/", " ")} ${name}`, buffer: read(from, name) })));
  }
  files.push(...BAD.map((name) => ({ name: `bad ${name}`, buffer: read("bad-input", name) })));
  for (let n = files.length; n < count; n++) {
    const [end, make] = n % 2 ? [".pdf", pdf] : [".docx", docx];
    files.push({ name: `letter ${n}${end}`, buffer: make(words(n)) });
  }
  return files.slice(0, count).map((file) => ({ ...file, mimeType: extname(file.name) === ".csv" ? "text/csv" : "application/octet-stream" }));
}
