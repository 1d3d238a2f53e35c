// The treasurer pays what is posted: a run goes to the bank as a file and is executed, a transfer comes back, a cheque is
// written and handed over, cash is paid out of a box; the accountant remits what was deducted.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { day } from "./support/days.mjs";
import { dialog, download, fill, row, save, tick } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";
import { iban, vouchers } from "./support/vouchers.mjs";

const on = stage();
const KEY = "1501-4401-4401001-1-00-2219";

for (const lang of ["ar", "en"]) describe(`payments (${lang})`, () => payments(lang));

function payments(lang) {
  const { someone, people, step } = journey(on, lang);
  const { openYear, setUp, post } = vouchers(people, lang);
  // Each language has an account of the chart, payees and numbers of its own.
  const [own, chart, chest] = lang === "ar" ? ["01", "620201", "620202"] : ["02", "620205", "620203"];
  const account = `حساب الصرف ${RUN} ${lang}`;
  const payee = { paid: `مطبعة ${RUN} ${lang}`, bare: `ورشة ${RUN} ${lang}`, tax: `دائرة الضريبة ${RUN} ${lang}` };
  const about = { first: `قرطاسية ${RUN} ${lang}`, back: `أحبار ${RUN} ${lang}`, bare: `صيانة ${RUN} ${lang}`, cheque: `دفاتر ${RUN} ${lang}`, cash: `ضيافة ${RUN} ${lang}` };
  const [box, taker] = [`الصندوق ${RUN} ${lang}`, `مندوب ${RUN} ${lang}`];
  const confirm = async (person, values = {}) => {
    await fill(person, values);
    await dialog(person).locator("[data-testid=confirm]").click();
    await dialog(person).waitFor({ state: "detached" });
    await person.settled();
  };
  const act = async (person, action, values) => {
    await person.action(action);
    await confirm(person, values);
  };
  const state = (person, code) =>
    person.page.locator("[data-testid=run-state]").getByText(text(lang, `payment-run-state-${code}`)).waitFor();
  /** What an action out of the menu downloads. */
  const file = async (person, action) => {
    const coming = person.page.waitForEvent("download");
    await person.action(action);
    const parts = [];
    for await (const part of await (await coming).createReadStream()) parts.push(part);
    return Buffer.concat(parts).toString("utf8");
  };
  let run = "";
  // The bank's number of the account.
  const number = `0010${own}${Date.now()}`.padStart(22, "0");

  step("four vouchers are posted: three to be paid by transfer, one by cheque", async () => {
    for (const name of ["finance.modee", "accountant.modee", "controller.modee", "treasurer.modee"]) await someone(name);
    await openYear();
    await setUp("bank-accounts", { code: `T${lang}${RUN}`, name_ar: account, number, iban: iban("CBJO", number), currency: "JOD", account_id: { pick: chart } });
    await setUp("parties", { code: `A${lang}${RUN}`, name_ar: payee.paid, iban: iban("ARAB", `0020${own}`.padEnd(22, "7")) });
    await setUp("parties", { code: `B${lang}${RUN}`, name_ar: payee.bare });
    await setUp("parties", { code: `C${lang}${RUN}`, kind: "government", name_ar: payee.tax, iban: iban("CBJO", `0030${own}`.padEnd(22, "5")) });
    await post("supplementary", { subject: "ملحق موازنة", reference: `${RUN}${own}` }, [{ key: KEY, debit: "1,000" }]);
    await post("financial_order", { subject: "أمر مالي عام" }, [{ key: KEY, debit: "1,000" }]);
    await post("release", { subject: "حوالة مالية" }, [{ key: KEY, debit: "1,000" }]);
    const voucher = (subject, party, debit, more = [], method = "transfer") =>
      post("payment_voucher", { subject, reference: `INV-${subject}`, party: { pick: party }, method },
        [{ account: "2219", key: KEY, debit }, ...more]);
    await voucher(about.first, payee.paid, "100", [{ account: "630811", credit: "5" }]);
    await voucher(about.back, payee.paid, "50");
    await voucher(about.bare, payee.bare, "30");
    await voucher(about.cheque, payee.paid, "40", [], "cheque");
  });

  step("the treasurer begins a run", async () => {
    const treasurer = people["treasurer.modee"];
    await treasurer.go("/finance/payments");
    await treasurer.shot("payment-runs");
    await treasurer.accessible("the payment runs");
    await treasurer.press("[data-testid=new-run]");
    await confirm(treasurer, { bank_account_id: { pick: account }, subject: `دفعة ${RUN} ${lang}`, pay_on: day() });
    await row(treasurer, about.first).waitFor();
  });

  step("what is due is ticked and added; what has no IBAN is left out with the reason", async () => {
    const treasurer = people["treasurer.modee"];
    assert.equal(await row(treasurer, about.cheque).count(), 0);
    for (const subject of [about.first, about.back, about.bare]) {
      await row(treasurer, subject).locator("input[type=checkbox]").check();
    }
    await treasurer.shot("payment-proposal");
    await treasurer.accessible("the proposal for a run");
    await treasurer.press("[data-testid=add-ticked]");
    const refused = treasurer.page.locator("[data-testid=payment-refused] tbody tr");
    await refused.filter({ hasText: payee.bare }).waitFor();
    await until(() => refused.count(), 1);
    await treasurer.page.locator(".dw-alert").getByRole("link", { name: text(lang, "payment-back") }).click();
    await treasurer.page.locator("[data-testid=payment-items] tbody tr").nth(1).waitFor();
    assert.match(await treasurer.text("[data-testid=run-amount]"), /145\.000/);
    run = new URL(treasurer.page.url()).pathname;
    assert.equal(await treasurer.page.locator("[data-action=approve]").count(), 0);
  });

  step("the finance manager approves it", async () => {
    const manager = people["finance.modee"];
    await manager.go(run);
    await act(manager, "approve");
    await state(manager, "approved");
    await manager.page.locator("[data-testid=run-number]").waitFor();
  });

  step("it is sent, and its files are the bank's forms", async () => {
    const treasurer = people["treasurer.modee"];
    await treasurer.go(run);
    await act(treasurer, "send");
    await state(treasurer, "sent");
    const pain = await file(treasurer, "pain");
    assert.match(pain, /pain\.001\.001\.09/);
    assert.match(pain, /145\.000/);
    assert.equal((await file(treasurer, "csv")).trim().split("\n").length >= 2, true);
    await treasurer.shot("payment-run");
    await treasurer.accessible("a payment run");
  });

  step("the bank executes it, and one transfer comes back", async () => {
    const treasurer = people["treasurer.modee"];
    await act(treasurer, "execute", { on: day() });
    await state(treasurer, "executed");
    await treasurer.settled();
    const items = treasurer.page.locator("[data-testid=payment-items] tbody tr");
    const back = items.filter({ hasText: "50.000" });
    await back.locator("input[type=checkbox]").check();
    await treasurer.press("[data-action=items-return]");
    await confirm(treasurer, { on: day(), reason: "الحساب مغلق" });
    await back.getByText(text(lang, "payment-item-state-returned")).waitFor();
    await treasurer.shot("payment-returned");
    await treasurer.accessible("an executed run");
    await treasurer.go("/finance/payments/payable");
    await row(treasurer, about.back).waitFor();
    assert.equal(await row(treasurer, about.first).count(), 0);
    await treasurer.go(run);
    await items.filter({ hasText: "95.000" }).locator("a").first().click();
    await treasurer.sees(about.first);
  });

  step("what the bank says of a transfer is matched, and leads from the statement to the run", async () => {
    const treasurer = people["treasurer.modee"];
    const on = day().replaceAll("-", "").slice(2);
    const statement = `:20:RUN${own}\n:25:${number}\n:28C:1/1\n:60F:C${on}JOD0,\n:61:${on}D95,000NTRFNONREF\n:86:Transfer\n:62F:D${on}JOD95,000\n-\n`;
    const among = (list, words) => treasurer.page.locator(`[data-testid=${list}] tbody tr`).filter({ hasText: words }).first();
    await treasurer.go("/finance/bank");
    await among("bank-accounts", account).locator("a").first().click();
    await treasurer.press("[data-testid=bring-statement]");
    await dialog(treasurer).locator("input[type=file]").setInputFiles([{ name: "run.sta", mimeType: "text/plain", buffer: Buffer.from(statement) }]);
    await dialog(treasurer).locator("[data-testid=import-statement]").click();
    await dialog(treasurer).waitFor({ state: "detached" });
    const at = new URL(treasurer.page.url()).pathname;
    await treasurer.go(`${at}/desk`);
    await treasurer.press("[data-testid=accept-certain]");
    await treasurer.page.locator("[data-testid=proposals]").waitFor({ state: "detached" });
    await treasurer.go(at);
    await among("bank-statements", `RUN${own}`).locator("a").first().click();
    await treasurer.page.locator(`[data-testid=bank-lines] a[href='${run}']`).click();
    await state(treasurer, "executed");
  });

  step("a cheque takes the next leaf of a book, is handed over and cleared", async () => {
    const treasurer = people["treasurer.modee"];
    await treasurer.go("/finance/payments/books");
    await treasurer.press("[data-testid=new-book]");
    await confirm(treasurer, { bank_account_id: { pick: account }, series: lang.toUpperCase(), first: "1001", last: "1050" });
    await treasurer.page.locator("[data-testid=cheque-books]").getByText(`${lang.toUpperCase()}1050`).waitFor();
    await treasurer.accessible("the cheque books");
    await treasurer.go("/finance/payments/payable?method=cheque");
    await row(treasurer, about.cheque).locator("[data-action=issue]").click();
    await dialog(treasurer).locator("[name=book_id]").selectOption({ label: `${account} · ${lang.toUpperCase()}1001` });
    await confirm(treasurer, { on: day() });
    await treasurer.page.locator("[data-testid=cheque]").waitFor();
    await act(treasurer, "hand_over", { on: day(), note: "مندوب المطبعة" });
    await treasurer.sees("مندوب المطبعة");
    await act(treasurer, "clear", { on: day() });
    await act(treasurer, "unclear", { on: day(), note: "سُجّل صرفه خطأً" });
    await act(treasurer, "clear", { on: day() });
    await treasurer.page.locator("main").getByText(text(lang, "cheque-state-cleared"), { exact: true }).first().waitFor();
    await treasurer.shot("payment-cheque");
    await treasurer.accessible("a cheque");
    await treasurer.go("/finance/payments/cheques");
    await row(treasurer, `${lang.toUpperCase()}1001`).waitFor();
    await treasurer.shot("payment-cheques");
    await treasurer.accessible("the register of cheques");
    const sheet = await download(treasurer, "[data-action=export]");
    assert.ok(sheet.name.endsWith(".xlsx"), sheet.name);
  });

  step("a voucher is paid in cash out of a box, with a receipt, and the money comes back", async () => {
    const [manager, treasurer] = [people["finance.modee"], people["treasurer.modee"]];
    await manager.go("/finance/setup/bank-accounts");
    await manager.press("[data-testid=new-row]");
    await fill(manager, { code: `C${lang}${RUN}`, name_ar: box, number: own, currency: "JOD", account_id: { pick: chest } });
    await tick(manager, text(lang, "import-column-cash"));
    await save(manager);
    await post("journal_voucher", { subject: `تغذية الصندوق ${RUN} ${lang}` },
      [{ account: chest, debit: "100" }, { account: chart, credit: "100" }]);
    await post("payment_voucher", { subject: about.cash, reference: `INV-${about.cash}`, party: { pick: payee.paid }, method: "cash" },
      [{ account: "2219", key: KEY, debit: "25" }]);
    await treasurer.go("/finance/payments/payable?method=cash");
    await row(treasurer, about.cash).locator("[data-action=pay_cash]").click();
    await dialog(treasurer).locator("[name=bank_account_id]").selectOption({ label: box });
    await confirm(treasurer, { taken_by: taker, identity: "9871012345", on: day() });
    const paid = treasurer.page.locator("[data-testid=cash-payment]");
    await paid.getByText(taker).waitFor();
    await treasurer.shot("payment-cash-receipt");
    await treasurer.accessible("a payment in cash");
    assert.match(await file(treasurer, "print"), /^%PDF-/);
    await act(treasurer, "cancel", { on: day(), reason: "خطأ في المستلم" });
    await paid.getByText("خطأ في المستلم").waitFor();
    await treasurer.go("/finance/payments/cash");
    await row(treasurer, taker).waitFor();
    await treasurer.accessible("the register of cash payments");
    await treasurer.go("/finance/payments/payable?method=cash");
    await row(treasurer, about.cash).waitFor();
  });

  step("the accountant remits what was deducted", async () => {
    const clerk = people["accountant.modee"];
    await clerk.go("/finance/payments/deductions");
    // Each month has a row of its own; the demonstration has deductions in the months before.
    const month = day().slice(0, 7);
    const rows = clerk.page.locator("[data-testid=deduction-rows]");
    const open = rows.locator(`tr[data-code='630811'][data-month^='${month}']:has([data-action=remit])`);
    await open.first().waitFor();
    await clerk.settled();
    const count = await open.count();
    await clerk.shot("payment-deductions");
    await clerk.accessible("the deductions");
    await open.first().locator("[data-action=remit]").click();
    await confirm(clerk, { party_id: { pick: payee.tax }, on: day() });
    await clerk.page.locator("[data-testid=voucher-state]").waitFor();
    await clerk.page.locator("[data-testid=voucher-lines]").getByText("630811").first().waitFor();
    await clerk.go("/finance/payments/deductions");
    await rows.waitFor();
    await until(() => open.count(), count - 1);
  });

  step("everything fits a phone", async () => {
    const treasurer = people["treasurer.modee"];
    await treasurer.page.setViewportSize(PHONE);
    for (const [name, path] of Object.entries({
      "payment-run": run,
      "payment-runs": "/finance/payments",
      "payment-payable": "/finance/payments/payable",
      "payment-books": "/finance/payments/books",
      "payment-cash": "/finance/payments/cash",
      "payment-deductions": "/finance/payments/deductions",
    })) {
      await treasurer.go(path);
      await treasurer.page.waitForSelector("main h1");
      await treasurer.fits(name);
      await treasurer.accessible(`${name} on a phone`);
      await treasurer.shot(`${name}-narrow`);
    }
  });
}
