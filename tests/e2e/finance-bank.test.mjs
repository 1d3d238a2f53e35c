// The treasurer brings a statement, matches it with the books at the desk, and submits a reconciliation; the finance manager
// approves it.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { books } from "./support/books.mjs";
import { PHONE } from "./support/browser.mjs";
import { dialog, download, fill, save } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();

for (const lang of ["ar", "en"]) describe(`the bank (${lang})`, () => bank(lang));

function bank(lang) {
  const { someone, people, step } = journey(on, lang);
  const given = books(people);
  // Each language has a year, an account of the chart and a number at the bank of its own.
  const year = lang === "ar" ? 2042 : 2041;
  const short = String(year).slice(2);
  const number = `13100${year}`;
  const chart = lang === "ar" ? "620201" : "620205";
  /** The address of the account. */
  let account = "";
  const name = `حساب ${RUN} ${lang}`;
  const statement = (closing) => `:20:JAN${year}\n:25:${number}\n:28C:1/1\n:60F:C${short}0101JOD100,\n` +
    `:61:${short}0105C700,500NTRFNONREF\n:86:Deposit DEP-${year}\n:61:${short}0106D1,250NCHGNONREF\n:86:Fee\n` +
    `:61:${short}0106D1,250NCHGNONREF\n:86:Fee\n:62F:C${short}0131JOD${closing}\n-\n`;
  const give = async (person, content) => {
    const file = { name: "january.sta", mimeType: "text/plain", buffer: Buffer.from(content) };
    await dialog(person).locator("input[type=file]").setInputFiles([file]);
    await person.settled();
  };
  const row = (person, list, words) => person.page.locator(`[data-testid=${list}] tbody tr`).filter({ hasText: words }).first();

  step("an account of the bank is there to be reconciled", async () => {
    const manager = await someone("finance.modee");
    await manager.go("/finance");
    await manager.press("[data-testid=open-year]");
    await fill(manager, { year: String(year) });
    await save(manager);
    await manager.go("/finance/setup/bank-accounts");
    await manager.press("[data-testid=new-row]");
    await fill(manager, { code: `B${lang}${RUN}`, name_ar: name, number, currency: "JOD", account_id: { pick: chart } });
    await save(manager);
  });

  step("a statement that does not add up is refused with the numbers and leaves nothing", async () => {
    const treasurer = await someone("treasurer.modee");
    await treasurer.go("/finance/bank");
    await treasurer.accessible("the bank accounts");
    await treasurer.shot("bank-accounts");
    await row(treasurer, "bank-accounts", name).locator("a").first().click();
    await treasurer.press("[data-testid=bring-statement]");
    await give(treasurer, statement("799,000"));
    const refused = dialog(treasurer).locator("[data-testid=statement-refused]");
    await refused.waitFor();
    assert.match(await refused.innerText(), /799/);
    assert.equal(await dialog(treasurer).locator("[data-testid=import-statement]").count(), 0);
    await treasurer.shot("bank-refused");
  });

  step("the statement is looked at, imported, and read line by line", async () => {
    const treasurer = people["treasurer.modee"];
    await give(treasurer, statement("798,000"));
    await dialog(treasurer).locator("[data-testid=statement-preview]").waitFor();
    await treasurer.shot("bank-preview");
    await treasurer.accessible("the preview of a statement");
    await dialog(treasurer).locator("[data-testid=import-statement]").click();
    await dialog(treasurer).waitFor({ state: "detached" });
    await row(treasurer, "bank-statements", `JAN${year}`).locator("a").first().click();
    await treasurer.page.locator("[data-testid=bank-lines] tbody tr").nth(3).waitFor();
    await treasurer.shot("bank-statement");
    await treasurer.accessible("a statement");
    const file = await download(treasurer, "[data-testid=export-statement]");
    assert.equal(file.name, "statement.xlsx");
    await treasurer.page.goBack();
    await treasurer.settled();
  });

  step("the desk shows both sides with reasons, on a phone too", async () => {
    const treasurer = people["treasurer.modee"];
    account = new URL(treasurer.page.url()).pathname;
    await treasurer.press("[data-testid=open-desk]");
    await treasurer.page.locator("[data-testid=desk-bank] li").nth(3).waitFor();
    await treasurer.sees(text(lang, "unmatched-no-candidate"));
    await treasurer.page.locator("[data-testid=desk-bank] input[type=checkbox]").first().focus();
    await treasurer.page.keyboard.press("Space");
    await until(() => treasurer.page.locator("[data-testid=match-chosen]").isDisabled());
    await treasurer.shot("bank-desk");
    await treasurer.accessible("the matching desk");
    const wide = treasurer.page.viewportSize();
    await treasurer.page.setViewportSize(PHONE);
    await until(() => treasurer.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth + 1));
    await treasurer.shot("bank-desk-narrow");
    await treasurer.page.setViewportSize(wide);
  });

  step("a proposal is accepted, a line is matched by hand, and a match is undone", async () => {
    for (const username of ["accountant.modee", "controller.modee"]) await someone(username);
    const treasurer = people["treasurer.modee"];
    const receive = (day, credit) =>
      given.posted({ kind: "receipt", effective_on: `${year}-01-${day}`, subject: `إيداع ${day}`, counter: chart, lines: [{ account: "1421", credit }] });
    await receive("05", "700.500");
    // So long after what the bank began with that a person has to say that they belong together.
    await receive("28", "100");
    await treasurer.go(`${account}/desk`);
    const proposal = treasurer.page.locator("[data-testid=proposals] li");
    assert.equal(await proposal.getAttribute("data-rule"), "exact");
    await treasurer.shot("bank-desk-proposal");
    await treasurer.accessible("a proposal of the desk");
    await proposal.locator("[data-action=accept]").click();
    await proposal.waitFor({ state: "detached" });
    const sides = ["desk-bank", "desk-books"].map((side) => treasurer.page.locator(`[data-testid=${side}] li`).filter({ hasText: "100.000" }));
    for (const line of sides) await line.locator("input[type=checkbox]").check();
    await treasurer.press("[data-testid=match-chosen]");
    for (const line of sides) await line.waitFor({ state: "detached" });
    const undone = async () => {
      await treasurer.go(account);
      await row(treasurer, "bank-statements", `JAN${year}`).locator("a").first().click();
      const undo = row(treasurer, "bank-lines", "700.500").locator("[data-action=undo-match]");
      await undo.click();
      await undo.waitFor({ state: "detached" });
      await treasurer.go(`${account}/desk`);
    };
    await undone();
    // A proposal is no decision: what it has is found on both sides as well, and what is ticked stays while another is searched for.
    const find = treasurer.page.locator("main [name=find]");
    for (const [side, words] of [["desk-bank", `DEP-${year}`], ["desk-books", "إيداع 05"]]) {
      await find.fill(words);
      await treasurer.page.locator(`[data-testid=${side}] li`).filter({ hasText: "700.500" }).locator("input[type=checkbox]").check();
    }
    await treasurer.page.locator("[data-testid=desk-bank] li").filter({ hasText: `DEP-${year}` }).locator("input:checked").waitFor();
    await treasurer.accessible("what two searches found");
    await treasurer.press("[data-testid=match-chosen]");
    await proposal.waitFor({ state: "detached" });
    await undone();
    await treasurer.press("[data-testid=accept-certain]");
    await proposal.waitFor({ state: "detached" });
  });

  step("a reconciliation is submitted by one and approved by another", async () => {
    const treasurer = people["treasurer.modee"];
    await treasurer.go(account);
    const begin = row(treasurer, "bank-statements", `JAN${year}`).locator("[data-action=begin-reconciliation]");
    // A draft that is given up leaves the account as it was.
    await begin.click();
    await treasurer.press("[data-testid=void]");
    await dialog(treasurer).locator("[data-testid=confirm]").click();
    await begin.click();
    // What is matched explains itself; the two fees are left.
    await treasurer.page.locator("[data-testid=bank-items] tbody tr").nth(1).waitFor();
    const at = new URL(treasurer.page.url()).pathname;
    await treasurer.press("[data-testid=submit]");
    await treasurer.sees(text(lang, "reconciliation-waits-text"));
    assert.equal(await treasurer.page.locator("[data-testid=approve]").count(), 0);
    const manager = people["finance.modee"];
    await manager.go(at);
    await manager.press("[data-testid=approve]");
    await dialog(manager).locator("[data-testid=confirm]").click();
    await dialog(manager).waitFor({ state: "detached" });
    await manager.page.getByText(text(lang, "reconciliation-state-approved"), { exact: true }).first().waitFor();
    await manager.shot("bank-reconciliation");
    await manager.accessible("a reconciliation");
    const file = await download(manager, "[data-testid=export]");
    assert.equal(file.name, "reconciliation.xlsx");
  });
}
