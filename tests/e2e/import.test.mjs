// Tables that bring agencies and users, and the trail in which an auditor finds who did what.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, download, fill, row, save, search } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { firstSignIn } from "./support/newcomer.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const ADMIN = "admin.modee";

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`agencies from a table (${lang})`, () => agencies(lang));
  describe(`users from a table (${lang})`, () => users(lang));
  describe(`the audit trail (${lang})`, () => trail(lang));
}

/** Gives a table to the import. */
async function give(person, name, rows) {
  const csv = rows.map((cells) => cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")).join("\r\n");
  await person.page.locator("[data-testid=import] input[type=file]").setInputFiles([{ name, mimeType: "text/csv", buffer: Buffer.from(`\ufeff${csv}\r\n`) }]);
  await person.settled();
  await person.page.locator("[data-testid=import-rows]").waitFor();
}

function agencies(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const heads = { ar: ["الرمز", "الاسم بالعربية", "الاسم بالإنجليزية", "النوع", "رمز الجهة الأم", "المخاطب بالعربية"], en: ["Code", "Name in Arabic", "Name in English", "Kind", "Code of parent agency", "Addressee in Arabic"] }[lang];
  const code = (n) => `T${n}-${lang}-${RUN}`.toUpperCase();
  const kind = { ar: ["مؤسسة", "هيئة"], en: ["Institution", "Commission"] }[lang];
  const good = [code(1), `مؤسسة الأراضي الرقمية ${lang} ${RUN}`, `Digital Lands ${lang} ${RUN}`, kind[0], "", "عطوفة المدير العام الأكرم"];
  const bad = [code(2), `هيئة الفضاء ${lang} ${RUN}`, `Space ${lang} ${RUN}`, "كوكب", code(1), "عطوفة الرئيس الأكرم"];
  const rowOf = (person, line) => person.page.locator(`[data-testid=import-rows] tr[data-line="${line}"]`);

  step("the empty table can be had, in the language of the screen", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/import");
    await admin.page.locator("[name=kind]").selectOption("agencies");
    const file = await download(admin, "[data-action=template]");
    assert.match(file.name, /\.xlsx$/);
    assert.equal(file.bytes.subarray(0, 2).toString("latin1"), "PK");
    await admin.shot("import");
  });

  step("one bad row is told with its reason, and nothing is imported", async () => {
    const admin = people[ADMIN];
    await give(admin, "جهات.csv", [heads, good, bad]);
    await rowOf(admin, 3).getByText(text(lang, "err-unknown-word").split("؛")[0].split(";")[0]).waitFor();
    assert.equal(await rowOf(admin, 2).locator(".dw-err-line").count(), 0);
    assert.equal(await admin.page.locator("[data-testid=commit]").count(), 0);
    await admin.sees(text(lang, "import-wrong-text"));
    await admin.shot("import-wrong");
    await admin.accessible("a table with a bad row");
    await admin.go("/admin/agencies");
    await search(admin, RUN);
    await row(admin, good[1]).waitFor({ state: "detached" });
  });

  step("the corrected table is shown, then imported whole", async () => {
    const admin = people[ADMIN];
    await admin.go("/admin/import");
    await admin.page.locator("[name=kind]").selectOption("agencies");
    await give(admin, "جهات مصححة.csv", [heads, good, [bad[0], bad[1], bad[2], kind[1], bad[4], bad[5]]]);
    await admin.shot("import-ready");
    await admin.press("[data-testid=commit]");
    await admin.page.locator("[data-testid=commit]").waitFor({ state: "detached" });
    await admin.page.locator("[data-testid=import] .dw-alert.ok").waitFor();
    await admin.shot("import-done");
    await admin.go("/admin/agencies");
    await search(admin, code(2));
    await row(admin, code(2)).getByText(lang === "ar" ? good[1] : good[2]).waitFor();
    await admin.shot("agencies-imported");
  });

  step("a table of another shape is refused with what is missing", async () => {
    const admin = people[ADMIN];
    await admin.go("/admin/import");
    await admin.page.locator("[name=kind]").selectOption("agencies");
    await give(admin, "شيء آخر.csv", [["الرمز", "لون"], ["X", "أحمر"]]);
    await admin.page.locator("[data-testid=import-rows]").getByText(text(lang, "err-missing-column")).first().waitFor();
    assert.equal(await admin.page.locator("[data-testid=commit]").count(), 0);
    await admin.shot("import-shape");
  });

  step("the import fits a phone", async () => {
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn(ADMIN);
    await phone.go("/admin/import");
    await phone.page.locator("[name=kind]").selectOption("agencies");
    await give(phone, "جهات.csv", [heads, [code(3), ...good.slice(1)], [code(4), ...bad.slice(1)]]);
    await phone.fits("the import on a phone");
    await phone.shot("phone-import", { fullPage: true });
  });
}

