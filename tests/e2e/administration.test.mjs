// The administrator at work: units, roles, people, their passwords, lists to take along.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, download, fill, refused, row, save, search, tick } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const ADMIN = "admin.modee";
/** A role, a unit and a position that the demonstration has. */
const CLERK = { ar: "موظف الديوان", en: "Registry clerk" };
const ABOVE = { ar: "مديرية الخدمات الرقمية", en: "Digital Services Directorate" };
const POST = { ar: "كاتب الديوان", en: "Registry Clerk" };
/** What everybody is told who changes something that somebody else changed meanwhile. */
const STALE = { ar: "حدّث الصفحة ثم أعد تعديلك", en: "Refresh and make your change again" };

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`units (${lang})`, () => units(lang));
  describe(`roles (${lang})`, () => roles(lang));
  describe(`users (${lang})`, () => users(lang));
  describe(`lists (${lang})`, () => lists(lang));
}

function units(lang) {
  const { someone, step } = journey(on, lang);
  const name = { ar: `قسم الأرشفة الرقمية ${RUN}`, en: `Digital Archiving Section ${lang} ${RUN}` };
  const renamed = { ar: `قسم الحفظ الرقمي ${RUN}`, en: `Digital Preservation Section ${lang} ${RUN}` };
  const code = `PRES-${lang}-${RUN}`;

  step("a bad code is explained at its field, and what was typed stays", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/units");
    await admin.press("[data-testid=new-unit]");
    await fill(admin, { name_en: name.en, code: "رمز غير صالح" });
    const said = await refused(admin, "code", "name_ar");
    assert.deepEqual(said, { code: text(lang, "err-code-form"), name_ar: text(lang, "err-required") });
    assert.equal(await dialog(admin).locator("[name=code]").inputValue(), "رمز غير صالح");
    assert.equal(await dialog(admin).locator("[name=name_en]").inputValue(), name.en);
    await admin.shot("unit-refused");
    await admin.accessible("a refused unit");
  });

  step("corrected, the unit stands in the tree below the one above it", async () => {
    const admin = await someone(ADMIN);
    await fill(admin, { name_ar: name.ar, code, kind: "section", parent: { pick: ABOVE[lang] } });
    await save(admin);
    await admin.page.getByRole("treeitem").getByText(name[lang]).click();
    await admin.page.locator("[data-testid=unit]").getByText(ABOVE[lang]).waitFor();
    await admin.shot("unit-made");
  });

  step("it gets another name and a head's position", async () => {
    const admin = await someone(ADMIN);
    await admin.press("[data-testid=edit-unit]");
    await fill(admin, { name_ar: renamed.ar, name_en: renamed.en });
    await save(admin);
    await admin.page.getByRole("treeitem").filter({ hasText: renamed[lang] }).first().waitFor();
    await admin.page.locator("[data-testid=unit]").getByRole("heading", { name: renamed[lang] }).waitFor();
    await admin.press("[data-testid=new-position]");
    await fill(admin, { name_ar: "رئيس القسم", name_en: "Head of the section" });
    await tick(admin, text(lang, "position-is-head"));
    await save(admin);
    await row(admin, { ar: "رئيس القسم", en: "Head of the section" }[lang]).waitFor();
    await admin.shot("unit-changed");
  });

  step("two administrators change it: the second is told, and keeps what was typed", async () => {
    const admin = await someone(ADMIN);
    await admin.press("[data-testid=edit-unit]");
    await dialog(admin).waitFor();
    const tab = await admin.context.newPage();
    await tab.goto("/admin/units");
    await tab.getByRole("treeitem").getByText(renamed[lang]).click();
    await tab.locator("[data-testid=edit-unit]").click();
    await tab.locator("dialog [name=name_en]").fill("Faster");
    await tab.locator("dialog [data-testid=save]").click();
    await tab.locator("dialog").waitFor({ state: "detached" });
    await tab.close();
    await fill(admin, { name_ar: `${renamed.ar} والاسترجاع` });
    await dialog(admin).locator("[data-testid=save]").click();
    await dialog(admin).getByText(STALE[lang]).waitFor();
    assert.equal(await dialog(admin).locator("[name=name_ar]").inputValue(), `${renamed.ar} والاسترجاع`);
    await admin.shot("unit-stale");
    await admin.page.keyboard.press("Escape");
    await dialog(admin).waitFor({ state: "detached" });
  });
}

