// The words of the screens, from the files the screens take them from: a test asks for the sentence, not for its wording of today.
import { readFileSync, readdirSync } from "node:fs";

const LOCALES = new URL("../../../frontend/locales/", import.meta.url);
const texts = Object.fromEntries(["ar", "en"].map((lang) => [lang, load(lang)]));

function load(lang) {
  const folder = new URL(`${lang}/`, LOCALES);
  const lines = readdirSync(folder).flatMap((file) => readFileSync(new URL(file, folder), "utf8").split("\n"));
  return Object.fromEntries(lines.map((line) => /^([a-z0-9-]+) = (.+)$/.exec(line)).filter(Boolean).map(([, key, text]) => [key, text.trim()]));
}

/** A text in a language; of one with values in it what stands before the first. */
export function text(lang, key) {
  const found = texts[lang][key]?.split(/\s*\{/)[0];
  if (!found) throw new Error(`there is no text ${key}`);
  return found;
}
