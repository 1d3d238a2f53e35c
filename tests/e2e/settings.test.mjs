// What an administrator sets once for all: approval routes, holidays, templates, letterheads; and what everybody may: delegations.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, fill, refused, row, save } from "./support/forms.mjs";
import { day } from "./support/days.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const ADMIN = "admin.modee";
const SECRETARY = { ar: "الأمين العام", en: "Secretary General" };
const FOLLOW_UP = { ar: "قسم المتابعة", en: "Follow-up Section" };

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`approval routes (${lang})`, () => routes(lang));
  describe(`holidays (${lang})`, () => holidays(lang));
  describe(`delegations (${lang})`, () => delegations(lang));
  describe(`templates (${lang})`, () => templates(lang));
  describe(`letterheads (${lang})`, () => letterheads(lang));
  describe(`jobs (${lang})`, () => jobs(lang));
}

function routes(lang) {
  const { someone, step } = journey(on, lang);
  const name = { ar: `مسار مذكرات المتابعة ${lang} ${RUN}`, en: `Follow-up memos ${lang} ${RUN}` };
  const steps = (person) => dialog(person).locator("[data-row-id]");

  step("a step without its person is refused at its field", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/routes");
    await admin.press("[data-testid=new-route]");
    await fill(admin, { name_ar: name.ar, name_en: name.en, record_kind: "internal_memo" });
    await admin.pick(dialog(admin).locator("[name=unit]"), FOLLOW_UP[lang]);
    await fill(admin, { task_kind: "review", assignee: "position", due_days: "2" }, steps(admin).nth(0));
    assert.deepEqual(await refused(admin, "assignee_id"), { assignee_id: text(lang, "err-required") });
    await admin.shot("route-refused");
  });

  step("two steps are added, put into another order, saved, and shown again", async () => {
    const admin = await someone(ADMIN);
    await admin.pick(steps(admin).nth(0).locator("[name=assignee_id]"), SECRETARY[lang]);
    await admin.press("[data-testid=add-step]");
    await fill(admin, { task_kind: "approve", assignee: "head_of_unit", due_days: "1" }, steps(admin).nth(1));
    // The other way round: the head of the unit first.
    await fill(admin, { step: "2" }, steps(admin).nth(0));
    await fill(admin, { task_kind: "sign" }, steps(admin).nth(0));
    await fill(admin, { step: "1" }, steps(admin).nth(1));
    await admin.shot("route-new");
    await admin.accessible("an approval route");
    await save(admin);
    const shown = (await row(admin, name[lang]).innerText()).replace(/[\u2066-\u2069]/g, "");
    assert.ok(shown.indexOf("1. ") < shown.indexOf("2. "), `in order: ${shown}`);
    assert.ok(shown.indexOf(text(lang, "task-kind-approve")) < shown.indexOf(text(lang, "task-kind-sign")), shown);
    assert.ok(shown.includes(SECRETARY[lang]) && shown.includes(FOLLOW_UP[lang]), shown);
    await admin.page.reload();
    await admin.settled();
    await row(admin, name[lang]).locator("[data-action=edit]").click();
    await steps(admin).nth(1).waitFor();
    await until(() => steps(admin).nth(0).locator("[name=task_kind]").inputValue(), "approve");
    await until(() => steps(admin).nth(0).locator("[name=due_days]").inputValue(), "1");
    await until(() => steps(admin).nth(1).locator("[name=assignee]").inputValue(), "position");
    await steps(admin).nth(1).getByText(SECRETARY[lang]).first().waitFor();
    await admin.shot("route-again");
  });

  step("it is put out of use", async () => {
    const admin = await someone(ADMIN);
    await dialog(admin).getByRole("checkbox", { name: text(lang, "active"), exact: true }).uncheck();
    await save(admin);
    await row(admin, name[lang]).getByText(text(lang, "inactive"), { exact: true }).waitFor();
    await admin.shot("routes");
  });
}

