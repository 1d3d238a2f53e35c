// The archivist at work: papers are filed, read, found by their words; what is refused says why.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, faultOf, fill, row, search } from "./support/forms.mjs";
import { docx, pdf } from "./support/files.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const PDF = "application/pdf";
/** The text of a file is read after the filing. */
const READ_MS = 120_000;
const WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** A program, whatever its name says: the first bytes of one for Windows. */
const PROGRAM = Buffer.concat([Buffer.from("MZ"), Buffer.alloc(58), Buffer.from([0x80, 0, 0, 0]), Buffer.alloc(64), Buffer.from("PE\0\0"), Buffer.alloc(300)]);

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`filing papers (${lang})`, () => filing(lang));
  describe(`a refused paper (${lang})`, () => refusing(lang));
}

function filing(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const subject = `${{ ar: "محضر استلام محطة السلط", en: "محضر استلام محطة عجلون" }[lang]} ${RUN}`;
  const words = { pdf: { ar: "Salt exchange KZ7719", en: "Ajloun exchange KZ7720" }[lang], word: { ar: "مُعَايَنة الأبراج الهوائيّة", en: "مُناقَصة الكوابل الأرضيّة" }[lang] };
  /** The same words as somebody types them. */
  const typed = { pdf: { ar: "KZ7719", en: "KZ7720" }[lang], word: { ar: "معاينه الابراج", en: "مناقصه الكوابل" }[lang] };
  let item;

  step("what is missing is said at the fields before anything is sent", async () => {
    const archivist = await someone("archivist.modee");
    await archivist.go("/archive");
    await archivist.press("[data-testid=new-document]");
    await archivist.press("[data-testid=file-document]");
    assert.equal(await faultOf(dialog(archivist), "subject"), text(lang, "err-required"));
    await dialog(archivist).getByText(text(lang, "document-no-file")).waitFor();
    await archivist.shot("filing-missing");
    await archivist.accessible("filing with nothing filled in");
  });

  step("a PDF and a Word file are filed under a class", async () => {
    const archivist = people["archivist.modee"];
    await fill(archivist, { subject, party: "بلدية السلط الكبرى" });
    // The first stands for none.
    const code = await dialog(archivist).locator("[name=class_code] option").nth(1).getAttribute("value");
    await fill(archivist, { class_code: code });
    await dialog(archivist).locator("input[type=file]").setInputFiles([
      { name: "محضر الاستلام.pdf", mimeType: PDF, buffer: pdf(words.pdf) },
      { name: "مذكرة الفحص.docx", mimeType: WORD, buffer: docx(words.word) },
    ]);
    await dialog(archivist).getByText("مذكرة الفحص.docx").waitFor();
    await archivist.shot("filing");
    await archivist.press("[data-testid=file-document]");
    await archivist.page.waitForURL(/\/archive\/\d+$/);
    item = new URL(archivist.page.url()).pathname;
    await archivist.sees(subject);
    await archivist.sees(code);
  });

  step("the PDF lies open; the Word file is shown as a PDF that is made of it", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    await page.locator(".dw-pdf canvas").first().waitFor();
    await drawn(page);
    await archivist.shot("document");
    await archivist.accessible("a document");
    await page.locator("[data-tab=files]").click();
    await until(() => page.locator("main [data-row-id] .dw-file").count(), 2);
    const made = page.waitForResponse((response) => response.url().includes("/renditions/view/content"), { timeout: READ_MS });
    await page.locator("main [data-row-id]").getByRole("button", { name: "مذكرة الفحص.docx", exact: true }).click();
    assert.equal((await made).status(), 200);
    await page.locator(".dw-pdf canvas").first().waitFor();
    await archivist.shot("document-word");
  });

  step("both are found by their words, in another spelling too", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    for (const [kind, name] of [["pdf", "محضر الاستلام.pdf"], ["word", "مذكرة الفحص.docx"]]) {
      const hit = page.locator("[data-testid=hit]").filter({ hasText: subject }).first();
      // The search is asked again until it knows the text.
      await until(async () => {
        await archivist.go("/search");
        await page.fill("[data-testid=search-input]", typed[kind]);
        await archivist.press("[data-testid=search-go]");
        await page.waitForURL(/[?&]q=/);
        await archivist.settled();
        return hit.isVisible();
      }, true, READ_MS);
      await hit.getByText(name).waitFor();
      await archivist.shot(`found-${kind}`);
    }
    await page.locator("[data-testid=hit]").filter({ hasText: subject }).first().getByRole("link").first().click();
    await page.waitForURL(/\/archive\/\d+/);
  });

  step("a name that does not fit the content is told beside the file", async () => {
    const archivist = people["archivist.modee"];
    await archivist.go("/archive");
    await archivist.press("[data-testid=new-document]");
    await fill(archivist, { subject: `${subject} (ملحق)` });
    await dialog(archivist).locator("input[type=file]").setInputFiles([{ name: "ملحق.docx", mimeType: WORD, buffer: pdf(`${words.pdf} annex`) }]);
    await archivist.press("[data-testid=file-document]");
    await archivist.page.waitForURL(/\/archive\/\d+$/);
    await archivist.page.locator("[data-tab=files]").click();
    await archivist.sees(text(lang, "file-name-lies"));
    await archivist.shot("document-name-lies");
  });

  step("what two change at a time is lost to neither", async () => {
    const archivist = people["archivist.modee"];
    const party = "وزارة الأشغال العامة";
    await archivist.go(item);
    await archivist.action("edit");
    await fill(archivist, { party });
    const tab = await archivist.context.newPage();
    await tab.goto(item);
    await tab.locator("[data-action=edit]").first().click();
    await tab.fill("dialog [name=subject]", `${subject} المعدّل`);
    await tab.locator("[data-testid=save-document]").click();
    await tab.locator("dialog[open]").waitFor({ state: "detached" });
    await tab.close();
    await archivist.press("[data-testid=save-document]");
    await until(() => dialog(archivist).locator("[name=subject]").inputValue(), `${subject} المعدّل`);
    assert.equal(await dialog(archivist).locator("[name=party]").inputValue(), party);
    await archivist.shot("document-changed-meanwhile");
    await archivist.accessible("a document that somebody else changed");
    await archivist.press("[data-testid=save-document]");
    await dialog(archivist).waitFor({ state: "detached" });
    await archivist.sees(`${subject} المعدّل`);
    await archivist.sees(party);
  });

  step("what is said about it can be corrected; the trail tells", async () => {
    const archivist = people["archivist.modee"];
    await archivist.go(item);
    await archivist.action("edit");
    await fill(archivist, { subject: "" });
    await archivist.press("[data-testid=save-document]");
    assert.equal(await faultOf(dialog(archivist), "subject"), text(lang, "err-required"));
    await fill(archivist, { subject: `${subject} النهائي` });
    await archivist.press("[data-testid=save-document]");
    await dialog(archivist).waitFor({ state: "detached" });
    await archivist.sees(`${subject} النهائي`);
    await archivist.page.locator("[data-tab=trail]").click();
    await archivist.settled();
    await archivist.shot("document-trail");
  });

  step("the list of the archive finds it by its subject, on a phone too", async () => {
    const archivist = people["archivist.modee"];
    await archivist.go("/archive");
    await search(archivist, `${subject} النهائي`);
    await row(archivist, `${subject} النهائي`).waitFor();
    await until(() => archivist.page.locator("main [data-row-id]").count(), 1);
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn("archivist.modee");
    for (const [path, name] of [["/archive", "phone-archive"], [item, "phone-document"]]) {
      await phone.go(path);
      await phone.sees(subject);
      await phone.fits(name);
      await phone.shot(name);
    }
    await phone.go("/archive");
    await phone.press("[data-testid=new-document]");
    await phone.fits("filing on a phone");
    await phone.shot("phone-filing");
  });

  step("another ministry does not get to it", async () => {
    const other = await someone("clerk.moh");
    await other.go(item);
    await other.page.locator("[data-testid=not-found]").waitFor();
    assert.equal(await other.page.getByText(subject).count(), 0);
    await other.shot("document-of-others");
  });
}

