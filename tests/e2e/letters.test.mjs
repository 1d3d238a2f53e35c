// What happens to letters off the straight way: returned and corrected, refused, voided, written in two windows at once.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { dialog, faultOf, row } from "./support/forms.mjs";
import { docx, pdf } from "./support/files.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const MOF = { ar: "وزارة المالية", en: "Ministry of Finance" };
const HEALTH = { ar: "وزارة الصحة", en: "Ministry of Health" };

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`a new letter and its files (${lang})`, () => files(lang));
  describe(`returned for correction (${lang})`, () => returned(lang));
  describe(`two at one draft (${lang})`, () => stale(lang));
}

function files(lang) {
  const { someone, people, step } = journey(on, lang);
  const subject = { ar: "تزويدنا بكشوف الأجهزة", en: "تزويدنا بكشوف الطابعات" }[lang];
  const chosen = (person) => person.page.locator(".dw-side .dw-file");

  step("files chosen before the first save are listed, one after the other, and can be taken back", async () => {
    const clerk = await someone("clerk.modee");
    const { page } = clerk;
    await clerk.go("/letters/new");
    const input = page.locator(".dw-side input[type=file]");
    await input.setInputFiles([{ name: "كشف أول.pdf", mimeType: "application/pdf", buffer: pdf("first list") }]);
    await chosen(clerk).filter({ hasText: "كشف أول.pdf" }).waitFor();
    await input.setInputFiles([
      { name: "كشف ثان.docx", mimeType: "application/octet-stream", buffer: docx("الكشف الثاني") },
      { name: "كشف ثالث.pdf", mimeType: "application/pdf", buffer: pdf("third list") },
    ]);
    await chosen(clerk).nth(2).waitFor();
    await clerk.sees(text(lang, "compose-files-later"));
    await chosen(clerk).filter({ hasText: "كشف ثان.docx" }).getByRole("button").click();
    await chosen(clerk).filter({ hasText: "كشف ثان.docx" }).waitFor({ state: "detached" });
    await until(() => chosen(clerk).count(), 2);
    // What is typed meanwhile does not lose them.
    await clerk.pick("to", MOF[lang]);
    await page.fill("[name=subject]", subject);
    await page.locator(".dw-editor .ProseMirror").first().click();
    await page.keyboard.type("نرجو تزويدنا بالكشوف المرفقة بعد تعبئتها.");
    await clerk.settled();
    assert.equal(await chosen(clerk).count(), 2);
    await clerk.shot("compose-files-chosen");
    await clerk.accessible("files chosen for a new letter");
  });

  step("a letter without its subject is refused at the field, and the files stay", async () => {
    const clerk = people["clerk.modee"];
    await clerk.page.fill("[name=subject]", "");
    await clerk.press("[data-action=save]");
    await clerk.page.locator("[name=subject][aria-invalid=true]").waitFor();
    assert.equal(await faultOf(clerk.page.locator("main"), "subject"), text(lang, "err-required"));
    await clerk.settled();
    assert.equal(await chosen(clerk).count(), 2);
    await clerk.shot("compose-refused");
    await clerk.page.fill("[name=subject]", subject);
  });

  step("saved, the draft has them, and takes more", async () => {
    const clerk = people["clerk.modee"];
    await clerk.press("[data-action=save]");
    await clerk.page.waitForURL(/\/letters\/\d+\/edit$/);
    await clerk.settled();
    await until(() => clerk.page.locator("[data-file-id]").count(), 2);
    await clerk.page.locator(".dw-side input[type=file]").setInputFiles([{ name: "كشف رابع.pdf", mimeType: "application/pdf", buffer: pdf("fourth list") }]);
    await clerk.page.locator("[data-file-id]").nth(2).waitFor();
    await clerk.page.locator("[data-file-id]").filter({ hasText: "كشف أول.pdf" }).getByRole("button").last().click();
    await clerk.press("[data-testid=confirm]");
    await clerk.page.locator("[data-file-id]").filter({ hasText: "كشف أول.pdf" }).waitFor({ state: "detached" });
    await clerk.page.reload();
    await clerk.settled();
    await until(async () => (await clerk.page.locator("[data-file-id] .dw-linkish").allInnerTexts()).sort(), ["كشف ثالث.pdf", "كشف رابع.pdf"].sort());
    await until(() => clerk.page.inputValue("[name=subject]"), subject);
    await clerk.shot("draft-files");
  });

  step("a draft that is not wanted is voided with a reason", async () => {
    const clerk = people["clerk.modee"];
    await clerk.go(new URL(clerk.page.url()).pathname.replace("/edit", ""));
    await clerk.action("void");
    // Not without a reason.
    await until(() => clerk.page.locator("[data-action=confirm-void]").isDisabled());
    await clerk.page.locator("dialog [name=note]").fill("وردت الكشوف بالبريد الإلكتروني.");
    await clerk.shot("void");
    await clerk.accessible("voiding a draft");
    await clerk.press("[data-action=confirm-void]");
    await dialog(clerk).waitFor({ state: "detached" });
    await clerk.sees(text(lang, "state-void"));
    await clerk.go(`${new URL(clerk.page.url()).pathname}?tab=log`);
    await clerk.sees("وردت الكشوف بالبريد الإلكتروني.");
    await clerk.shot("voided");
    await clerk.page.locator("[data-action=print]").or(clerk.page.locator("[data-testid=kebab]")).first().waitFor();
    const more = clerk.page.locator("[data-testid=kebab]");
    if (await more.count()) await more.first().click();
    for (const action of ["edit", "submit", "void"]) assert.equal(await clerk.page.locator(`[data-action=${action}]`).count(), 0);
  });
}