function holidays(lang) {
  const { someone, step } = journey(on, lang);
  // A day of its own in each run and language, years ahead of anybody's deadlines.
  const day = new Date(Date.UTC(2031, 0, 1 + (parseInt(RUN, 36) % 3000) + (lang === "ar" ? 0 : 4000))).toISOString().slice(0, 10);
  const name = { ar: `عطلة عاصفة ثلجية ${lang} ${RUN}`, en: `Snow day ${lang} ${RUN}` };

  step("a holiday is added, told by its weekday, and a second one on its day is refused", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/holidays");
    await admin.press("[data-testid=new-holiday]");
    await fill(admin, { day, name_en: name.en });
    assert.deepEqual(await refused(admin, "name_ar"), { name_ar: text(lang, "err-required") });
    await fill(admin, { name_ar: name.ar });
    await admin.shot("holiday-new");
    await save(admin);
    await row(admin, name[lang]).waitFor();
    await admin.press("[data-testid=new-holiday]");
    await fill(admin, { day, name_ar: "عطلة ثانية" });
    await dialog(admin).locator("[data-testid=save]").click();
    await dialog(admin).locator(".err, .dw-alert.bad").first().waitFor();
    assert.equal(await dialog(admin).locator("[name=name_ar]").inputValue(), "عطلة ثانية");
    await admin.shot("holiday-twice");
    await admin.page.keyboard.press("Escape");
  });

  step("it is removed again", async () => {
    const admin = await someone(ADMIN);
    await row(admin, name[lang]).getByRole("button").click();
    await row(admin, name[lang]).waitFor({ state: "detached" });
    await admin.shot("holidays");
  });

  step("without a day it is refused at the field", async () => {
    const admin = await someone(ADMIN);
    await admin.press("[data-testid=new-holiday]");
    await fill(admin, { day: "", name_ar: name.ar });
    assert.deepEqual(await refused(admin, "day"), { day: text(lang, "err-required") });
    await admin.page.keyboard.press("Escape");
  });
}

function delegations(lang) {
  const { someone, people, step } = journey(on, lang);
  // Two who hand their work over in no other test.
  const from = { ar: "studies.head.modee", en: "followup.head.modee" }[lang];
  const reason = `إجازة سنوية ${lang} ${RUN}`;

  step("an end before the beginning is refused at its field", async () => {
    const head = await someone(from);
    await head.go("/admin/delegations");
    await head.press("[data-testid=new-delegation]");
    const delegate = await someone("clerk.modee");
    await head.pick(dialog(head).locator("[name=to]"), await delegate.name());
    await fill(head, { reason, starts_on: day(5), ends_on: day(3) });
    const said = await refused(head, "ends_on");
    assert.ok(said.ends_on.length > 3);
    await head.shot("delegation-refused");
    await head.accessible("a refused delegation");
    assert.equal(await dialog(head).locator("[name=reason]").inputValue(), reason);
  });

  step("with dates it stands in the list of both, and is taken back", async () => {
    const head = people[from];
    await fill(head, { starts_on: day(0), ends_on: day(7) });
    await save(head);
    await row(head, reason).getByText(text(lang, "delegation-in-force"), { exact: true }).waitFor();
    await head.shot("delegation");
    const delegate = people["clerk.modee"];
    await delegate.go("/admin/delegations");
    await row(delegate, reason).waitFor();
    assert.equal(await row(delegate, reason).locator("[data-action=revoke]").count(), 0, "only the one whose work it is takes it back");
    await row(head, reason).locator("[data-action=revoke]").click();
    await row(head, reason).getByText(text(lang, "delegation-revoked"), { exact: true }).waitFor();
    assert.equal(await row(head, reason).locator("[data-action=revoke]").count(), 0);
    await head.shot("delegation-revoked");
  });

  step("without a person it is refused at the field", async () => {
    const head = people[from];
    await head.press("[data-testid=new-delegation]");
    await fill(head, { reason });
    assert.deepEqual(await refused(head, "to"), { to: text(lang, "err-required") });
    await head.page.keyboard.press("Escape");
  });
}