function refusing(lang) {
  const { someone, step } = journey(on, lang);
  const subject = "تقرير عن الأعمال";

  step("a program that calls itself a PDF is refused, and the row says why", async () => {
    const archivist = await someone("archivist.modee");
    await archivist.go("/archive");
    await archivist.press("[data-testid=new-document]");
    await fill(archivist, { subject });
    await dialog(archivist).locator("input[type=file]").setInputFiles([{ name: "تقرير.pdf", mimeType: PDF, buffer: PROGRAM }]);
    await archivist.press("[data-testid=file-document]");
    const why = dialog(archivist).locator(".err").filter({ hasText: "تقرير.pdf" });
    await why.waitFor();
    // The kind it really is, not “correct the marked fields”.
    assert.match(await why.innerText(), /application\//);
    await until(() => dialog(archivist).locator("[name=subject]").inputValue(), subject);
    await archivist.shot("filing-refused");
    await archivist.accessible("a refused file");
    await dialog(archivist).getByRole("button", { name: /تقرير\.pdf/ }).click();
    await why.waitFor({ state: "detached" });
  });
}

/** The first page of the viewer shows ink, not only an empty sheet. */
async function drawn(page) {
  await page.waitForFunction(() => {
    const canvas = document.querySelector(".dw-pdf canvas");
    if (!canvas?.width) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 0 && data[at] < 100) return true;
    return false;
  });
}
