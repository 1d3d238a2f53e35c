// A person at a browser: signs in, goes somewhere, presses what a person would press, and is shown to be well served.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

import { PASSWORD } from "./diwan.mjs";
import { STEP_MS } from "./until.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where screenshots go; the guides take theirs from here. */
export const OUT = process.env.E2E_OUT ?? "out";
/** How often in a row a screen must be found at rest: what a press brings about is drawn, and asked for, in turns. */
const LOOKS = 5;

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

export async function startBrowser() {
  await mkdir(OUT, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** Somebody who uses Diwan in a window of their own. */
export class Person {
  /** @param {{browser: import("playwright-core").Browser, url: string, lang: "ar"|"en", viewport?: object, theme?: string}} at */
  static async open({ browser, url, lang, viewport = WIDE, theme = "light" }) {
    const context = await browser.newContext({ viewport, baseURL: url, locale: lang === "ar" ? "ar-JO" : "en-GB", bypassCSP: true });
    context.setDefaultTimeout(STEP_MS);
    await context.addInitScript(countCalls);
    await context.addInitScript(({ lang, theme }) => {
      // Only where nothing was chosen: what the person chooses later stays.
      if (!localStorage.getItem("diwan-lang")) localStorage.setItem("diwan-lang", lang);
      if (!localStorage.getItem("diwan-theme")) localStorage.setItem("diwan-theme", theme);
    }, { lang, theme });
    return new Person(context, await context.newPage(), lang);
  }

  constructor(context, page, lang) {
    Object.assign(this, { context, page, lang, faults: [] });
    page.on("pageerror", (error) => this.faults.push(`page error: ${error}`));
    page.on("console", (message) => {
      // A refused request is reported by the browser too; whether it was right to refuse is what tests look at.
      if (message.type() === "error" && !/Failed to load resource/.test(message.text())) this.faults.push(`console: ${message.text()}`);
    });
  }

  /** Signs in, with the demonstration's password where no other is given. */
  async signIn(username, password = PASSWORD) {
    await this.enter(username, password);
    await this.page.waitForSelector("[data-testid=user-menu]");
    return this;
  }

  /** Gives name and password; what follows is for the test to see. */
  async enter(username, password) {
    await this.page.goto("/login");
    await this.page.fill("[name=username]", username);
    await this.page.fill("[name=password]", password);
    await this.press("[data-testid=sign-in]");
  }

  /** What this person is called on the screens. */
  async name() {
    return this.page.locator("[data-testid=user-menu] .dw-user__name").evaluate((element) => element.firstChild.textContent.trim());
  }

  async go(path) {
    // Nobody leaves while something is being sent: leaving breaks it off.
    await this.page.waitForFunction(() => !globalThis.callsOnTheirWay);
    await this.page.goto(path);
    await this.settled();
  }

  /** Waits until the screen is there, nothing is being loaded and no call is on its way. */
  async settled() {
    await this.page.waitForFunction((rest) => {
      const busy = globalThis.callsOnTheirWay > 0 || !document.querySelector("main") || document.querySelector("[aria-busy=true], .dw-skeleton");
      rest.looks = busy ? 0 : rest.looks + 1;
      return rest.looks >= rest.wanted;
    }, { looks: 0, wanted: LOOKS }, { polling: 10 });
  }

  async press(selector) {
    await this.page.locator(selector).first().click();
  }

  /** Does a step of a record, through its dialog where it has one, with a word where it takes one. */
  async step(action, note) {
    await this.action(action);
    await this.settled();
    const confirm = this.page.locator(`[data-action="confirm-${action}"]`);
    if (note !== undefined || (await confirm.isVisible())) {
      if (note) await this.page.locator("dialog [name=note]").fill(note);
      await confirm.click();
      await confirm.waitFor({ state: "detached" });
    }
  }

  /** Presses the button of an action, out of the menu of further ones if it is there. */
  async action(action) {
    await this.settled();
    const button = this.page.locator(`[data-action="${action}"]`).first();
    const kebab = this.page.locator("[data-testid=kebab]").first();
    await button.or(kebab).first().waitFor();
    if (!(await button.isVisible())) await kebab.click();
    await button.click();
  }

  /** Types into a picker and takes the first it offers. */
  async pick(picker, words) {
    const field = typeof picker === "string" ? this.page.locator(`input[name="${picker}"]`) : picker;
    await field.click();
    await field.fill(words);
    const option = this.page.locator("[role=option]").filter({ hasText: words }).first();
    await option.waitFor();
    await option.click();
  }

  async text(selector) {
    return (await this.page.locator(selector).first().innerText()).trim();
  }

  async sees(words, where = "main") {
    await this.page.locator(where).getByText(words).first().waitFor();
  }

  async shot(name, options = {}) {
    await this.settled();
    await this.page.screenshot({ path: join(OUT, `${name}-${this.lang}.png`), ...options });
  }

  /** Nothing on the page keeps anybody from using it (axe: WCAG 2.2 A and AA). */
  async accessible(what) {
    await this.settled();
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(() =>
      globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] }));
    const said = found.violations.map((one) =>
      `${one.impact} ${one.id}: ${one.nodes.map((node) => `${node.html.slice(0, 200)} (${node.any.concat(node.all).map((why) => why.message).join("; ")})`).join("\n   ")}`);
    assert.deepEqual(said, [], `${what} is not accessible`);
  }

  /** The page is not wider than the window. */
  async fits(what) {
    const over = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${what} is ${over} px wider than the window`);
  }

  /** Ends, and complains about errors nobody saw. */
  async close() {
    await this.context.close();
    assert.deepEqual(this.faults, []);
  }
}

/** Runs in every page before its own scripts: counts the calls to the server that are on their way, files included. */
function countCalls() {
  globalThis.callsOnTheirWay = 0;
  const over = () => {
    globalThis.callsOnTheirWay -= 1;
  };
  const { fetch } = globalThis;
  globalThis.fetch = async (...call) => {
    const { pathname } = new URL(call[0].url ?? call[0], location.href);
    // The counts of the sidebar follow whatever happens anywhere; nobody waits for them.
    if (!pathname.startsWith("/api/") || pathname === "/api/work/counts") return fetch(...call);
    globalThis.callsOnTheirWay += 1;
    try {
      const answer = await fetch(...call);
      // It is over once all of it has come, or was broken off.
      answer.clone().arrayBuffer().then(over, over);
      return answer;
    } catch (why) {
      over();
      throw why;
    }
  };
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...body) {
    send.apply(this, body);
    globalThis.callsOnTheirWay += 1;
    this.addEventListener("loadend", over);
  };
}
