// Seconds until the incoming box can be used, each time in a browser that has nothing in its cache.
// Arguments: address, cookies of a session as `a=b; c=d`. Prints a JSON list of seconds.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// playwright-core is a package of the browser tests.
const home = process.env.DIWAN_E2E ?? fileURLToPath(new URL("../e2e/", import.meta.url));
const { chromium } = createRequire(`${home}/package.json`)("playwright-core");
const [address, cookies] = process.argv.slice(2);
const times = 5;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

const browser = await chromium.launch({ executablePath, args: flags });
const seconds = [];
for (let round = 0; round < times; round++) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "ar" });
  await context.addCookies(cookies.split("; ").map((pair) => {
    const [name, value] = pair.split("=");
    return { name, value, url: address };
  }));
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(`${address}/letters/incoming`, { waitUntil: "commit" });
  // Usable: the rows are there and the first of them can be opened.
  await page.locator("tbody tr a:visible").first().click({ trial: true, timeout: 60_000 });
  seconds.push((performance.now() - started) / 1000);
  await context.close();
}
await browser.close();
console.log(JSON.stringify(seconds));
