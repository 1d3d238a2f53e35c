// The finance officer's month end: what stands against the close is found, followed and finished, people sign off, the month is
// closed, opened once more for a late voucher, closed and sealed; its book and its statement carry the hash of the seal.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "node:test";

import { call } from "./support/books.mjs";
import { PHONE, WIDE } from "./support/browser.mjs";
import { dialog, download, fill, save } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();
/** Before the years of the demonstration, so that no month of theirs stands before it. */
const YEAR = 2015;
const KEY = "1501-4401-4401001-1-00-2219";
/** Everybody with a right of finance; together they give every sign-off. */
const OFFICE = ["accountant.modee", "controller.modee", "treasurer.modee", "finance.modee"];

for (const lang of ["ar", "en"]) describe(`the month end (${lang})`, () => monthEnd(lang));

function monthEnd(lang) {
  const { someone, people, step } = journey(on, lang);
  // Months close and are sealed in their order, so the second language takes the month after.
  const month = lang === "ar" ? 1 : 2;
  const dated = (day) => `${YEAR}-0${month}-${day}`;
  const days = `from=${dated("01")}&to=${dated(month === 1 ? "31" : "28")}`;
  const supplier = { ar: `مؤسسة القرطاسية ${RUN} ar`, en: `Stationery ${RUN} en` };
  const late = lang === "ar" ? "فاتورة كهرباء متأخرة" : "Late electricity bill";
  /** The address of the cockpit, of a contract, of the voucher that waits, and the hash of the seal: each found on the way. */
  const found = {};

  const state = (person) => person.page.locator("[data-testid=voucher-state]");
  const cockpit = (person, at) => person.page.locator(`[data-testid=cockpit]${at ? `[data-state=${at}]` : ""}`);
  const check = (person, code) => person.page.locator(`[data-testid=findings] [data-check=${code}]`);
  const look = async (username) => {
    const person = people[username];
    await person.go(found.cockpit);
    await cockpit(person).waitFor();
    return person;
  };
  /** Writes a document and sends it for approval; answers its address. */
  const write = async (kind, values, lines, more) => {
    const clerk = people["accountant.modee"];
    await clerk.go(`/finance/documents/new/${kind}`);
    const form = clerk.page.locator("main");
    await form.locator("[name='lines.0.debit']").waitFor();
    const invoice = kind === "payment_voucher" ? { reference_on: dated("09") } : {};
    await fill(clerk, { effective_on: dated("10"), ...invoice, ...values }, form);
    for (const [row, line] of lines.entries()) {
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
  /** The two approvals; with the second one the document is posted. */
  const approve = async (path) => {
    for (const [username, action] of [["controller.modee", "certify"], ["finance.modee", "authorise"]]) {
      const person = people[username];
      await person.go(path);
      await person.action(action);
      await dialog(person).locator("[data-testid=confirm]").click();
      await dialog(person).waitFor({ state: "detached" });
    }
    await state(people["finance.modee"]).getByText(text(lang, "document-state-posted")).waitFor();
  };
  const voucher = (subject, amount) =>
    write("payment_voucher", { subject, reference: `${subject}-${RUN}`, party: { pick: supplier[lang] } }, [{ account: "2219", key: KEY, debit: amount }]);
  /** Everybody gives the sign-offs that are theirs. */
  const signOff = async () => {
    for (const username of OFFICE) {
      const person = await look(username);
      const given = person.page.locator("[data-testid=sign-offs] [data-given=true]");
      const sign = person.page.locator("[data-testid=sign-offs] [data-action=sign]").first();
      while (await sign.isVisible()) {
        const before = await given.count();
        await sign.click();
        await fill(person, { note: `${username} ${RUN}` });
        await dialog(person).locator("[data-testid=confirm]").click();
        await dialog(person).waitFor({ state: "detached" });
        await given.nth(before).waitFor();
        await person.settled();
      }
    }
    const officer = await look("finance.modee");
    await until(() => officer.page.locator("[data-testid=sign-offs] [data-given=false]").count(), 0);
    return officer;
  };
  /** A step of the period through its question. */
  const act = async (officer, action, to) => {
    await officer.press(`main [data-action=${action}]`);
    await dialog(officer).locator("[data-testid=confirm]").click();
    await dialog(officer).waitFor({ state: "detached" });
    await cockpit(officer, to).waitFor();
  };

  step("the year is open, and there is money to spend", async () => {
    for (const username of OFFICE) await someone(username);
    const officer = people["finance.modee"];
    await officer.go("/finance");
    if (lang === "ar") {
      await officer.press("[data-testid=open-year]");
      await fill(officer, { year: String(YEAR) });
      await save(officer);
    }
    const link = officer.page.locator(`[data-testid=periods-${YEAR}] [data-number='${month}'] a`);
    await link.waitFor();
    found.cockpit = await link.getAttribute("href");
    await officer.go("/finance/setup/parties");
    await officer.press("[data-testid=new-row]");
    await fill(officer, { code: `C${lang}${RUN}`, name_ar: supplier.ar, name_en: supplier.en });
    await save(officer);
    const law = lang === "ar" ? "budget_law" : "supplementary";
    await approve(await write(law, { subject: "قانون الموازنة", reference: `${YEAR}/${month}` }, [{ key: KEY, debit: "1,000" }]));
    await approve(await write("financial_order", { subject: "أمر مالي" }, [{ key: KEY, debit: "1,000" }]));
    const contract = { subject: "عقد صيانة", party: { pick: supplier[lang] } };
    found.contract = await write("commitment", contract, [{ key: KEY, debit: "300" }], async (clerk, form) => {
      await clerk.press("[data-testid=add-slice]");
      await form.locator("[name='slice.0']").fill("50");
    });
    await approve(found.contract);
  });

  step("the cockpit shows the month that comes next, and who must sign it by the usual rules", async () => {
    const officer = people["finance.modee"];
    await officer.go("/finance/closing");
    await cockpit(officer, "open").waitFor();
    assert.match(await officer.text("main h1"), new RegExp(String(YEAR)));
    const tab = officer.page.locator("main [role=tab][aria-selected=true]");
    await until(async () => `/finance/closing/${await tab.getAttribute("data-tab")}`, found.cockpit);
    if (lang === "ar") {
      await officer.press("[data-testid=usual-rules]");
      await officer.page.locator("[data-testid=usual-rules]").waitFor({ state: "detached" });
    }
    await officer.page.locator("[data-testid=sign-offs] [data-given=false]").first().waitFor();
    await officer.go("/finance/setup/closing-rules");
    await officer.page.locator("[data-testid=closing-rules] [data-row-id]").first().waitFor();
    await officer.accessible("the closing rules");
  });

  step("a voucher in approval stands against the close: it is found with whom it lies, followed and posted", async () => {
    found.voucher = await voucher(`قرطاسية ${month}`, "120.500");
    const officer = await look("finance.modee");
    const blocks = check(officer, "documents");
    await until(() => blocks.getAttribute("data-severity"), "block");
    await until(() => blocks.getAttribute("data-count"), "1");
    await officer.sees(text(lang, "closing-stopped"));
    await until(() => officer.page.locator("main [data-action=close]").isDisabled());
    const link = blocks.locator("[data-row-id] a").first();
    assert.match(await link.innerText(), /قرطاسية/);
    await officer.shot("closing-blocked");
    await officer.accessible("the cockpit of a month that is not ready");
    await officer.page.setViewportSize(PHONE);
    await officer.fits("the cockpit");
    await officer.shot("closing-blocked-narrow");
    await officer.accessible("the cockpit on a phone");
    await officer.page.setViewportSize(WIDE);
    await link.click();
    await officer.page.waitForURL((url) => url.pathname === found.voucher);
    await state(officer).waitFor();
    await approve(found.voucher);
    await look("finance.modee");
    await until(() => check(officer, "documents").getAttribute("data-count"), "0");
  });

  step("everybody signs off, and what is only a warning is accepted with a reason", async () => {
    const officer = await signOff();
    const accept = officer.page.locator("[data-testid=findings] [data-action=accept]");
    for (let left = await accept.count(); left > 0; left -= 1) {
      await accept.first().click();
      await fill(officer, { reason: "تُتابع في الشهر التالي" });
      await dialog(officer).locator("[data-testid=confirm]").click();
      await dialog(officer).waitFor({ state: "detached" });
      await accept.nth(left - 1).waitFor({ state: "detached" });
    }
    await officer.sees(text(lang, "closing-clear"));
    await officer.shot("closing-ready");
    await officer.accessible("the cockpit of a month that is ready");
  });

  step("who only reads sees it all and no way to close it", async () => {
    const reader = await look("accountant.modee");
    for (const action of ["close", "soft-close", "reopen", "seal", "accept"]) {
      assert.equal(await reader.page.locator(`main [data-action=${action}]`).count(), 0, action);
    }
    const paper = await download(reader, "main [data-action=print]");
    assert.equal(paper.bytes.subarray(0, 5).toString(), "%PDF-");
  });

  step("the month is closed softly, then closed; opened again, a late voucher is listed with what it touched", async () => {
    const officer = await look("finance.modee");
    await act(officer, "soft-close", "soft_closed");
    await act(officer, "close", "closed");
    await officer.press("main [data-action=reopen]");
    await fill(officer, { hours: "24", reason: late });
    await save(officer);
    await cockpit(officer, "open").waitFor();
    await officer.sees(text(lang, "period-open-until"));
    await approve(await voucher(late, "30"));
    await look("finance.modee");
    await officer.press("[data-testid=reopenings] [data-action=touched]");
    const touched = officer.page.locator("[data-testid=touched] tbody tr");
    await touched.filter({ hasText: late }).waitFor();
    await until(() => touched.count(), 1);
    const sheet = await download(officer, "[data-testid=reopenings] [data-action=export]");
    assert.match(sheet.name, /^reopening-\d+\.xlsx$/);
    // What was signed was signed before.
    await officer.page.locator("[data-testid=sign-offs] [data-given=false]").first().waitFor();
    await officer.shot("closing-reopened");
    await officer.accessible("a month that was opened again");
    await signOff();
    await act(officer, "close", "closed");
  });

  step("the month is sealed, and its hash is copied", async () => {
    const officer = people["finance.modee"];
    await officer.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await act(officer, "seal", "sealed");
    found.root = await officer.text("[data-testid=root]");
    assert.match(found.root, /^[0-9a-f]{64}$/);
    await officer.press("[data-testid=copy-root]");
    await officer.page.getByText(text(lang, "closing-copied")).waitFor();
    await until(() => officer.page.evaluate(() => navigator.clipboard.readText()), found.root);
    await officer.shot("closing-sealed");
    await officer.accessible("a sealed month");
    await officer.page.setViewportSize(PHONE);
    await officer.fits("a sealed month");
    await officer.page.setViewportSize(WIDE);
  });

  step("the book proves the hash without the server, and no longer once a figure in it is changed", async () => {
    const officer = people["finance.modee"];
    const file = await download(officer, "[data-testid=book]");
    assert.ok(file.name.endsWith(".jsonl"), file.name);
    const folder = mkdtempSync(join(tmpdir(), "diwan-book-"));
    try {
      const book = join(folder, file.name);
      const verify = (bytes) => {
        writeFileSync(book, bytes);
        return execFileSync(process.env.DIWAN ?? "diwan", ["verify-books", book], { encoding: "utf8", stdio: "pipe" });
      };
      assert.match(verify(file.bytes), new RegExp(found.root));
      const changed = file.bytes.toString().replace("120500", "120501");
      assert.notEqual(changed, file.bytes.toString());
      assert.throws(() => verify(changed));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  step("a statement of the month is printed with the hash", async () => {
    const officer = people["finance.modee"];
    await officer.go(`/finance/reports/cash?${days}`);
    await officer.page.locator("[data-testid=report]").waitFor();
    const file = await download(officer, "[data-action=print]");
    const words = execFileSync("pdftotext", ["-", "-"], { input: file.bytes, encoding: "utf8" });
    // It stands in groups of eight digits.
    for (const group of found.root.match(/.{8}/g)) assert.ok(words.includes(group), words);
  });

  step("what is sealed stays sealed", async () => {
    const officer = await look("finance.modee");
    assert.equal(await officer.page.locator("main [data-action=reopen]").count(), 0);
    const id = found.cockpit.split("/").at(-1);
    const refused = await officer.page.evaluate(async (id) => {
      const { period } = await (await fetch(`/api/finance/periods/${id}/cockpit`)).json();
      const token = /diwan_csrf=([^;]+)/.exec(document.cookie)[1];
      const headers = { "Content-Type": "application/json", "X-Diwan-CSRF": token, "If-Match": `"${period.version}"`, "Idempotency-Key": crypto.randomUUID() };
      const answer = await fetch(`/api/finance/periods/${id}/reopen`, { method: "POST", headers, body: JSON.stringify({ hours: 1, reason: "x" }) });
      return { status: answer.status, code: (await answer.json()).code };
    }, id);
    assert.deepEqual(refused, { status: 409, code: "wrong_state" });
    await officer.go("/finance");
    const row = officer.page.locator(`[data-testid=periods-${YEAR}] [data-number='${month}']`);
    await row.getByText(text(lang, "period-state-sealed")).waitFor();
    assert.equal(await row.locator("[data-action=reopen]").count(), 0);
  });

  step("the end of the year is looked at: what is missing, the result, and the commitment that is carried forward", async () => {
    const officer = people["finance.modee"];
    const year = officer.page.locator("main section").filter({ has: officer.page.locator(`[data-testid=periods-${YEAR}]`) });
    await year.locator("header a").click();
    await officer.page.locator("[data-testid=year-end]").waitFor();
    if (lang === "ar") {
      await officer.press("[data-testid=year-end-begin]");
      await dialog(officer).locator("[data-testid=confirm]").click();
      await dialog(officer).waitFor({ state: "detached" });
    }
    await officer.page.locator("[data-testid=year-end][data-state=draft]").waitFor();
    const met = (code) => officer.page.locator(`[data-testid=conditions] [data-condition=${code}]`).getAttribute("data-met");
    await until(() => met("months_closed"), "false");
    await until(() => officer.page.locator("[data-testid=year-end-prepare]").isDisabled());
    await officer.page.locator("[data-testid=nominal] summary").click();
    await officer.page.locator("[data-testid=nominal-accounts]").getByText("2219").first().waitFor();
    const undecided = officer.page.locator("[data-testid=year-end-commitments] tbody tr").filter({ hasText: text(lang, "year-end-only-undecided") });
    await undecided.first().locator("input[type=checkbox]").check();
    await officer.press("main [data-action=carry]");
    await fill(officer, { reason: "العقد مستمر" });
    await dialog(officer).locator("[data-testid=confirm]").click();
    await dialog(officer).waitFor({ state: "detached" });
    await undecided.first().waitFor({ state: "detached" });
    await officer.sees(text(lang, "year-end-decision-carry"), "[data-testid=year-end-commitments] tbody");
    await officer.shot("year-end");
    await officer.accessible("the end of a year");
    await officer.page.setViewportSize(PHONE);
    await officer.fits("the end of a year");
    await officer.shot("year-end-narrow");
    await officer.page.setViewportSize(WIDE);
  });

  step("what contracts take from the next year stands there, and the slice that has fallen due is offered", async () => {
    const officer = people["finance.modee"];
    await officer.page.locator("main a[href*='reports/obligations']").click();
    const coming = officer.page.locator("[data-testid=report] tbody tr").filter({ hasText: String(YEAR + 1) });
    // Beside the second language's contract stands that of the first.
    await coming.filter({ hasText: KEY }).getByText(lang === "ar" ? "50.000" : "100.000").waitFor();
    const clerk = people["accountant.modee"];
    await clerk.go(found.contract);
    await clerk.action("slice");
    await dialog(clerk).locator("[name=on]").fill(`${YEAR + 1}-01-10`);
    await clerk.accessible("taking over a slice");
    await dialog(clerk).locator("[data-testid=confirm]").click();
    // Its year is not open: that is said, and nothing is drafted.
    await dialog(clerk).locator(".dw-alert").first().waitFor();
    assert.equal(new URL(clerk.page.url()).pathname, found.contract);
    // Once it is, the commitment of that year is drafted: in the second language, the first leaves the year closed for it.
    if (lang === "ar") return;
    await call(officer, "POST", "/api/finance/years", { body: { year: YEAR + 1 } });
    await dialog(clerk).locator("[data-testid=confirm]").click();
    await clerk.page.waitForURL((url) => url.pathname !== found.contract);
    await state(clerk).getByText(text(lang, "document-state-draft")).waitFor();
    await clerk.page.locator("[data-testid=voucher-lines] tbody").getByText("50.000").first().waitFor();
    await clerk.page.locator(`main a[href='${found.contract}']`).first().waitFor();
  });
}
