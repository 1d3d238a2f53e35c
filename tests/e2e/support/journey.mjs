// A job done step by step by people who keep their windows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Person, startBrowser } from "./browser.mjs";
import { startDiwan } from "./diwan.mjs";

/** Other in each run: what is made under a name of its own can be made again in a demonstration that goes on running. */
export const RUN = Date.now().toString(36).slice(-5);

/**
 * A demonstration and a browser for the tests of one file, there once its tests run.
 * @returns {{browser?: import("playwright-core").Browser, diwan?: Awaited<ReturnType<typeof startDiwan>>}}
 */
export function stage() {
  const on = {};
  before(async () => {
    [on.diwan, on.browser] = await Promise.all([startDiwan(), startBrowser()]);
  });
  after(async () => {
    await on.browser?.close();
    await on.diwan?.stop();
  });
  return on;
}

/**
 * The steps of one `describe`, and the people who do them.
 * @param {ReturnType<typeof stage>} on
 * @param {"ar"|"en"} lang
 */
export function journey(on, lang) {
  const people = {};
  /** Somebody in a window of their own, signed in at their first step. */
  const someone = async (username, options = {}) => {
    if (!people[username]) {
      people[username] = await guest(username, options);
      await people[username].signIn(username);
    }
    return people[username];
  };
  /** Somebody who is not signed in; `name` tells their window from the others. */
  const guest = async (name, options = {}) => {
    const { browser, diwan } = on;
    assert.ok(!people[name], `${name} has a window already`);
    people[name] = await Person.open({ browser, url: diwan.url, lang, ...options });
    return people[name];
  };
  after(async () => {
    for (const person of Object.values(people)) await person.close();
  });
  /** One step; after one that failed the others are not tried, and every open window is kept as a picture. */
  let failed = false;
  const step = (name, work) =>
    test(name, async () => {
      assert.ok(!failed, "an earlier step failed");
      try {
        await work();
      } catch (error) {
        failed = true;
        for (const [username, person] of Object.entries(people)) {
          await person.page.screenshot({ path: `${process.env.E2E_OUT ?? "out"}/failed-${username}-${lang}.png` }).catch(() => {});
        }
        throw error;
      }
    });
  return { people, someone, guest, step };
}
