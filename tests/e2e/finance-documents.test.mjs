// A year's money: the accountant writes the law, an order and a voucher pasted from a sheet; the controller certifies, the
// finance manager authorises; what is not there is refused with the arithmetic.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { pdf } from "./support/files.mjs";
import { dialog, download, fill, save } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();
const KEY = "1501-4401-4401001-1-00-2219";
const FUEL = "1501-4401-4401001-1-00-2215";

for (const lang of ["ar", "en"]) describe(`documents of finance (${lang})`, () => documents(lang));

function documents(lang) {
  const { someone, people, step } = journey(on, lang);
  // The chart and the parts of the key are in force from the first year on, so the second language takes the later one.
  const year = lang === "ar" ? 2061 : 2062;
  const named = { ar: `مؤسسة الورق ${RUN} ${lang}`, en: `Paper ${RUN} ${lang}` };
  const supplier = named[lang];
  const state = (person) => person.page.locator("[data-testid=voucher-state]");

  /** Writes a draft of a kind and sends it for approval; answers its address. */
  const write = async (kind, values, cells, more) => {
    const clerk = people["accountant.modee"];
    await clerk.go(`/finance/documents/new/${kind}`);
    const form = clerk.page.locator("main");
    await form.locator("[name='lines.0.debit']").waitFor();
    await fill(clerk, { effective_on: `${year}-03-10`, ...values }, form);
    for (const [row, line] of cells.entries()) {
      if (row > 0) await clerk.press("[data-testid=add-line]");
      for (const [name, value] of Object.entries(line)) await form.locator(`[name='lines.${row}.${name}']`).fill(value);
    }
    await more?.(clerk, form);
    await clerk.press("[data-testid=save]");
    await state(clerk).waitFor();
    await clerk.action("submit");
    await state(clerk).getByText(text(lang, "document-state-in-approval")).waitFor();
    return new URL(clerk.page.url()).pathname;
  };
  /** A step with its dialog. */
  const act = async (username, path, action, note) => {
    const person = people[username];
    await person.go(path);
    await person.action(action);
    if (note) await dialog(person).locator("[name=note]").fill(note);
    await dialog(person).locator("[data-testid=confirm]").click();
    return person;
  };
  const approve = async (path) => {
    const controller = await act("controller.modee", path, "certify");
    await dialog(controller).waitFor({ state: "detached" });
    const manager = await act("finance.modee", path, "authorise");
    await state(manager).getByText(text(lang, "document-state-posted")).waitFor();
    return manager;
  };

  step("a year is opened, and there is a supplier", async () => {
    for (const name of ["finance.modee", "accountant.modee", "controller.modee"]) await someone(name);
    const officer = people["finance.modee"];
    await officer.go("/finance");
    await officer.press("[data-testid=open-year]");
    await fill(officer, { year: String(year) });
    await save(officer);
    await officer.go("/finance/setup/parties");
    await officer.press("[data-testid=new-row]");
    await fill(officer, { code: `P${lang}${RUN}`, name_ar: named.ar, name_en: named.en });
    await save(officer);
  });

  step("the law and an order are prepared, certified and authorised by three people", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents");
    await clerk.press("[data-testid=new-document]");
    await clerk.page.locator("[data-action=budget_law]").click();
    await clerk.page.locator("[name='lines.0.key']").waitFor();
    const lines = [{ key: KEY, debit: "1,000" }, { key: FUEL, debit: lang === "ar" ? "٥٠٠٫٢٥٠" : "500.250" }];
    const law = await write("budget_law", { subject: "قانون الموازنة", reference: `${year}/1` }, lines);
    const manager = await approve(law);
    assert.match(await manager.page.locator("[data-testid=voucher-number]").innerText(), new RegExp(`${year}/1`));
    await manager.shot("finance-law");
    await manager.accessible("a posted document");
    await approve(await write("financial_order", { subject: "أمر مالي عام" }, lines));
  });

  step("a voucher is pasted from a sheet; a wrong account is said in its cell", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents/new/payment_voucher");
    const form = clerk.page.locator("main");
    const first = form.locator("[name='lines.0.account']");
    await first.waitFor();
    await first.evaluate((cell, rows) => {
      const data = new DataTransfer();
      data.setData("text/plain", rows);
      cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, `2219\t${KEY}\t١٢٠٫٥٠٠\t\tقرطاسية\r\n9999\t${FUEL}\t30\t\tمحروقات\r\n630811\t\t\t6\tضريبة دخل\r\n`);
    await form.locator("[name='lines.2.credit']").waitFor();
    await fill(clerk, { subject: `قرطاسية ومحروقات ${RUN}`, effective_on: `${year}-03-12`, reference: `INV-${RUN}-${lang}`, party: { pick: supplier } }, form);
    await clerk.press("[data-testid=save]");
    const wrong = form.locator("[name='lines.1.account'][aria-invalid=true]");
    await wrong.waitFor();
    await clerk.shot("finance-voucher-form");
    await clerk.accessible("the form of a voucher");
    await wrong.fill("2215");
    await clerk.press("[data-testid=save]");
    await state(clerk).waitFor();
    await until(() => clerk.page.locator("[data-testid=voucher-lines] tbody tr").count(), 3);
    await clerk.action("submit");
    await state(clerk).getByText(text(lang, "document-state-in-approval")).waitFor();
  });

  step("the controller returns it, it is corrected, and comes through the second time", async () => {
    const clerk = people["accountant.modee"];
    const path = new URL(clerk.page.url()).pathname;
    const controller = await act("controller.modee", path, "return", "أرفقوا الفاتورة");
    await state(controller).getByText(text(lang, "document-state-returned")).waitFor();
    await clerk.go(path);
    await clerk.page.locator("[data-tab=files]").click();
    await clerk.page.locator("main input[type=file]").setInputFiles([{ name: "فاتورة.pdf", mimeType: "application/pdf", buffer: pdf("Invoice") }]);
    await clerk.page.locator("main .dw-linkish").filter({ hasText: "فاتورة.pdf" }).waitFor();
    await clerk.settled();
    await clerk.shot("finance-voucher-files");
    await clerk.action("submit");
    await state(clerk).getByText(text(lang, "document-state-in-approval")).waitFor();
    const manager = await approve(path);
    await manager.page.locator("[data-testid=voucher-moves] tbody tr").nth(1).waitFor();
    await manager.shot("finance-voucher");
    const file = await download(manager, "[data-action=print]");
    assert.equal(file.bytes.subarray(0, 5).toString(), "%PDF-");
  });

  step("what is not there is refused with the arithmetic, and with the way to who holds it", async () => {
    const contract = { subject: "عقد صيانة", party: { pick: supplier } };
    const path = await write("commitment", contract, [{ key: KEY, debit: "900" }], async (clerk, form) => {
      await clerk.press("[data-testid=add-slice]");
      await form.locator("[name='slice.0']").fill("50");
    });
    // What falls on later years makes the contract, and holds nothing of this year.
    await people["accountant.modee"].page.locator("main").getByText("950.000").first().waitFor();
    await act("controller.modee", path, "certify");
    await dialog(people["controller.modee"]).waitFor({ state: "detached" });
    const manager = await act("finance.modee", path, "authorise");
    const said = dialog(manager).getByText("879.500");
    await said.first().waitFor();
    const holder = dialog(manager).locator("[data-testid=failure-details] a").first();
    assert.match(await holder.innerText(), /120\.500/);
    await manager.shot("finance-short");
    await holder.click();
    await state(manager).getByText(text(lang, "document-state-posted")).waitFor();
    await dialog(manager).waitFor({ state: "detached" });
  });

  step("the list shows what waits and what is posted", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents?view=in_approval");
    await clerk.page.locator("[data-testid=vouchers] tbody tr").first().waitFor();
    await clerk.shot("finance-documents");
    await clerk.accessible("the list of documents");
  });
}
