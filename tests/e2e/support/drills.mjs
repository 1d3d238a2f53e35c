// The restore drill as an administrator runs it.
import assert from "node:assert/strict";

import { download } from "./forms.mjs";

/** A drill brings the whole demonstration back. */
const DRILL_MS = 480_000;

/** Begins one on the page of safekeeping and answers its row. */
export async function beginDrill(admin) {
  const answered = admin.page.waitForResponse((answer) => answer.url().endsWith("/api/drills") && answer.request().method() === "POST");
  await admin.press("[data-testid=begin-drill]");
  const { id } = await (await answered).json();
  return `[data-testid=drills] tr[data-row-id="${id}"]`;
}

/** Waits until it has passed and takes its certificate along. */
export async function drillPassed(admin, row) {
  await admin.page.locator(`${row}[data-state=passed]`).waitFor({ timeout: DRILL_MS });
  const file = await download(admin, `${row} [data-action=certificate]`);
  assert.equal(file.bytes.subarray(0, 4).toString(), "%PDF");
}
