// The finance manager sets up what documents name: a supplier, suppliers out of a table, a part of the key, a rate, a limit.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { dialog, download, fill, refused, row, save, search } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";

const on = stage();

for (const lang of ["ar", "en"]) describe(`what documents name (${lang})`, () => setup(lang));

function setup(lang) {
  const { someone, people, step } = journey(on, lang);
  const year = lang === "ar" ? 2052 : 2051;
  const code = (n) => `${n}${lang}${RUN}`.slice(0, 20);
  const name = `شركة التوريدات ${RUN} ${lang}`;
  const open = async (list) => {
    const officer = people["finance.modee"];
    await officer.go(`/finance/setup/${list}`);
    await officer.page.locator(`[data-testid=${list}] table`).waitFor();
    await officer.settled();
    return officer;
  };

  step("a supplier is added; a wrong IBAN is said at its field", async () => {
    const officer = await someone("finance.modee");
    await officer.go("/finance");
    await officer.press("[data-testid=open-year]");
    await fill(officer, { year: String(year) });
    await save(officer);
    await open("parties");
    await officer.press("[data-testid=new-row]");
    await fill(officer, { code: code("S"), iban: "JO95CBJO0010000000000131000302" });
    const said = await refused(officer, "iban", "name_ar");
    assert.equal(said.iban, text(lang, "err-iban-form"));
    assert.equal(said.name_ar, text(lang, "err-required"));
    await officer.shot("finance-party");
    await officer.accessible("the form of a party");
    await fill(officer, { name_ar: name, name_en: `Supplies ${RUN}`, iban: "JO94 CBJO 0010 0000 0000 0131 0003 02" });
    await save(officer);
    await search(officer, code("S"));
    await row(officer, code("S")).waitFor();
    await officer.shot("finance-parties");
    await officer.accessible("the list of parties");
    const file = await download(officer, "[data-action=export]");
    assert.equal(file.name, "parties.xlsx");
  });

  step("a party is changed where it stands", async () => {
    const officer = people["finance.modee"];
    await row(officer, code("S")).locator("[data-action=edit]").click();
    const taxed = lang === "ar" ? "7654321" : "7654322";
    await fill(officer, { tax_number: taxed });
    await save(officer);
    await row(officer, taxed).waitFor();
  });

  step("suppliers come out of a table, whole or not at all", async () => {
    const officer = await open("parties");
    await officer.press("[data-testid=import-rows-of]");
    const give = async (kind) => {
      const csv = `code,kind,name_ar\r\n${code("T")},supplier,${name}\r\n${code("U")},${kind},${name} 2\r\n`;
      await dialog(officer).locator("input[type=file]").setInputFiles([{ name: "parties.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${csv}`) }]);
      await officer.settled();
    };
    await give("زبون");
    await dialog(officer).locator("tr[data-line='3'] .dw-err-line").waitFor();
    assert.equal(await dialog(officer).locator("[data-testid=commit]").count(), 0);
    await officer.shot("finance-import-wrong");
    await officer.accessible("a table with a wrong row");
    await give(lang === "ar" ? "مستفيد" : "Payee");
    await dialog(officer).locator("[data-testid=commit]").click();
    await dialog(officer).waitFor({ state: "detached" });
    await search(officer, code("U"));
    await row(officer, code("U")).waitFor();
  });

  step("a part of the key is added under another one", async () => {
    const officer = await open("segments");
    await officer.page.locator("[data-testid=filter]").click();
    await officer.page.locator("[name=kind]").selectOption("item");
    await officer.page.waitForURL(/kind=item/);
    await officer.settled();
    await officer.shot("finance-segments");
    await officer.accessible("the parts of the key");
    await officer.press("[data-testid=new-row]");
    await fill(officer, { kind: "item", code: code("29"), name_ar: `بند ${RUN}`, name_en: `Item ${RUN}`, parent_id: { pick: "22" }, gfsm: "22" });
    await save(officer);
    await search(officer, code("29"));
    await row(officer, code("29")).waitFor();
  });

  step("a rate, a limit and a bank account are set", async () => {
    let officer = await open("rates");
    await officer.press("[data-testid=new-row]");
    await fill(officer, { currency: lang === "ar" ? "USD" : "EUR", day: `${year}-01-01`, rate: "0" });
    assert.equal((await refused(officer, "rate")).rate, text(lang, "err-rate-form"));
    await fill(officer, { rate: "0.709" });
    await save(officer);
    await row(officer, "0.709").waitFor();

    officer = await open("authority-limits");
    await officer.press("[data-testid=new-row]");
    const [person] = await officer.page.evaluate(async () => (await fetch("/api/people/pick?q=accountant")).json());
    await fill(officer, { user_id: { pick: person.name[lang] || person.name.ar }, kind: lang === "ar" ? "payment_voucher" : "journal_voucher", amount: "5000", reference: `قرار ${RUN} ${lang}`, active_from: `${year}-01-01` });
    await officer.shot("finance-limit");
    await save(officer);
    await row(officer, "5,000.000").waitFor();

    officer = await open("bank-accounts");
    await officer.press("[data-testid=new-row]");
    const account = lang === "ar" ? "620201" : "620204";
    await fill(officer, { code: code("B"), name_ar: `حساب ${RUN}`, number: "131000302", currency: "JOD", account_id: { pick: account } });
    await save(officer);
    await row(officer, account).waitFor();
    await officer.shot("finance-bank-accounts");
  });

  step("a control level is changed while the year has no lines", async () => {
    const officer = await open("control-levels");
    await officer.accessible("the control levels");
    const line = row(officer, String(year));
    await line.locator("[data-action=edit]").click();
    await fill(officer, { depth: "1" });
    await save(officer);
    await officer.shot("finance-control-levels");
  });

  step("a budget key is made of its parts and stays; the periods stand in a table", async () => {
    let officer = await open("keys");
    await officer.press("[data-testid=new-row]");
    const parts = { chapter_id: "1501", programme_id: "4401", activity_id: "4401001", fund_id: "1", location_id: "11", item_id: "2215" };
    await fill(officer, { year: String(year), ...Object.fromEntries(Object.entries(parts).map(([name, pick]) => [name, { pick }])) });
    await officer.accessible("the form of a budget key");
    await save(officer);
    await search(officer, String(year));
    await row(officer, Object.values(parts).join("-")).waitFor();
    assert.equal(await officer.page.locator("[data-action=edit]").count(), 0);
    await officer.shot("finance-keys");
    officer = await open("periods");
    await search(officer, String(year));
    await officer.accessible("the table of periods");
    const file = await download(officer, "[data-action=export-csv]");
    assert.equal(file.name, "fiscal-periods.csv");
  });

  step("a currency is named whole or not at all; what is wanting is said at its fields", async () => {
    const officer = await open("currencies");
    await officer.press("[data-testid=new-row]");
    await fill(officer, { code: "QAR", scale: "2", name_ar: "ريال قطري", name_en: "Qatari riyal", unit_ar: "ريال/ريالان" });
    const said = await refused(officer, "unit_ar", "unit_en", "fraction_ar", "fraction_en");
    for (const [field, words] of Object.entries(said)) assert.equal(words, text(lang, "err-currency-forms"), field);
    await officer.accessible("the form of a currency");
  });

  step("who only reads sees the lists and no way to change them", async () => {
    const reader = await someone("accountant.modee");
    await reader.go("/finance/setup/currencies");
    await row(reader, "KWD").waitFor();
    await reader.go("/finance/setup/parties");
    await search(reader, code("T"));
    await row(reader, code("T")).waitFor();
    assert.equal(await reader.page.locator("[data-testid=new-row]").count(), 0);
    assert.equal(await reader.page.locator("[data-action=edit]").count(), 0);
  });
}