function templates(lang) {
  const { someone, step } = journey(on, lang);
  const name = { ar: `نموذج دعوة ${lang} ${RUN}`, en: `Invitation ${lang} ${RUN}` };

  step("a template with merge fields is made; without a subject it is refused", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/templates");
    await admin.press("[data-testid=new-template]");
    await fill(admin, { name_ar: name.ar, name_en: name.en });
    await dialog(admin).locator(".ProseMirror").click();
    await admin.page.keyboard.type("نتشرف بدعوتكم من {{agency}} يوم {{today}} إلى اجتماع اللجنة.");
    assert.deepEqual(await refused(admin, "subject"), { subject: text(lang, "err-required") });
    await fill(admin, { subject: "دعوة من {{unit}}" });
    await admin.shot("template-new");
    await admin.accessible("a template");
    await save(admin);
    await row(admin, name[lang]).waitFor();
  });

  step("a new letter takes it, and the fields are filled in", async () => {
    const clerk = await someone("clerk.modee");
    await clerk.go("/letters/new");
    const { page } = clerk;
    await page.locator("select[name=template]").selectOption({ label: name[lang] });
    const body = page.locator(".dw-editor .ProseMirror");
    await body.getByText("وزارة الاقتصاد الرقمي والريادة").first().waitFor();
    const words = await body.innerText();
    assert.ok(!words.includes("{{"), words);
    assert.match(words, /\d{4}/);
    await until(() => page.inputValue("[name=subject]"), "دعوة من قسم الديوان");
    await clerk.shot("template-used");
  });

  step("it is changed, put out of use, and no longer offered", async () => {
    const admin = await someone(ADMIN);
    await row(admin, name[lang]).getByRole("button").click();
    await dialog(admin).locator(".ProseMirror").getByText("{{agency}}").waitFor();
    await dialog(admin).getByRole("checkbox", { name: text(lang, "template-active"), exact: true }).uncheck();
    await save(admin);
    await row(admin, name[lang]).getByText(text(lang, "template-inactive"), { exact: true }).waitFor();
    await admin.shot("templates");
    const clerk = await someone("clerk.modee");
    await clerk.go("/letters/new");
    await clerk.page.locator("select[name=template] option").nth(1).waitFor({ state: "attached" });
    await clerk.settled();
    assert.equal(await clerk.page.locator("select[name=template] option").filter({ hasText: name[lang] }).count(), 0);
  });
}

function letterheads(lang) {
  const { someone, guest, step } = journey(on, lang);
  const lines = `المملكة الأردنية الهاشمية\nقسم المتابعة ${lang} ${RUN}`;

  step("the head of a unit's letters is written beside its preview, saved, and shown again", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/letterheads");
    await admin.page.locator("main :is([data-testid=letterheads], .dw-empty)").first().waitFor();
    const theirs = row(admin, FOLLOW_UP[lang]);
    if (await theirs.count()) await theirs.getByRole("button").first().click();
    else {
      await admin.press("[data-testid=new-letterhead]");
      await admin.pick(dialog(admin).locator("[name=unit]"), FOLLOW_UP[lang]);
    }
    await fill(admin, { lines_ar: lines, lines_en: "The Hashemite Kingdom of Jordan\nFollow-up Section", footer_ar: "هاتف 065805700", footer_en: "Phone 065805700" });
    await dialog(admin).locator(".dw-sheet[lang=ar]").getByText(RUN).waitFor();
    await admin.shot("letterhead");
    await admin.accessible("a letterhead");
    await save(admin);
    await row(admin, RUN).waitFor();
    await admin.page.reload();
    await row(admin, RUN).getByRole("button").click();
    await until(() => dialog(admin).locator("[name=lines_ar]").inputValue(), lines);
    await admin.page.keyboard.press("Escape");
    await admin.shot("letterheads");
  });

  step("the settings can be written on a phone", async () => {
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn(ADMIN);
    for (const [page, button] of [["routes", "new-route"], ["holidays", "new-holiday"], ["delegations", "new-delegation"], ["templates", "new-template"], ["letterheads", "new-letterhead"]]) {
      await phone.go(`/admin/${page}`);
      await phone.fits(page);
      await phone.press(`[data-testid=${button}]`);
      await dialog(phone).locator("[data-testid=save]").waitFor();
      await phone.fits(`${page}, the form`);
      const box = await dialog(phone).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width, `the form of ${page} is wider than a phone`);
      await phone.shot(`phone-${button}`);
    }
  });
}

function jobs(lang) {
  const { someone, step } = journey(on, lang);

  step("the administrator sees what waits, what runs and what was set aside", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/jobs");
    for (const state of ["dead", "waiting", "running"]) {
      await admin.page.locator(`[data-testid=jobs] [data-tab=${state}]`).click();
      await admin.page.locator(`[data-testid=jobs] [data-tab=${state}][aria-selected=true], [data-testid=jobs] [data-tab=${state}][aria-current]`).waitFor();
      await admin.settled();
      await admin.page.locator("[data-testid=jobs] :is(table tbody tr, .dw-scroll)").first().waitFor();
    }
    await admin.shot("jobs");
    await admin.accessible("the jobs");
  });

  step("others do not get there", async () => {
    const clerk = await someone("clerk.mof");
    for (const page of ["jobs", "users", "units", "audit"]) {
      await clerk.go(`/admin/${page}`);
      await clerk.page.locator("[data-testid=not-found]").waitFor();
    }
  });
}
