// Who reads the books of a year in which nothing is posted yet: every page says what comes next, and is taken along as a file.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE, WIDE } from "./support/browser.mjs";
import { download, fill, save } from "./support/forms.mjs";
import { journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";

const on = stage();

for (const lang of ["ar", "en"]) describe(`what the books say (${lang})`, () => reports(lang));

function reports(lang) {
  const { someone, people, step } = journey(on, lang);
  // Each language has a year of its own, before that of the demonstration: nothing is carried into it.
  const year = lang === "ar" ? 2010 : 2009;
  const during = `from=${year}-01-01&to=${year}-12-31`;

  step("a year is opened, as the books begin with it", async () => {
    const officer = await someone("finance.modee");
    await officer.go("/finance");
    await officer.press("[data-testid=open-year]");
    await fill(officer, { year: String(year) });
    await save(officer);
    await officer.page.locator(`[data-testid=periods-${year}]`).waitFor();
  });

  step("empty pages teach the next step", async () => {
    const officer = people["finance.modee"];
    for (const page of ["position", "ledger", "ledger/trial"]) {
      await officer.go(`/finance/${page}?${during}`);
      const next = officer.page.locator("[data-testid=report-next]");
      await next.waitFor();
      assert.match(await next.innerText(), new RegExp(text(lang, "fiscal-years")));
    }
    await officer.shot("finance-position-empty");
    await officer.accessible("the empty trial balance");
  });

  step("a statement shows its rows, and that its identities hold", async () => {
    const officer = people["finance.modee"];
    await officer.go(`/finance/reports/gfsm?${during}`);
    await officer.page.locator("[data-testid=report] tr.total").first().waitFor();
    await officer.page.locator("[data-testid=checks]").getByText(text(lang, "check-holds")).first().waitFor();
    await officer.shot("finance-statement");
    await officer.accessible("the statement of government operations");
    const file = await download(officer, "[data-action=export]");
    assert.ok(file.name.endsWith(".xlsx"), file.name);
  });

  step("on a phone the filters are folded away, and what is asked is told", async () => {
    const officer = people["finance.modee"];
    await officer.page.setViewportSize(PHONE);
    await officer.press("[data-testid=filter]");
    await fill(officer, { to: `${year}-06-30` }, officer.page.locator(".dw-panel"));
    await officer.page.waitForURL(new RegExp(`to=${year}-06-30`));
    await officer.settled();
    await officer.fits("a report on a phone");
    await officer.shot("finance-report-phone");
    await officer.accessible("a report on a phone");
    await officer.page.setViewportSize(WIDE);
  });

  step("the dashboard draws the months of the year", async () => {
    const officer = people["finance.modee"];
    await officer.go("/finance/reports");
    await officer.page.locator("svg.dw-chart").first().waitFor();
    await officer.shot("finance-board");
    await officer.accessible("the finance dashboard");
  });
}
