// Waiting for what comes a moment later: asked again until it is as it should be, never slept for.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

/** What a step may take. The machine of a CI run is slow and does other work: two files of tests at a time. */
export const STEP_MS = 60_000;

/**
 * Asks again until the answer is exactly what is wanted; fails with the last answer. It rests twice as long as asking took:
 * who loads a page to ask would else keep the machine from doing what is waited for.
 * @param {() => unknown} ask
 * @param {unknown} wanted
 * @param {number} within milliseconds
 */
export async function until(ask, wanted = true, within = STEP_MS) {
  const end = Date.now() + within;
  for (;;) {
    const asked = Date.now();
    const answer = await ask();
    if (isDeepStrictEqual(answer, wanted)) return;
    if (Date.now() >= end) assert.deepEqual(answer, wanted);
    await pause(Math.max(200, 2 * (Date.now() - asked)));
  }
}
