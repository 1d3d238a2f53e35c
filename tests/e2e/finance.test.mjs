// The finance manager opens a year, looks over the chart, adds an account, closes January and opens it again for a day; a year
// that is over is prepared for its end by one and ended by another.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { books as papers, call } from "./support/books.mjs";
import { dialog, download, fill, refused, save } from "./support/forms.mjs";
import { journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();

for (const lang of ["ar", "en"]) describe(`the books (${lang})`, () => books(lang));

function books(lang) {
  const { someone, people, step } = journey(on, lang);
  // Each language has a year of its own, the second one before the first and both before that of the demonstration: months
  // close in their order.
  const year = lang === "ar" ? 2013 : 2012;
  const period = (officer, number) => officer.page.locator(`[data-testid=periods-${year}] [data-number='${number}']`);

  step("a year is opened with its periods", async () => {
    const officer = await someone("finance.modee");
    await officer.go("/finance");
    await officer.press("[data-testid=open-year]");
    await fill(officer, { year: "66" });
    const said = await refused(officer, "year");
    assert.ok(said.year);
    await fill(officer, { year: String(year) });
    await save(officer);
    await period(officer, 13).waitFor();
    await until(() => officer.page.locator(`[data-testid=periods-${year}] tbody tr`).count(), 13);
    await officer.shot("finance-years");
    await officer.accessible("the fiscal years");
  });

  step("the chart is there, is searched, grows and is taken along", async () => {
    const officer = people["finance.modee"];
    await officer.go("/finance/accounts");
    await officer.page.locator("[data-code='620201']").waitFor();
    const code = `22${year}`;
    await officer.press("[data-testid=new-account]");
    await fill(officer, { code: "22x" });
    const said = await refused(officer, "code", "name_ar", "gfsm");
    assert.equal(said.name_ar, text(lang, "err-required"));
    assert.equal(said.gfsm, text(lang, "err-gfsm-form"));
    await fill(officer, { code, name_ar: `حساب ${code}`, name_en: `Account ${code}`, gfsm: "22" });
    await dialog(officer).locator("[name=parent_id]").selectOption({ index: 1 });
    await save(officer);
    await officer.page.locator("[name=find]").fill(code);
    await officer.page.locator(`[data-code='${code}']`).waitFor();
    await until(() => officer.page.locator("[data-testid=accounts] tbody tr").count(), 1);
    await officer.page.locator("[name=find]").fill("");
    await officer.shot("finance-accounts");
    await officer.accessible("the chart of accounts");
    const file = await download(officer, "[data-testid=export-accounts]");
    assert.equal(file.name, "accounts.xlsx");
  });

  step("January is closed and opened once more, with the reason", async () => {
    const officer = people["finance.modee"];
    await officer.go("/finance");
    const closed = text(lang, "period-state-closed");
    await period(officer, 1).locator("[data-action=close]").click();
    await period(officer, 1).getByText(closed).waitFor();
    await period(officer, 1).locator("[data-action=reopen]").click();
    await fill(officer, { hours: "٢٤", reason: "قيد فات موعده" });
    await save(officer);
    await period(officer, 1).getByText(text(lang, "period-state-open"), { exact: true }).waitFor();
    await officer.shot("finance-reopened");
  });

  step("February takes no receipts any more, and takes them again", async () => {
    const officer = people["finance.modee"];
    const told = period(officer, 2).locator("[data-testid=closed-kinds]");
    const receipts = dialog(officer).locator("[data-testid=period-kinds] [data-kind=receipt] input");
    await period(officer, 2).locator("[data-action=kinds]").click();
    await receipts.uncheck();
    await officer.shot("finance-period-kinds");
    await officer.accessible("what a period takes");
    await save(officer);
    await told.filter({ hasText: text(lang, "record-kind-receipt") }).waitFor();
    await period(officer, 2).locator("[data-action=kinds]").click();
    await receipts.check();
    await save(officer);
    await told.waitFor({ state: "detached" });
  });

  step("who only reads sees the books and no way to change them", async () => {
    const reader = await someone("accountant.modee");
    await reader.go("/finance");
    await period(reader, 13).waitFor();
    assert.equal(await reader.page.locator("[data-action=close]").count(), 0);
    assert.equal(await reader.page.locator("[data-testid=open-year]").count(), 0);
  });

  step("a year that is over is prepared by one, and ended by another", async () => {
    // Before all other years, the first language's before the second's: what is earlier ends first.
    const old = lang === "ar" ? 2004 : 2005;
    const officer = people["finance.modee"];
    await someone("controller.modee");
    const { id, periods } = await call(officer, "POST", "/api/finance/years", { body: { year: old } });
    await papers(people).posted({ kind: "receipt", effective_on: `${old}-05-02`, subject: "رسوم", lines: [{ account: "1421", credit: "60" }] });
    for (const { id, version } of periods.filter(({ number }) => number <= 12)) {
      await call(officer, "POST", `/api/finance/periods/${id}/close`, { body: { to: "closed" }, version });
    }
    const end = (person, at) => person.page.locator(`[data-testid=year-end][data-state=${at}]`).waitFor();
    await officer.go(`/finance/closing/year/${id}`);
    await officer.press("[data-testid=year-end-begin]");
    await dialog(officer).locator("[data-testid=confirm]").click();
    await end(officer, "draft");
    await until(() => officer.page.locator("[data-testid=conditions] [data-met=false]").count(), 0);
    await officer.press("[data-testid=year-end-prepare]");
    await end(officer, "prepared");
    // Who prepared it waits for another.
    await officer.sees(text(lang, "year-end-waits"));
    assert.equal(await officer.page.locator("[data-testid=year-end-confirm]").count(), 0);
    const other = await someone("admin.modee");
    await other.go(`/finance/closing/year/${id}`);
    await other.press("[data-testid=year-end-confirm]");
    await other.accessible("the question before a year ends");
    await dialog(other).locator("[data-testid=confirm]").click();
    await end(other, "ended");
    await other.sees(text(lang, "year-end-ended"));
    await other.sees("60.000");
    await other.shot("year-end-ended");
    await other.accessible("a year that has ended");
    await other.go("/finance");
    const last = other.page.locator(`[data-testid=periods-${old}] [data-number='13']`);
    await last.getByText(text(lang, "period-state-closed"), { exact: true }).waitFor();
  });
}