function users(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const heads = { ar: ["اسم المستخدم", "الاسم بالعربية", "الأدوار", "رمز الوحدة", "المركز الوظيفي"], en: ["User name", "Name in Arabic", "Roles", "Code of unit", "Position"] }[lang];
  const role = { ar: "موظف الديوان", en: "Registry clerk" }[lang];
  const username = (n) => `import${n}.${lang}.${RUN}`;
  const post = { ar: "كاتب الديوان", en: "Registry Clerk" }[lang];

  step("unknown roles and units are told at their rows", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/import");
    await admin.page.locator("[name=kind]").selectOption("users");
    await give(admin, "مستخدمون.csv", [heads, [username(1), "هدى النسور", role, "registry", post], [username(2), "عمر الفايز", "ساحر", "nowhere", ""]]);
    await admin.page.locator('[data-line="3"] .dw-err-line').nth(1).waitFor();
    await admin.shot("import-users-wrong");
  });

  step("the right ones come in with a first password each, which lets them in", async () => {
    const admin = people[ADMIN];
    await give(admin, "مستخدمون.csv", [heads, [username(1), "هدى النسور", role, "registry", post], [username(2), "عمر الفايز", role, "", ""]]);
    await admin.press("[data-testid=commit]");
    await admin.page.locator("[data-testid=import] .dw-alert.ok").waitFor();
    await admin.sees(text(lang, "import-passwords"));
    const told = admin.page.locator("[data-testid=import-rows] tbody tr td:nth-child(2)");
    await until(() => told.count(), 2);
    const passwords = await told.allInnerTexts();
    await admin.shot("import-users-done");
    const huda = await guest("huda");
    await firstSignIn(huda, username(1), passwords[0].trim(), `a-password-of-huda-${lang}`);
    await huda.go("/me");
    await huda.sees(post);
  });
}

function trail(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const rows = (person) => person.page.locator("main tbody [data-row-id]");

  step("it is narrowed to an action and to a person", async () => {
    const clerk = await (await someone("clerk.modee")).name();
    const admin = await someone(ADMIN);
    await admin.go("/admin/audit");
    await rows(admin).first().waitFor();
    await admin.press("[data-testid=filter]");
    const panel = admin.page.locator(".dw-panel");
    await panel.locator("[name=op]").selectOption("platform.session.");
    await admin.page.waitForURL(/op=platform/);
    await admin.settled();
    await rows(admin).first().waitFor();
    const opened = text(lang, "op-platform-session-open");
    await rows(admin).filter({ hasText: opened }).first().waitFor();
    await admin.pick(panel.locator("[name=user]"), clerk);
    await admin.page.waitForURL(/user_id=\d+/);
    await admin.settled();
    await admin.shot("audit-filter");
    await admin.accessible("the filters of the trail");
    await admin.page.keyboard.press("Escape");
    await until(() => admin.page.locator(".dw-chips .pf-v6-c-label").count(), 2);
    await until(async () => {
      const all = await rows(admin).allInnerTexts();
      return all.length > 0 && all.every((words) => words.includes(clerk));
    });
    await admin.shot("audit-filtered");
  });

  step("an entry opens with what changed and its link in the chain", async () => {
    const admin = people[ADMIN];
    await rows(admin).first().click();
    await dialog(admin).getByText(text(lang, "audit-link")).first().waitFor();
    await admin.shot("audit-entry");
    await admin.accessible("an entry of the trail");
    await admin.page.keyboard.press("Escape");
    await dialog(admin).waitFor({ state: "detached" });
    await admin.page.locator(".dw-chips").getByRole("button", { name: text(lang, "clear-filters") }).click();
    await admin.page.locator(".dw-chips").waitFor({ state: "detached" });
  });

  step("a changed thing shows before and after", async () => {
    const admin = people[ADMIN];
    // One's own agency: what is done to another one stands in that one's trail.
    await admin.go("/admin/agencies");
    await search(admin, "MODEE");
    for (const state of ["before", "after"]) {
      await row(admin, "MODEE").locator("[data-action=edit]").click();
      await fill(admin, { email: `${state}.${RUN}@example.gov.jo` });
      await save(admin);
    }
    await admin.go("/admin/audit?op=platform.");
    await rows(admin).filter({ hasText: text(lang, "op-platform-agency-update") }).first().click();
    await dialog(admin).locator("[data-testid=changes]").getByText(`before.${RUN}@example.gov.jo`).waitFor();
    await dialog(admin).locator("[data-testid=changes]").getByText(`after.${RUN}@example.gov.jo`).waitFor();
    await admin.shot("audit-changes");
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn(ADMIN);
    await phone.go("/admin/audit");
    await phone.fits("the trail on a phone");
    await phone.shot("phone-audit");
  });
}