function roles(lang) {
  const { someone, step } = journey(on, lang);
  const name = { ar: `مدقق ${lang} ${RUN}`, en: `Checker ${lang} ${RUN}` };

  step("a role is made of chosen rights, opened again and changed", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/roles");
    await admin.press("[data-testid=new-role]");
    await fill(admin, { name_ar: name.ar, name_en: name.en, code: `checker_${lang}_${RUN}` });
    const rights = dialog(admin).locator("[data-testid=role-rights] input[type=checkbox]:not(:disabled)");
    await rights.nth(0).check();
    await rights.nth(1).check();
    await admin.shot("role-new");
    await admin.accessible("a new role");
    await save(admin);
    await row(admin, name[lang]).locator("[data-action=edit]").click();
    await dialog(admin).waitFor();
    await until(() => dialog(admin).locator("[data-testid=role-rights] input:checked").count(), 2);
    await rights.nth(0).uncheck();
    await save(admin);
    await row(admin, name[lang]).locator("[data-action=edit]").click();
    await dialog(admin).waitFor();
    await until(() => dialog(admin).locator("[data-testid=role-rights] input:checked").count(), 1);
  });

  step("an unused role can be removed, a built-in one is only shown", async () => {
    const admin = await someone(ADMIN);
    await admin.press("[data-testid=remove-role]");
    await dialog(admin).waitFor({ state: "detached" });
    await row(admin, name[lang]).waitFor({ state: "detached" });
    await admin.page.locator("main [data-row-id] [data-action=edit]").first().click();
    await dialog(admin).waitFor();
    assert.equal(await dialog(admin).locator("[data-testid=save]").count(), 0);
    assert.equal(await dialog(admin).locator("input:not(:disabled)").count(), 0);
    await admin.shot("role-built-in");
  });
}