function returned(lang) {
  const { someone, people, step } = journey(on, lang);
  const subject = `${{ ar: "تمديد اتفاقية الربط البيني", en: "تمديد رخصة الربط البيني" }[lang]} ${RUN}`;
  const reason = "ينقص الكتابَ رقمُ الاتفاقية وتاريخها.";
  let path;

  step("the head of section sends it back with a reason", async () => {
    const clerk = await someone("clerk.modee");
    await compose(clerk, { to: HEALTH[lang], subject, words: "نرجو التكرم بتمديد الاتفاقية." });
    await clerk.press("[data-action=save-submit]");
    await clerk.page.waitForURL(/\/letters\/\d+$/);
    path = new URL(clerk.page.url()).pathname;
    const head = await someone("registry.head.modee");
    await head.go(path);
    await head.action("return");
    // Not without a reason.
    await until(() => head.page.locator("[data-action=confirm-return]").isDisabled());
    await head.page.locator("dialog [name=note]").fill(reason);
    await head.shot("return");
    await head.press("[data-action=confirm-return]");
    await dialog(head).waitFor({ state: "detached" });
    await head.sees(reason);
  });

  step("the clerk finds it among the returned, reads the reason, corrects it and sends it again", async () => {
    const clerk = people["clerk.modee"];
    await clerk.go("/letters/drafts?state=returned");
    await row(clerk, subject).getByRole("link").first().click();
    await clerk.page.waitForURL(new RegExp(`${path}$`));
    await clerk.sees(reason);
    await clerk.shot("returned");
    await clerk.action("edit");
    await clerk.page.waitForURL(/\/edit$/);
    await clerk.settled();
    await clerk.page.locator(".dw-editor .ProseMirror").click();
    await clerk.page.keyboard.press("Control+End");
    await clerk.page.keyboard.type(" وهي الاتفاقية رقم 14 لسنة 2025.");
    await clerk.press("[data-action=save-submit]");
    await clerk.page.waitForURL(new RegExp(`${path}$`));
    await clerk.sees("الاتفاقية رقم 14 لسنة 2025");
    await clerk.go(path);
    const head = people["registry.head.modee"];
    await head.go(path);
    await head.sees("الاتفاقية رقم 14 لسنة 2025");
    await head.step("pass_up", "استُكمل النقص.");
    await head.go(`${path}?tab=log`);
    await head.sees(reason);
    await head.shot("returned-log");
  });

  step("the ministry that got it sends it back to its sender with a reason", async () => {
    const signatory = await someone("sg.modee");
    await signatory.go(path);
    await signatory.step("sign");
    const number = await signatory.text("[data-testid=letter-number]");
    const clerk = await someone("clerk.moh");
    await clerk.go("/letters/incoming");
    await row(clerk, number).getByRole("link").first().click();
    await clerk.page.waitForURL(/\/letters\/\d+/);
    await clerk.step("refuse", "الاتفاقية مع وزارة المالية لا معنا.");
    await clerk.sees(text(lang, "state-refused"));
    await clerk.shot("refused");
    await signatory.go(`${path}?tab=links`);
    await signatory.sees("الاتفاقية مع وزارة المالية لا معنا.");
    await signatory.shot("refused-at-sender");
  });
}

