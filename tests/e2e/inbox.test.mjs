// The incoming box as a clerk uses it: narrowed, searched, sorted, turned over page by page.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { row, search } from "./support/forms.mjs";
import { journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const MOF = { ar: "وزارة المالية", en: "Ministry of Finance" };

const on = stage();

for (const lang of ["ar", "en"]) describe(`the incoming box (${lang})`, () => box(lang));

function box(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const subjects = (person) => person.page.locator("main [data-row-id] .dw-subj").allInnerTexts();

  step("it is filtered by priority and agency; each filter is a chip that can be taken away", async () => {
    const clerk = await someone("clerk.modee");
    const { page } = clerk;
    await clerk.go("/letters/incoming");
    await page.waitForSelector("[data-row-id]");
    await clerk.press("[data-testid=filter]");
    const panel = page.locator(".dw-panel");
    await panel.locator("[name=priority]").selectOption("urgent");
    await page.waitForURL(/priority=urgent/);
    await clerk.settled();
    await clerk.pick(panel.locator("[name=agency]"), MOF[lang]);
    await page.waitForURL(/counterpart_id=\d+/);
    await clerk.settled();
    await clerk.shot("filter-panel");
    await clerk.accessible("the filters");
    await page.keyboard.press("Escape");
    const rows = page.locator("main [data-row-id]");
    for (const words of await rows.allInnerTexts()) {
      assert.ok(words.includes(MOF[lang]), `not of ${MOF[lang]}: ${words}`);
      assert.ok(words.includes(text(lang, "priority-urgent")), `not urgent: ${words}`);
    }
    // The address is the filter: a colleague who gets it sees the same.
    const before = await rows.count();
    await page.reload();
    await clerk.settled();
    await until(() => rows.count(), before);
    const chips = page.locator(".dw-chips .pf-v6-c-label");
    await until(() => chips.count(), 2);
    await clerk.shot("filtered");
    await chips.first().getByRole("button").click();
    await chips.nth(1).waitFor({ state: "detached" });
    await chips.first().getByRole("button").click();
    await chips.first().waitFor({ state: "detached" });
    // All are there again.
    await until(async () => (await rows.count()) > before);
  });

  step("it is searched by a word of the subject in any spelling, and says when nothing fits", async () => {
    const clerk = people["clerk.modee"];
    const [first] = await subjects(clerk);
    const word = first.split(/\s+/).sort((a, b) => b.length - a.length)[0];
    await search(clerk, word.replace(/[أإآ]/g, "ا").replace(/ة/g, "ه"));
    await row(clerk, first).waitFor();
    await search(clerk, "كلمة لا توجد قط");
    await clerk.sees(text(lang, "letters-empty-filter"));
    await clerk.shot("filtered-away");
    await clerk.page.locator("main").getByRole("button", { name: text(lang, "clear-filters") }).first().click();
    await clerk.page.waitForSelector("[data-row-id]");
  });

  step("it is sorted by its columns, by date both ways", async () => {
    const clerk = people["clerk.modee"];
    const { page } = clerk;
    const heads = page.locator("main th:has(.dw-th-sort)");
    const columns = await heads.count();
    assert.ok(columns >= 5, "what people sort by can be sorted by");
    for (let at = 0; at < columns; at++) {
      await heads.nth(at).locator(".dw-th-sort").click();
      await until(async () => (await heads.nth(at).getAttribute("aria-sort")) !== null);
      await until(() => page.locator("main th[aria-sort]").count(), 1);
      await clerk.settled();
      await page.waitForSelector("main [data-row-id]");
    }
    const top = () => page.locator("main [data-row-id]").first().getAttribute("data-row-id");
    const [up, first] = [await heads.last().getAttribute("aria-sort"), await top()];
    await heads.last().locator(".dw-th-sort").click();
    await until(async () => (await top()) !== first);
    await until(async () => (await heads.last().getAttribute("aria-sort")) !== up);
    await clerk.shot("sorted");
  });

  step("its tabs narrow it, and its pages follow each other", async () => {
    const clerk = people["clerk.modee"];
    const { page } = clerk;
    await clerk.go("/letters/incoming");
    const rows = page.locator("main [data-row-id]");
    await rows.first().waitFor();
    const shown = () => rows.evaluateAll((all) => all.map((one) => one.dataset.rowId));
    const first = await shown();
    await page.getByRole("button", { name: text(lang, "next-page") }).click();
    // No letter is on two pages.
    await until(async () => {
      const second = await shown();
      return second.length > 0 && !second.some((id) => first.includes(id));
    });
    await page.getByRole("button", { name: text(lang, "previous-page") }).click();
    await until(shown, first);
    await page.locator("[data-tab=overdue]").click();
    await page.waitForURL(/view=overdue/);
    await clerk.settled();
    await clerk.shot("overdue");
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn("clerk.modee");
    await phone.go("/letters/incoming?view=overdue&priority=urgent");
    await phone.press("[data-testid=filter]");
    await phone.fits("the filters on a phone");
    await phone.shot("phone-filter");
  });
}
