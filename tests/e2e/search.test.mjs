// Searching with everything it can do: help that can be pressed, the detailed form, kept searches, proposals, results taken
// along, and every place inside one document.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, download, fill } from "./support/forms.mjs";
import { docx } from "./support/files.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

/** The text of a file is read after the filing. */
const READ_MS = 120_000;
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`searching (${lang})`, () => searching(lang));
}

function searching(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const mark = { ar: `زرنوقة${RUN}`, en: `qalamun${RUN}` }[lang];
  const subject = `سجل الآبار ${mark}`;
  const words = `تقرير حفر الآبار في ${mark} وفيه بئر ارتوازية`;
  let item;

  step("a document is filed", async () => {
    const archivist = await someone("archivist.modee");
    await archivist.go("/archive");
    await archivist.press("[data-testid=new-document]");
    await fill(archivist, { subject, party: "سلطة المياه" });
    await dialog(archivist).locator("input[type=file]").setInputFiles([{ name: "آبار.docx", mimeType: WORD, buffer: docx(words) }]);
    await archivist.press("[data-testid=file-document]");
    await archivist.page.waitForURL(/\/archive\/\d+$/);
    item = new URL(archivist.page.url()).pathname;
  });

  step("the help tells the language of searches, and its examples can be pressed", async () => {
    const archivist = people["archivist.modee"];
    await archivist.go("/search");
    await archivist.press("[data-testid=search-help-open]");
    const help = archivist.page.locator("[data-testid=search-help]");
    await help.waitFor();
    await archivist.shot("search-help");
    await archivist.accessible("the help of the search");
    await help.getByText(text(lang, "find-example-without"), { exact: true }).click();
    await archivist.page.waitForURL(/\/search\?q=/);
    await until(() => archivist.page.inputValue("[data-testid=search-input]"), text(lang, "find-example-without"));
  });

  step("the detailed form writes the search", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    const hit = page.locator("[data-testid=hit]").filter({ hasText: mark }).first();
    await archivist.go("/search");
    await archivist.press("[data-testid=advanced-open]");
    await fill(archivist, { subject: mark, party: "المياه", without: "استملاك" });
    await archivist.shot("search-detailed");
    await archivist.accessible("the detailed search");
    await archivist.press("[data-testid=advanced-go]");
    await page.waitForURL(/\/search\?q=/);
    await until(async () => {
      await page.reload();
      await archivist.settled();
      return hit.isVisible();
    }, true, READ_MS);
    await until(async () => (await page.inputValue("[data-testid=search-input]")).includes("-استملاك"));
  });

  step("the search is kept, opened, renamed and forgotten", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    const lines = page.locator("[data-testid=saved-search]");
    await archivist.press("[data-testid=saved-open]");
    await archivist.press("[data-testid=save-search]");
    await fill(archivist, { "search-name": mark });
    await archivist.press("[data-testid=save-search-name]");
    await dialog(archivist).waitFor({ state: "detached" });
    await archivist.go("/search");
    await archivist.press("[data-testid=saved-open]");
    await lines.filter({ hasText: mark }).getByRole("link").click();
    await page.waitForURL(/\/search\?q=/);
    await page.locator("[data-testid=hit]").first().waitFor();
    await archivist.press("[data-testid=saved-open]");
    await archivist.shot("search-kept");
    await lines.filter({ hasText: mark }).getByRole("button", { name: text(lang, "find-forget"), exact: true }).click();
    await lines.filter({ hasText: mark }).waitFor({ state: "detached" });
  });

  step("what finds nothing is told what would", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    await archivist.go(`/search?q=${encodeURIComponent(mark)}&from=2031-01-01`);
    const proposal = page.locator("[data-testid=proposal]").filter({ hasText: text(lang, "find-proposal-unfiltered") });
    await proposal.waitFor();
    await archivist.shot("search-proposals");
    await proposal.getByRole("link").click();
    await page.locator("[data-testid=hit]").filter({ hasText: mark }).first().waitFor();
  });

  step("the results are taken along", async () => {
    const archivist = people["archivist.modee"];
    const file = await download(archivist, "[data-action=export]");
    assert.equal(file.name, "search.xlsx");
    assert.equal(file.bytes.subarray(0, 2).toString(), "PK");
  });

  step("every place inside the document is told, on a phone too", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    await archivist.go(item);
    await page.locator("[data-tab=find]").click();
    const spot = page.locator("[data-testid=spot]").filter({ hasText: "آبار.docx" }).first();
    // Other words are asked for anew, the same ones are not.
    let tries = 0;
    await until(async () => {
      await page.fill("[data-testid=within-input]", tries++ % 2 ? "ابار" : "الآبار");
      await archivist.press("[data-testid=within-go]");
      await archivist.settled();
      return spot.isVisible();
    }, true, READ_MS);
    await spot.click();
    await page.waitForURL(/find=/);
    await archivist.shot("within");
    await archivist.accessible("places inside a document");
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn("archivist.modee");
    await phone.go(`/search?q=${encodeURIComponent(mark)}`);
    await phone.sees(mark);
    await phone.fits("phone-search");
  });
}
