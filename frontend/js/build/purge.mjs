// Takes out of a stylesheet the rules that nothing in the UI names, and the variables that nothing reads: PatternFly's
// parts bring many more.
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
/** “Not of a class that nothing is of” is always true; the purge takes it for never. It has no specificity to lose. */
const whole = (await readFile(from, "utf8")).replace(/(.)?:where\(:not\(\.([\w-]+)\)\)/g, (all, before = "", name) => {
  if (text.includes(name)) return all;
  return /[\w)\]]/.test(before) ? before : `${before}*`;
});
/** A rule for what is *not* of a class counts also where nothing is of that class. */
const absent = [...whole.matchAll(/:not\(([^)]*)\)/g)].flatMap(([, inside]) => inside.match(/(?<=\.)[\w-]+/g) ?? []);
const [{ css }] = await new PurgeCSS().purge({
  content: [{ raw: text, extension: "txt" }],
  css: [{ raw: whole }],
  // Only PatternFly's rules are asked for; our own, and those for what libraries make, stay.
  safelist: { standard: [/^(?!pf-)/, ...absent] },
});

/** Whether a selector asks for a class of PatternFly that nothing is of, as the purge leaves some: those that another
 *  rule excludes, and those inside brackets. One with a choice in brackets stays. */
function never(selector) {
  const asked = selector.replace(/:not\((?:[^()]|\([^()]*\))*\)/g, "");
  return !/,|:not\(/.test(asked) && (asked.match(/(?<=\.)pf-[\w-]+/g) ?? []).some((name) => !text.includes(name));
}

/** Without the rules whose every selector is of that kind. */
const met = css.replace(/(?<=^|[{};])([^{};@]+)\{[^{}]*\}/g, (all, selectors) =>
  selectors.split(/,(?![^(]*\))/).every(never) ? "" : all,
);

/** Without the variables that no rule and no script reads; round by round, as they read each other. */
function read(style) {
  const reads = new Set([...style.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name));
  const left = style.replace(/(?<=[{;])\s*(--[\w-]+)\s*:(?:"[^"]*"|[^;}"])*(;|(?=\}))/g, (all, name) =>
    reads.has(name) || text.includes(name) ? all : "",
  );
  return left === style ? left : read(left);
}
await writeFile(to, read(met).replace(/(?<=\})[^{}]*\{\}/g, ""));