function stale(lang) {
  const { someone, people, step } = journey(on, lang);
  const subject = `${{ ar: "جدول مناوبات مركز البيانات", en: "جدول صيانة مركز البيانات" }[lang]} ${RUN}`;

  step("the second of two tabs is told, keeps its text, and may put it in place", async () => {
    const clerk = await someone("clerk.modee");
    await compose(clerk, { to: MOF[lang], subject, words: "مرفق الجدول." });
    await clerk.press("[data-action=save]");
    await clerk.page.waitForURL(/\/edit$/);
    await clerk.settled();
    const tab = await clerk.context.newPage();
    await tab.goto(new URL(clerk.page.url()).pathname);
    await tab.fill("[name=subject]", `${subject} (من النافذة الأخرى)`);
    await tab.locator("[data-action=save]").click();
    await tab.locator(".dw-toasts").getByText(text(lang, "compose-saved")).first().waitFor();
    await tab.close();
    await clerk.page.fill("[name=subject]", `${subject} (من هذه النافذة)`);
    await clerk.press("[data-action=save]");
    await clerk.sees(text(lang, "compose-stale"));
    await until(() => clerk.page.inputValue("[name=subject]"), `${subject} (من هذه النافذة)`);
    await clerk.shot("draft-stale");
    await clerk.accessible("a draft that somebody else saved");
    await clerk.press("[data-action=keep-mine]");
    await clerk.page.getByText(text(lang, "compose-stale")).waitFor({ state: "detached" });
    await clerk.press("[data-action=save]");
    // The word of the first save may still stand in the corner.
    await clerk.settled();
    await clerk.page.locator(".dw-toasts").getByText(text(lang, "compose-saved")).first().waitFor();
    await clerk.page.reload();
    await clerk.settled();
    await until(() => clerk.page.inputValue("[name=subject]"), `${subject} (من هذه النافذة)`);
  });

  step("or takes what the other one saved", async () => {
    const clerk = people["clerk.modee"];
    const tab = await clerk.context.newPage();
    await tab.goto(new URL(clerk.page.url()).pathname);
    await tab.fill("[name=subject]", `${subject} (الأحدث)`);
    await tab.locator("[data-action=save]").click();
    await tab.locator(".dw-toasts").getByText(text(lang, "compose-saved")).first().waitFor();
    await tab.close();
    await clerk.page.fill("[name=subject]", `${subject} (الأقدم)`);
    await clerk.press("[data-action=save]");
    await clerk.press("[data-action=load-theirs]");
    await until(() => clerk.page.inputValue("[name=subject]"), `${subject} (الأحدث)`);
    await clerk.page.getByText(text(lang, "compose-stale")).waitFor({ state: "detached" });
  });
}

/** Writes a letter; saving it is the test's. */
async function compose(person, { to, subject, words }) {
  await person.go("/letters/new");
  await person.pick("to", to);
  // The addressee of the agency is written in.
  await person.settled();
  await person.page.fill("[name=subject]", subject);
  await person.page.locator(".dw-editor .ProseMirror").first().click();
  await person.page.keyboard.press("Control+A");
  await person.page.keyboard.type(words);
}
