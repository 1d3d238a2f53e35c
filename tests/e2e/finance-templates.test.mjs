// What comes again is not typed again: the law out of a table, spending before the law, a voucher kept as a template and made
// each month by itself, a copy.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { day } from "./support/days.mjs";
import { dialog, download, fill, row, save, search, tick } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";
import { vouchers } from "./support/vouchers.mjs";

const on = stage();
const KEY = "1501-4401-4401001-1-00-2219";
const FUEL = "1501-4401-4401001-1-00-2215";
/** What is left to a job comes after other jobs. */
const JOB_MS = 120_000;

for (const lang of ["ar", "en"]) {
  describe(`the law out of a table, and before it (${lang})`, () => law(lang));
  describe(`templates (${lang})`, () => templates(lang));
}

/** Chooses something out of the menu of new documents. */
async function begin(person, action) {
  await person.go("/finance/documents");
  await person.press("[data-testid=new-document]");
  await person.page.locator(`[data-action=${action}]`).click();
}

function law(lang) {
  const { someone, people, step } = journey(on, lang);
  const { approve, post } = vouchers(people, lang);
  const year = lang === "ar" ? 2072 : 2074;
  const heads = { ar: ["مفتاح الموازنة", "المبلغ", "ملاحظة"], en: ["Budget key", "Amount", "Note"] }[lang];
  const preview = (person) => dialog(person).locator("[data-testid=law-preview]");
  /** Gives a table to the dialog; what is in it is shown. */
  const give = async (person, rows) => {
    const csv = [heads, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(",")).join("\r\n");
    const file = { name: "law.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${csv}\r\n`) };
    await dialog(person).locator("input[type=file]").setInputFiles([file]);
  };
  /** The law of a year out of a table, posted. */
  const load = async (of, rows) => {
    const clerk = people["accountant.modee"];
    await begin(clerk, "law_import");
    await fill(clerk, { reference: `${of}/1`, on: `${of}-01-10` });
    await give(clerk, rows);
    await dialog(clerk).locator("[data-testid=draft-law]").click();
    return approve();
  };

  step("a table with a wrong row is shown row by row, and no draft comes of it", async () => {
    for (const name of ["finance.modee", "accountant.modee", "controller.modee"]) await someone(name);
    const manager = people["finance.modee"];
    for (const opened of [year - 1, year]) {
      await manager.go("/finance");
      await manager.press("[data-testid=open-year]");
      await fill(manager, { year: String(opened) });
      await save(manager);
    }
    const clerk = people["accountant.modee"];
    await begin(clerk, "law_import");
    await fill(clerk, { reference: `${year - 1}/1`, on: `${year - 1}-01-10` });
    const empty = await download(clerk, "dialog [data-testid=law-template]");
    assert.match(empty.name, /\.xlsx$/);
    await give(clerk, [[KEY, "1,200", ""], [KEY.replace("2219", "9999"), "60.5", ""]]);
    const wrong = preview(clerk).locator("tr[data-line='3'] .dw-err-line");
    await wrong.waitFor();
    assert.match(await wrong.innerText(), /9999/);
    assert.equal(await preview(clerk).locator("tr[data-line='2'] .dw-err-line").count(), 0);
    assert.equal(await dialog(clerk).locator("[data-testid=draft-law]").count(), 0);
    await clerk.shot("finance-law-wrong");
    await clerk.accessible("a law with a wrong row");
  });

  step("put right it becomes the draft of the law, with its sums, and is posted", async () => {
    const clerk = people["accountant.modee"];
    await give(clerk, [[KEY, "1,200", "قرطاسية"], [FUEL, "٦٠٠٫٢٤٠", ""]]);
    await preview(clerk).locator("[data-testid=law-total]").getByText("1,800.240").waitFor();
    await clerk.shot("finance-law-import");
    await clerk.accessible("the preview of a law");
    await fill(clerk, { total: "1,800.241" });
    await dialog(clerk).locator("[data-testid=draft-law]").click();
    await dialog(clerk).getByText("1,800.241").first().waitFor();
    await fill(clerk, { total: "1,800.240" });
    await dialog(clerk).locator("[data-testid=draft-law]").click();
    await clerk.page.locator("[data-testid=voucher-lines] tbody tr").nth(1).waitFor();
    await clerk.page.locator("[data-tab=files]").click();
    await clerk.sees("law.csv");
    await approve();
  });

  step("while the next law is late, a rule lets one part in twelve of it be given each month", async () => {
    const manager = people["finance.modee"];
    const clerk = people["accountant.modee"];
    await begin(clerk, "provisional");
    await fill(clerk, { on: `${year}-01-05` });
    await dialog(clerk).getByText(text(lang, "provisional-not-allowed")).waitFor();
    await manager.go("/finance/setup/provisional-rules");
    await manager.press("[data-testid=new-row]");
    await fill(manager, { year: String(year), parts: "12", reference: `المادة 113 ${RUN}`, active_from: `${year}-01-01` });
    await save(manager);
    await row(manager, String(year)).waitFor();
    await manager.shot("finance-provisional-rules");
    await manager.accessible("the rules before the law");

    await begin(clerk, "provisional");
    await fill(clerk, { on: `${year}-01-05`, through_month: "1" });
    await dialog(clerk).getByText("150.020").waitFor();
    await clerk.shot("finance-provisional");
    await clerk.accessible("the provisional appropriation");
    await save(clerk);
    await clerk.page.locator("[data-testid=voucher-lines]").getByText("100.000").first().waitFor();
    await approve();
    await post("financial_order", { subject: "أمر مالي مؤقت", effective_on: `${year}-01-06` }, [{ key: KEY, debit: "100" }]);
  });

  step("the law takes its place", async () => {
    const clerk = people["accountant.modee"];
    await load(year, [[KEY, "1,000", ""], [FUEL, "500", ""]]);
    await begin(clerk, "provisional");
    await fill(clerk, { on: `${year}-02-05` });
    await dialog(clerk).getByText(text(lang, "provisional-law-there")).waitFor();
    await dialog(clerk).locator("[data-testid=provisional-documents]").getByText(text(lang, "provisional-replaced")).waitFor();
    await clerk.shot("finance-provisional-replaced");
  });
}

function templates(lang) {
  const { someone, people, step } = journey(on, lang);
  const { openYear, setUp, post } = vouchers(people, lang);
  const landlord = { code: `L${lang}${RUN}`, name: `مالك المبنى ${RUN} ${lang}` };
  const about = `إيجار المبنى ${RUN} ${lang}`;
  const name = `إيجار شهري ${RUN} ${lang}`;
  const state = (person, code) =>
    person.page.locator("[data-testid=voucher-state]").getByText(text(lang, `document-state-${code}`)).waitFor();
  /** Says whether the landlord is one who is paid. */
  const active = async (yes) => {
    const manager = people["finance.modee"];
    await manager.go("/finance/setup/parties");
    await search(manager, landlord.code);
    await row(manager, landlord.code).locator("[data-action=edit]").click();
    await tick(manager, text(lang, "setup-active"), yes);
    await save(manager);
  };
  let template = "";

  step("a voucher is kept as a template", async () => {
    for (const username of ["finance.modee", "accountant.modee", "controller.modee"]) await someone(username);
    await openYear();
    await setUp("parties", { code: landlord.code, name_ar: landlord.name });
    await post("supplementary", { subject: "ملحق موازنة", reference: `${RUN}${lang}` }, [{ key: KEY, debit: "1,000" }]);
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents/new/payment_voucher");
    const form = clerk.page.locator("main");
    await form.locator("[name='lines.0.debit']").waitFor();
    await fill(clerk, { subject: about, effective_on: day(), reference: `INV-${RUN}-${lang}`, party: { pick: landlord.name } }, form);
    for (const [cell, value] of Object.entries({ account: "2219", key: KEY, debit: "250" })) await form.locator(`[name='lines.0.${cell}']`).fill(value);
    await clerk.press("[data-testid=save]");
    await state(clerk, "draft");
    await clerk.action("template");
    await fill(clerk, { name });
    await clerk.shot("finance-template-form");
    await clerk.accessible("the form of a template");
    await save(clerk);
    await clerk.page.locator("[data-testid=template]").waitFor();
    template = new URL(clerk.page.url()).pathname;
    assert.match(template, /\/finance\/documents\/templates\/\d+$/);
  });

  step("it is found in the list, and a new document comes of it", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents");
    await clerk.press("[data-testid=open-templates]");
    await search(clerk, name);
    await row(clerk, name).waitFor();
    await clerk.shot("finance-templates");
    await clerk.accessible("the list of templates");
    await clerk.go(template);
    await clerk.press("[data-testid=draft-from-template]");
    await fill(clerk, { on: day() });
    await save(clerk);
    const debit = clerk.page.locator("main [name='lines.0.debit']");
    await until(async () => (await debit.inputValue()).startsWith("250"));
    await debit.fill("260");
    await clerk.page.locator("main [name=reference]").fill(`INV2-${RUN}-${lang}`);
    await clerk.press("[data-testid=save]");
    await state(clerk, "draft");
  });

  step("any document is copied into a new one", async () => {
    const clerk = people["accountant.modee"];
    await clerk.action("copy");
    const debit = clerk.page.locator("main [name='lines.0.debit']");
    await until(async () => (await debit.inputValue()).startsWith("260"));
    await clerk.page.locator("main [name=reference]").fill(`INV3-${RUN}-${lang}`);
    await clerk.press("[data-testid=save]");
    await state(clerk, "draft");
  });

  step("it recurs each month; what keeps its draft from being made is said", async () => {
    const clerk = people["accountant.modee"];
    await active(false);
    await clerk.go(template);
    await clerk.press("[data-testid=edit-template]");
    await fill(clerk, { every: "month", day: "1", starts_on: `${day().slice(0, 8)}01` });
    await clerk.shot("finance-template-schedule");
    await clerk.accessible("the schedule of a template");
    await save(clerk);
    const problem = clerk.page.locator("[data-testid=template-problem]");
    // The job looks after it in its own time.
    await until(async () => {
      await clerk.go(template);
      return problem.getByText(landlord.name).isVisible();
    }, true, JOB_MS);
    await clerk.shot("finance-template-problem");
    await clerk.accessible("a template that could not make its draft");
  });

  step("once it is put right the draft is made, once, and is a draft", async () => {
    const clerk = people["accountant.modee"];
    await active(true);
    await clerk.go(template);
    await clerk.press("[data-testid=make-drafts]");
    const made = clerk.page.locator("[data-testid=template-drafts] tbody tr");
    await made.first().waitFor();
    await clerk.page.locator("[data-testid=make-drafts]").waitFor({ state: "detached" });
    await clerk.settled();
    assert.equal(await made.count(), 1);
    await clerk.shot("finance-template");
    await clerk.accessible("a template with what it made");
    const file = await download(clerk, "main [data-action=export]");
    assert.match(file.name, /^template-\d+-drafts\.xlsx$/);
    await made.first().locator("a").click();
    await state(clerk, "draft");
    await clerk.sees(new RegExp(`${about}.*${day().slice(0, 4)}`));
  });

  step("it is ended", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go(template);
    await clerk.press("[data-testid=end-template]");
    await dialog(clerk).locator("[data-testid=confirm]").click();
    await clerk.page.locator("[data-testid=draft-from-template]").waitFor({ state: "detached" });
    await clerk.go("/finance/documents/templates?only=ended");
    await row(clerk, name).waitFor();
  });
}