function users(lang) {
  const { someone, guest, step } = journey(on, lang);
  const username = `noor.${lang}.${RUN}`;
  const name = { ar: `نور العبادي ${lang} ${RUN}`, en: `Noor Al-Abbadi ${lang} ${RUN}` };
  const own = `a-password-of-noor-${lang}`;
  let told;

  step("a name that is taken is refused at its field", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/users");
    await admin.press("[data-testid=new-user]");
    await fill(admin, { username: "clerk.modee", name_ar: name.ar, name_en: name.en, email: "noor" });
    const said = await refused(admin, "email");
    assert.deepEqual(said, { email: text(lang, "err-email-form") });
    await fill(admin, { email: `${username}@example.gov.jo` });
    assert.deepEqual(await refused(admin, "username"), { username: text(lang, "err-taken") });
    assert.equal(await dialog(admin).locator("[name=name_ar]").inputValue(), name.ar);
    await admin.shot("user-refused");
    await admin.accessible("a refused user");
  });

  step("with a free name the user is made; the first password is told once", async () => {
    const admin = await someone(ADMIN);
    await fill(admin, { username, lang });
    await tick(admin, CLERK[lang]);
    await dialog(admin).locator("[data-testid=save]").click();
    told = await admin.text("[data-testid=temporary-password]");
    assert.match(told, /^\w{4}(-\w{4}){3}$/);
    await admin.shot("user-password");
    await admin.accessible("a temporary password");
    await admin.press("[data-testid=password-noted]");
    await search(admin, username);
    await row(admin, name[lang]).waitFor();
  });

  step("the user is put into a position", async () => {
    const admin = await someone(ADMIN);
    await row(admin, name[lang]).click();
    await admin.press("[data-testid=edit-user]");
    await dialog(admin).locator("[data-testid=holdings]").waitFor();
    await admin.pick(dialog(admin).locator("[name=position]"), POST[lang]);
    await admin.press("[data-testid=add-holding]");
    await dialog(admin).locator("[data-testid=holdings] [data-row-id]").first().waitFor();
    await admin.shot("user-position");
    await save(admin);
    await row(admin, name[lang]).getByText(POST[lang]).waitFor();
  });

  step("the first sign-in asks for a password of one's own", async () => {
    const noor = await guest("noor");
    await noor.enter(username, told);
    const { page } = noor;
    await page.waitForSelector("[name=new]");
    await noor.shot("password-due");
    await noor.accessible("a password that is due");
    // Nothing else opens before.
    await page.goto("/letters/incoming");
    await page.waitForSelector("[name=new]");
    assert.equal(await page.locator("[data-row-id]").count(), 0);
    await page.fill("[name=current]", told);
    await page.fill("[name=new]", "short");
    await page.fill("[name=again]", "short");
    await noor.press("[data-testid=sign-in]");
    await page.locator("[name=new][aria-invalid=true]").waitFor();
    await noor.shot("password-short");
    await page.fill("[name=new]", own);
    await page.fill("[name=again]", own);
    await noor.press("[data-testid=sign-in]");
    await page.waitForSelector("[data-testid=user-menu]");
    await noor.go("/letters/incoming");
    await page.waitForSelector("[data-row-id]");
  });

  step("switched off, the user is out at once and not let in again", async () => {
    const admin = await someone(ADMIN);
    await row(admin, name[lang]).click();
    await admin.press("[data-testid=edit-user]");
    await tick(admin, text(lang, "user-may-sign-in"), false);
    await save(admin);
    const { page } = await someone("noor");
    await page.goto("/letters/incoming");
    await page.waitForSelector("[name=username]");
    const refusedThen = await guest("noor again");
    await refusedThen.enter(username, own);
    await refusedThen.page.getByText(text(lang, "err-bad-credentials")).waitFor();
    await refusedThen.shot("user-refused-sign-in");
    assert.equal(await refusedThen.page.locator("[data-testid=user-menu]").count(), 0);
  });

  step("the list tells who may sign in and who may not", async () => {
    const admin = await someone(ADMIN);
    await admin.press("[data-testid=filter]");
    await fill(admin, { active: "true" }, admin.page.locator(".dw-panel"));
    await row(admin, name[lang]).waitFor({ state: "detached" });
    await fill(admin, { active: "false" }, admin.page.locator(".dw-panel"));
    await row(admin, name[lang]).waitFor();
    await admin.settled();
    assert.equal(await row(admin, name[lang]).getByText(text(lang, "active"), { exact: true }).count(), 0);
    await admin.page.keyboard.press("Escape");
    await admin.shot("users-inactive");
  });
}

function lists(lang) {
  const { guest, someone, step } = journey(on, lang);

  step("the users and the agencies can be taken along as a table", async () => {
    const admin = await someone(ADMIN);
    for (const page of ["users", "agencies"]) {
      await admin.go(`/admin/${page}`);
      await admin.page.waitForSelector("[data-row-id]");
      const file = await download(admin, "[data-action=export]");
      assert.match(file.name, /\.xlsx$/);
      assert.equal(file.bytes.subarray(0, 2).toString("latin1"), "PK");
      assert.ok(file.bytes.length > 2000, "the table holds the rows");
    }
  });

  step("on a phone the forms can be filled in and saved", async () => {
    const admin = await guest("phone", { viewport: PHONE });
    await admin.signIn(ADMIN);
    for (const [page, button] of [["units", "new-unit"], ["users", "new-user"], ["roles", "new-role"], ["agencies", "new-agency"]]) {
      await admin.go(`/admin/${page}`);
      await admin.press(`[data-testid=${button}]`);
      await dialog(admin).locator("[data-testid=save]").scrollIntoViewIfNeeded();
      await admin.fits(page);
      const box = await dialog(admin).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width, `the form of ${page} is wider than a phone`);
      await admin.shot(`phone-${button}`);
    }
  });
}
