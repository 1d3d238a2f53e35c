// A year's money: the accountant writes the law, an order and a voucher pasted from a sheet; the controller certifies, the
// finance manager authorises; what is not there is refused with the arithmetic.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { books, call } from "./support/books.mjs";
import { pdf } from "./support/files.mjs";
import { dialog, download, faultOf, fill, save, search } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();
const KEY = "1501-4401-4401001-1-00-2219";
const FUEL = "1501-4401-4401001-1-00-2215";

for (const lang of ["ar", "en"]) describe(`documents of finance (${lang})`, () => documents(lang));

function documents(lang) {
  const { someone, people, step } = journey(on, lang);
  const given = books(people);
  // The chart and the parts of the key are in force from the first year on, so the second language takes the later one.
  const year = lang === "ar" ? 2061 : 2062;
  const named = { ar: `مؤسسة الورق ${RUN} ${lang}`, en: `Paper ${RUN} ${lang}` };
  const supplier = named[lang];
  const state = (person) => person.page.locator("[data-testid=voucher-state]");

  /** Pastes rows of a sheet from a cell on. */
  const paste = (cell, rows) =>
    cell.evaluate((cell, rows) => {
      const data = new DataTransfer();
      data.setData("text/plain", rows);
      cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, rows);
  /** Writes a draft of a kind and sends it for approval; answers its address. */
  const write = async (kind, values, cells, more) => {
    const clerk = people["accountant.modee"];
    await clerk.go(`/finance/documents/new/${kind}`);
    const form = clerk.page.locator("main");
    await form.locator("[name='lines.0.debit']").waitFor();
    const invoice = kind === "payment_voucher" ? { reference_on: `${year}-03-09` } : {};
    await fill(clerk, { effective_on: `${year}-03-10`, ...invoice, ...values }, form);
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
    await paste(first, `2219\t${KEY}\t١٢٠٫٥٠٠\t\tقرطاسية\r\n9999\t${FUEL}\t30\t\tمحروقات\r\n630811\t\t\t6\tضريبة دخل\r\n`);
    await form.locator("[name='lines.2.credit']").waitFor();
    await fill(clerk, { subject: `قرطاسية ومحروقات ${RUN}`, effective_on: `${year}-03-12`, reference: `INV-${RUN}-${lang}`, reference_on: `${year}-03-11`, party: { pick: supplier }, purchase_order: `PO-${RUN}` }, form);
    await clerk.press("[data-testid=save]");
    const wrong = form.locator("[name='lines.1.account'][aria-invalid=true]");
    await wrong.waitFor();
    await clerk.shot("finance-voucher-form");
    await clerk.accessible("the form of a voucher");
    await wrong.fill("2215");
    await clerk.press("[data-testid=save]");
    await state(clerk).waitFor();
    await until(() => clerk.page.locator("[data-testid=voucher-lines] tbody tr").count(), 3);
    await clerk.sees(`PO-${RUN}`);
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

  step("two thousand rows are pasted, walked by the page and added up; the wrong one is shown wherever it is", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents/new/payment_voucher");
    const form = clerk.page.locator("main");
    const cell = (row, name, state = "") => form.locator(`[name='lines.${row}.${name}']${state}`);
    await cell(0, "account").waitFor();
    const rows = Array.from({ length: 2000 }, (_, at) => `2219\t${KEY}\t${at === 1899 ? "١٬٢٣" : "١٬٢٣٤٫٥٠٠"}\t\tبند ${at + 1}`);
    await paste(cell(0, "account"), rows.join("\r\n"));
    await until(() => form.locator("[data-testid=grid] tbody tr").count(), 100);
    await cell(0, "note").press("End");
    await cell(0, "note").press("x");
    await until(() => cell(0, "note").inputValue(), "بند 1x");
    await cell(0, "note").press("Alt+PageDown");
    await cell(100, "note", ":focus").press("Alt+ArrowUp");
    await cell(99, "note", ":focus").press("Enter");
    await cell(100, "account", ":focus").waitFor();
    await fill(clerk, { subject: `ألفا سطر ${RUN}`, effective_on: `${year}-03-15` }, form);
    await clerk.press("[data-testid=save]");
    const wrong = cell(1899, "debit", "[aria-invalid=true]:focus");
    await wrong.waitFor();
    await clerk.shot("finance-voucher-rows");
    await wrong.fill("١٬٢٣٤٫٥٠٠");
    await form.locator("[data-testid=grid] tfoot").getByText("2,469,000.000").waitFor();
    await clerk.press("[data-testid=save]");
    await state(clerk).waitFor();
    await clerk.sees("2,469,000.000");
    // Its page draws a hundred of them at a time, and the total of all.
    const lines = clerk.page.locator("[data-testid=voucher-lines]");
    await until(() => lines.locator("tbody tr").count(), 100);
    await lines.locator("tfoot").getByText("2,469,000.000").waitFor();
    await clerk.page.locator("main section").filter({ has: lines }).locator(".dw-foot button").last().click();
    await lines.getByText("بند 101", { exact: true }).waitFor();
    await until(() => lines.locator("tbody tr").count(), 100);
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

  const is = (person, code) => state(person).getByText(text(lang, `document-state-${code}`)).waitFor();
  const address = (id) => `/finance/documents/${id}`;
  const number = (path) => Number(path.split("/").at(-1));
  /** A page of a document that names another one. */
  const names = async (id, other) => {
    const clerk = people["accountant.modee"];
    await clerk.go(address(id));
    await clerk.page.locator(`main a[href='${address(other)}']`).first().waitFor();
  };
  /** Who is given an advance and leaves a deposit. */
  const other = { name: `عهدة ${RUN} ${lang}`, id: 0 };

  step("what a draft lacks is named where it is sent for approval", async () => {
    const clerk = people["accountant.modee"];
    const [{ id: party_id }] = await call(clerk, "GET", `/api/finance/pick/parties?q=${encodeURIComponent(`P${lang}${RUN}`)}`);
    const lines = [{ account: "2219", key: KEY, debit: "1" }];
    await clerk.go(address(await given.draft({ kind: "payment_voucher", effective_on: `${year}-03-20`, subject: `بلا فاتورة ${RUN}`, party_id, method: "transfer", lines })));
    await clerk.action("submit");
    const lacks = clerk.page.locator("main [data-testid=failure-details] li");
    for (const field of ["voucher-reference", "voucher-reference-day"]) {
      await lacks.getByText(`${text(lang, field)}: ${text(lang, "err-required")}`, { exact: true }).waitFor();
    }
    await clerk.accessible("what a draft lacks");
    await is(clerk, "draft");
  });

  step("a receipt is reversed: another document takes it back, and each names the other", async () => {
    const clerk = people["accountant.modee"];
    const id = await given.posted({ kind: "receipt", effective_on: `${year}-03-20`, subject: `رسوم ${RUN}`, lines: [{ account: "1421", credit: "75" }] });
    await clerk.go(address(id));
    await clerk.action("reverse");
    await fill(clerk, { on: `${year}-03-19`, note: "سجّل مرتين" });
    await dialog(clerk).locator("[data-testid=confirm]").click();
    // Not before its own day: said at the day.
    assert.ok(await faultOf(dialog(clerk), "on"));
    await fill(clerk, { on: `${year}-03-21` });
    await clerk.accessible("the question before a reversal");
    await dialog(clerk).locator("[data-testid=confirm]").click();
    await clerk.page.waitForURL((url) => url.pathname !== address(id));
    await is(clerk, "draft");
    const reversal = number(new URL(clerk.page.url()).pathname);
    await clerk.action("submit");
    await is(clerk, "in-approval");
    await given.approve(reversal);
    await names(id, reversal);
    await is(clerk, "reversed");
    await names(reversal, id);
  });

  step("an advance is settled by what was spent and what came back", async () => {
    other.id = await given.party(`H${lang}${RUN}`, other.name);
    const about = `سلفة ${RUN} ${lang}`;
    await given.posted({ kind: "release", effective_on: `${year}-03-21`, subject: "حوالة مالية", lines: [{ key: KEY, debit: "500" }] });
    const advance = await given.posted({
      kind: "advance", effective_on: `${year}-03-21`, subject: about, party_id: other.id, method: "transfer", lines: [{ account: "620801", debit: "50" }],
    });
    const lines = [{ account: "2219", key: KEY, debit: "30" }, { account: "620202", debit: "20" }];
    const settlement = number(await write("advance_settlement", { subject: `تسديد ${about}`, effective_on: `${year}-03-22`, source: { pick: about } }, lines));
    assert.equal((await given.read(advance)).to_settle, 50_000);
    await given.approve(settlement);
    await names(settlement, advance);
    await names(advance, settlement);
    assert.equal((await given.read(advance)).to_settle, 0);
  });

  step("a deposit is refunded to who left it", async () => {
    const about = `تأمين ${RUN} ${lang}`;
    const deposit = await given.posted({
      kind: "deposit", effective_on: `${year}-03-22`, subject: about, party_id: other.id, lines: [{ account: "630815", credit: "40" }],
    });
    const values = { subject: `رد ${about}`, effective_on: `${year}-03-23`, party: { pick: other.name }, source: { pick: about } };
    const refund = number(await write("deposit_refund", values, [{ account: "630815", debit: "40" }]));
    await given.approve(refund);
    await names(deposit, refund);
    assert.equal((await given.read(deposit)).to_settle, 0);
    assert.equal((await given.read(refund)).to_pay, 40_000);
  });

  step("a commitment is closed, and what is left of it is available again", async () => {
    const contract = { kind: "commitment", effective_on: `${year}-03-25`, subject: `عقد ${RUN}`, party_id: other.id, lines: [{ key: FUEL, debit: "100" }] };
    const clerk = await act("accountant.modee", address(await given.posted(contract)), "close", "أنجز التوريد");
    await is(clerk, "closed");
    await until(() => clerk.page.locator("[data-testid=voucher-moves] tbody tr").count(), 2);
  });

  step("what puts the year in order is posted into its complementary period, on the last day", async () => {
    const values = { subject: `تسوية آخر السنة ${RUN}`, reference: `END-${RUN}-${lang}`, party: { pick: supplier } };
    const path = await write("payment_voucher", values, [{ account: "2219", key: KEY, debit: "5" }], async (clerk, form) => {
      await form.locator("[data-testid=complementary] input").check();
      await until(() => form.locator("[name=effective_on]").inputValue(), `${year}-12-31`);
    });
    const manager = await approve(path);
    await manager.sees(text(lang, "period-complementary"));
    await manager.accessible("a document of the complementary period");
    const { complementary, effective_on } = await given.read(number(path));
    assert.deepEqual([complementary, effective_on], [true, `${year}-12-31`]);
    // December has nothing of it: the entry is alone in the period after it.
    const { periods } = (await call(manager, "GET", "/api/finance/years")).find((one) => one.year === year);
    for (const [at, entries, expense] of [[12, 0, 0], [13, 1, 5_000]]) {
      const { id } = periods.find((one) => one.number === at);
      const { figures } = await call(manager, "GET", `/api/finance/periods/${id}/cockpit`);
      assert.deepEqual([figures.entries, figures.expense], [entries, expense], `period ${at}`);
    }
  });

  step("what waits for approval is withdrawn, and the draft is given up", async () => {
    const clerk = people["accountant.modee"];
    const id = await given.submitted({ kind: "receipt", effective_on: `${year}-03-26`, subject: `إيصال ${RUN}`, lines: [{ account: "1421", credit: "5" }] });
    await clerk.go(address(id));
    await is(clerk, "in-approval");
    await clerk.action("withdraw");
    await is(clerk, "draft");
    await act("accountant.modee", address(id), "void", "لا حاجة إليه");
    await is(clerk, "void");
  });

  step("a virement moves money from one key to another", async () => {
    const supplement = { kind: "supplementary", effective_on: `${year}-03-27`, subject: "ملحق موازنة", reference: `${year}/2`, lines: [{ key: KEY, debit: "10" }] };
    await given.posted(supplement);
    const path = await write("virement", { subject: "مناقلة", effective_on: `${year}-03-28` }, [{ key: KEY, credit: "10" }, { key: FUEL, debit: "10" }]);
    await given.approve(number(path));
    const clerk = people["accountant.modee"];
    await clerk.go(path);
    await is(clerk, "posted");
    await until(() => clerk.page.locator("[data-testid=voucher-moves] tbody tr").count(), 2);
  });

  step("documents are found by their party, their state and their amount", async () => {
    const clerk = people["accountant.modee"];
    const found = () => clerk.page.locator("[data-testid=vouchers] tbody tr[data-row-id]").count();
    await clerk.go("/finance/documents");
    await search(clerk, other.name);
    // The advance and its settlement, the deposit and its refund, and the commitment.
    await until(found, 5);
    await clerk.press("[data-testid=filter]");
    const panel = clerk.page.locator(".dw-panel");
    await fill(clerk, { state: "closed" }, panel);
    await until(found, 1);
    await fill(clerk, { state: "" }, panel);
    await fill(clerk, { max: "50" }, panel);
    await until(found, 4);
    await clerk.go("/finance/documents");
    await clerk.press("[data-testid=filter]");
    await fill(clerk, { party: { pick: other.name } }, panel);
    await until(found, 5);
    await clerk.accessible("the filters of the documents");
  });

  step("the list shows what waits and what is posted", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/documents?view=in_approval");
    await clerk.page.locator("[data-testid=vouchers] tbody tr").first().waitFor();
    await clerk.shot("finance-documents");
    await clerk.accessible("the list of documents");
    // By its amount in the base currency, both ways; the order is in the address.
    await clerk.go(`/finance/documents?from=${year}-01-01&to=${year}-12-31`);
    const amounts = async () =>
      (await clerk.page.locator("[data-testid=vouchers] tbody td.c-theirs").allInnerTexts()).map((cell) => Number(cell.replace(/[^\d.]/g, "")));
    const head = clerk.page.locator("[data-testid=vouchers] th.c-theirs");
    for (const [order, sort, sign] of [["ascending", "amount", 1], ["descending", "-amount", -1]]) {
      await head.locator("button").click();
      await clerk.page.waitForURL((url) => url.searchParams.get("sort") === sort);
      await clerk.settled();
      assert.equal(await head.getAttribute("aria-sort"), order);
      const shown = await amounts();
      assert.ok(shown.length >= 4, `${shown}`);
      assert.deepEqual(shown, shown.toSorted((one, other) => sign * (one - other)));
    }
  });

  step("the trial balance is sorted by a column, and its total stays below", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go(`/finance/ledger/trial?from=${year}-01-01&to=${year}-12-31`);
    const report = clerk.page.locator("[data-testid=report]");
    const head = report.locator("thead th").first();
    await head.waitFor();
    const shown = () => report.locator("tbody tr:not(.total) td:first-child").allInnerTexts();
    const made = await shown();
    assert.ok(made.length > 2, `${made}`);
    for (const [order, wanted] of [["ascending", made.toSorted()], ["descending", made.toSorted().toReversed()], [null, made]]) {
      await head.locator("button").press("Enter");
      await until(() => head.getAttribute("aria-sort"), order);
      assert.deepEqual(await shown(), wanted);
      assert.match(await report.locator("tbody tr").last().getAttribute("class"), /total/);
    }
    await clerk.accessible("the trial balance");
  });
}
