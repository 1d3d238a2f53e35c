// A demonstration of its own for the tests: a fresh folder, a free port, ended with the tests.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { day } from "./days.mjs";

/** Of every user of the demonstration. */
export const PASSWORD = "diwan-demo-2026";

/** How long the demonstration may take to fill its database and listen. */
const START_MS = 480_000;

/**
 * Starts `diwan demo`; DIWAN names the binary. With DIWAN_URL a running one is used instead (while writing tests).
 * @returns {Promise<{url: string, stop: () => Promise<void>, restart: () => Promise<void>}>}
 */
export async function startDiwan() {
  if (process.env.DIWAN_URL) {
    return { url: process.env.DIWAN_URL, stop: async () => {}, restart: async () => {} };
  }
  const binary = process.env.DIWAN;
  if (!binary) throw new Error("DIWAN must name the diwan binary; `make test-browser` sets it");
  const data = await mkdtemp(join(tmpdir(), "diwan-e2e-"));
  await cp(await filled(binary), data, { recursive: true });
  const one = await launch(binary, data, 0);
  const { port } = new URL(one.url);
  let current = one;
  return {
    url: one.url,
    async restart() {
      await current.stop();
      current = await launch(binary, data, port);
    },
    async stop() {
      await current.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The start of the name of the folders that [filled] keeps. */
const FILLED = "diwan-e2e-filled-";

/** A demonstration that is filled and stopped: filling one takes most of a minute, so every file starts from a copy. */
async function filled(binary) {
  const { mtimeMs, size } = await stat(binary);
  // What is in it counts from today.
  const name = `${FILLED}${day()}-${Math.round(mtimeMs)}-${size}`;
  const folder = join(tmpdir(), name);
  if (existsSync(folder)) return folder;
  const old = (await readdir(tmpdir())).filter((other) => other.startsWith(FILLED));
  await Promise.all(old.map((other) => rm(join(tmpdir(), other), { recursive: true, force: true })));
  const making = await mkdtemp(join(tmpdir(), "diwan-e2e-"));
  const one = await launch(binary, making, 0);
  await one.stop();
  try {
    await rename(making, folder);
  } catch (why) {
    // Another file was filling one at the same time and was done first: theirs is as good.
    if (!existsSync(folder)) throw why;
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

async function launch(binary, data, port) {
  const child = spawn(binary, ["demo", "--data", data, "--port", String(port), "--log", "warn"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`diwan did not start in time:\n${said}`)), START_MS);
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const found = /https?:\/\/[^\s]+/.exec(said);
      if (found) {
        clearTimeout(timer);
        resolve(found[0].replace(/\/$/, ""));
      }
    });
    child.on("exit", (code) => reject(new Error(`diwan ended with ${code}:\n${said}`)));
  });
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.removeAllListeners("exit");
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}
