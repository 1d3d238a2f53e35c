// Who reads the books of a year in which nothing is posted yet: every page says what comes next, and is taken along as a file.
// In the year that is under way a figure is followed down to the paper behind it.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { books } from "./support/books.mjs";
import { PHONE, WIDE } from "./support/browser.mjs";
import { day } from "./support/days.mjs";
import { pdf } from "./support/files.mjs";
import { download, fill, save } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { vouchers } from "./support/vouchers.mjs";

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

  const given = books(people);
  /** The days of the year under way, a receipt of it, and an advance that is to be paid. */
  const now = { days: `from=${day().slice(0, 4)}-01-01&to=${day().slice(0, 4)}-12-31`, receipt: 0, entry: 0, advance: 0 };
  const payee = `مستفيد ${RUN} ${lang}`;
  const rows = (person) => person.page.locator("[data-testid=report] tbody tr");
  const ofAccount = (person, code) => rows(person).filter({ has: person.page.getByRole("link", { name: code, exact: true }) });
  const document = (id) => `a[href='/finance/documents/${id}']`;

  step("a receipt with its file, and an advance, are posted today", async () => {
    for (const username of ["accountant.modee", "controller.modee"]) await someone(username);
    await vouchers(people, lang).openYear();
    const clerk = people["accountant.modee"];
    const receipt = { kind: "receipt", effective_on: day(), subject: `أثمان مطبوعات ${RUN} ${lang}`, lines: [{ account: "1422", credit: "75" }] };
    now.receipt = await given.draft(receipt);
    await clerk.go(`/finance/documents/${now.receipt}?tab=files`);
    await clerk.page.locator("main input[type=file]").setInputFiles([{ name: "إيصال.pdf", mimeType: "application/pdf", buffer: pdf("Receipt") }]);
    await clerk.page.locator("main .dw-linkish").filter({ hasText: "إيصال.pdf" }).waitFor();
    await clerk.settled();
    await given.step("accountant.modee", now.receipt, "submit");
    await given.approve(now.receipt);
    now.entry = (await given.read(now.receipt)).entry_id;
    const party_id = await given.party(`R${lang}${RUN}`, payee);
    const advance = { kind: "advance", effective_on: day(), subject: `سلفة ${RUN} ${lang}`, party_id, method: "transfer", due_on: day() };
    now.advance = await given.posted({ ...advance, lines: [{ account: "620801", debit: "30" }] });
  });

  step("a figure of a statement is followed to its account, its entry, its document and the file of it", async () => {
    const officer = people["finance.modee"];
    await officer.go(`/finance/reports/performance?${now.days}`);
    await officer.press("[data-testid=report] a[href*='row=other']");
    await ofAccount(officer, "1422").waitFor();
    const figure = (await ofAccount(officer, "1422").locator("td.dw-amt").first().innerText()).trim();
    await ofAccount(officer, "1422").getByRole("link", { name: "1422", exact: true }).click();
    const line = rows(officer).filter({ has: officer.page.locator(`a[href='/finance/ledger/entry/${now.entry}']`) });
    await line.getByText("75.000").first().waitFor();
    // What the account closes with is what the statement says.
    await officer.page.locator("main dl").getByText(figure).first().waitFor();
    await officer.shot("finance-account-statement");
    await officer.accessible("the statement of an account");
    await line.locator("a").first().click();
    await ofAccount(officer, "1422").getByText("75.000").waitFor();
    await officer.accessible("an entry");
    await officer.press(`main ${document(now.receipt)}`);
    await officer.page.locator("[data-testid=voucher-number]").waitFor();
    await officer.press("[data-tab=files]");
    await officer.page.locator("main .dw-linkish").filter({ hasText: "إيصال.pdf" }).click();
    await officer.page.locator(".dw-pdf canvas").first().waitFor();
    await officer.go(`/finance/ledger/trial?${now.days}`);
    await ofAccount(officer, "1422").getByText(figure).first().waitFor();
  });

  step("a figure of a party in the trial balance is followed to its lines alone", async () => {
    const officer = people["finance.modee"];
    const narrowed = `${now.days}&q=${encodeURIComponent(payee)}`;
    await officer.go(`/finance/ledger/trial?${narrowed}&by=account&then=party`);
    await ofAccount(officer, "620801").locator("a").first().click();
    await officer.page.waitForURL(/only=party/);
    await rows(officer).filter({ has: officer.page.locator("a[href*='/finance/ledger/entry/']") }).getByText("30.000").first().waitFor();
    assert.equal(await rows(officer).count(), 1);
    await officer.page.locator("main dl").getByText(payee).first().waitFor();
    // A party without an account leads to its accounts first.
    await officer.go(`/finance/ledger/trial?${narrowed}&by=party`);
    await officer.press("[data-testid=report] a[href*='only=party']");
    await ofAccount(officer, "620801").getByText("30.000").first().waitFor();
  });

  step("the journal and the arrears by age show what was posted", async () => {
    const officer = people["finance.modee"];
    await officer.go(`/finance/ledger?${now.days}`);
    const entry = rows(officer).filter({ has: officer.page.locator(`a[href='/finance/ledger/entry/${now.entry}']`) });
    await entry.getByText("75.000").waitFor();
    await officer.accessible("the journal");
    await officer.go(`/finance/reports/arrears?to=${day()}&q=${encodeURIComponent(payee)}`);
    const owed = rows(officer).filter({ has: officer.page.locator(document(now.advance)) });
    await owed.getByText("30.000").first().waitFor();
    await officer.shot("finance-arrears");
    await officer.accessible("the arrears by age");
    await owed.locator("a").first().click();
    await officer.page.locator("[data-testid=voucher-number]").waitFor();
    await officer.sees(payee);
  });
}
