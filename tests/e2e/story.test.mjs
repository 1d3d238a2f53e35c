// The story of one letter, in Arabic and in English: written in one ministry, signed, delivered, registered in another,
// referred, answered, archived, found, printed, and checked by a stranger with nothing but its code.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { docx, pdf } from "./support/files.mjs";
import { journey, stage } from "./support/journey.mjs";
import { until } from "./support/until.mjs";

const MOF = { ar: "وزارة المالية", en: "Ministry of Finance" };
const STUDIES = { ar: "قسم الدراسات", en: "Studies Section" };
const FOLLOW_UP = { ar: "قسم المتابعة", en: "Follow-up Section" };
const TEMPLATE = { ar: "كتاب رسمي", en: "Official letter" };
/** Different in each run, so that the searches of one do not find the other's letter. */
const SUBJECT = { ar: "تمويل منصة الخدمات الإلكترونية الموحدة في الطفيلة", en: "تمويل مركز الأعمال الرقمية في معان" };
/** A word that only the Word file has, with tashkeel and hamza there. */
const IN_WORD_FILE = { ar: "المُقَايَسات الأوّليّة للألياف", en: "الإِشْرافات الهندسيّة للمقاسم" };
/** What is filed is read and indexed a moment later. */
const READ_MS = 120_000;
const IN_PDF = { ar: "Tafilah fibre QX4471", en: "Maan exchange QX4472" };

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`the story of a letter (${lang})`, () => story(lang));
}

function story(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  /** What later steps need of earlier ones. */
  const letter = {};

  step("the clerk writes it from a template", async () => {
    const clerk = await someone("clerk.modee");
    await clerk.go("/letters/drafts");
    await clerk.press("[data-action=new]");
    const { page } = clerk;
    await page.locator("select[name=template]").selectOption({ label: TEMPLATE[lang] });
    await clerk.pick("to", MOF[lang]);
    // The addressee of the agency is written into the text.
    await clerk.settled();
    await page.fill("[name=subject]", SUBJECT[lang]);
    await write(page, lang);
    await page.locator("select[name=priority]").selectOption("urgent");
    assert.equal(await page.locator("select[name=secrecy]").inputValue(), "normal");
    await page.fill("[name=reply_due_days]", "5");
    await page.locator("input[type=file]").setInputFiles([
      { name: "كشف المواقع.pdf", mimeType: "application/pdf", buffer: pdf(IN_PDF[lang]) },
      { name: "دراسة الكلفة.docx", mimeType: "application/octet-stream", buffer: docx(IN_WORD_FILE[lang]) },
    ]);
    await clerk.shot("compose");
    await clerk.accessible("writing a letter");
    await clerk.press("[data-action=save-submit]");
    await page.waitForURL(/\/letters\/\d+$/);
    letter.path = new URL(page.url()).pathname;
    await clerk.sees(SUBJECT[lang]);
    await clerk.shot("letter-in-review");
  });

  step("the head of section reviews it, directs, and sends it up", async () => {
    const head = await someone("registry.head.modee");
    await head.go(letter.path);
    await head.step("pass_up", "للتكرم بالتوقيع، فالمخصصات متوفرة.");
    await head.page.waitForSelector(`[data-action=pass_up]`, { state: "detached" });
    await head.shot("letter-reviewed");
  });

  step("the secretary general signs it; it takes its number and is delivered", async () => {
    const signatory = await someone("sg.modee");
    await signatory.go(letter.path);
    const receiver = await someone("clerk.mof");
    await receiver.go("/letters/incoming");
    await receiver.page.waitForSelector("[data-row-id]");
    await signatory.step("sign");
    letter.number = await signatory.text("[data-testid=letter-number]");
    assert.match(letter.number, /\d/);
    // Live: the other ministry's open list shows it without being loaded again.
    await receiver.page.locator("[data-row-id]").filter({ hasText: letter.number }).waitFor();
    await signatory.shot("letter-signed");
    await receiver.shot("inbox");
    await receiver.accessible("the inbox");
  });

  step("the ministry that gets it registers it under a number of its own", async () => {
    const clerk = await someone("clerk.mof");
    await clerk.page.locator("[data-row-id]").filter({ hasText: letter.number }).getByRole("link").first().click();
    await clerk.page.waitForURL(/\/letters\/\d+/);
    letter.received = new URL(clerk.page.url()).pathname;
    assert.notEqual(letter.received, letter.path, "each ministry has a record of its own");
    await clerk.step("register");
    letter.theirNumber = await clerk.text("[data-testid=letter-number]");
    assert.match(letter.theirNumber, /^\d+/);
    await clerk.shot("letter-registered");
  });

  step("it is referred to one section for study and reply, to another for information", async () => {
    const { page } = people["clerk.mof"];
    await people["clerk.mof"].action("refer");
    await people["clerk.mof"].press("[data-action=add-target]");
    const [first, second] = [page.locator(".dw-target").nth(0), page.locator(".dw-target").nth(1)];
    await people["clerk.mof"].pick(first.locator("input[name=assignee]"), STUDIES[lang]);
    await first.locator("select[name=instruction]").selectOption("for_study_and_reply");
    await people["clerk.mof"].pick(second.locator("input[name=assignee]"), FOLLOW_UP[lang]);
    await second.locator("select[name=instruction]").selectOption("for_information");
    await people["clerk.mof"].shot("refer");
    await people["clerk.mof"].accessible("referring a letter");
    await people["clerk.mof"].press("[data-action=confirm-refer]");
    await page.locator("[data-action=confirm-refer]").waitFor({ state: "detached" });
    await people["clerk.mof"].shot("letter-referred");
  });

  step("the section that gets a copy has read it", async () => {
    const reader = await someone("followup.head.mof");
    await reader.go(letter.received);
    await reader.sees(SUBJECT[lang]);
    await reader.step("finish");
  });

  step("the section head answers", async () => {
    const head = await someone("studies.head.mof");
    await head.go(letter.received);
    await head.action("answer");
    const { page } = head;
    await page.waitForURL(/reply=/);
    await head.settled();
    // Into the empty line between the reference and the closing.
    await page.locator(".dw-editor .ProseMirror p").nth(2).click();
    await page.keyboard.type("لا مانع من التمويل المطلوب وفق الجدول المرفق بكتابكم.");
    await head.shot("answer");
    await head.press("[data-action=save-submit]");
    await page.waitForURL(/\/letters\/\d+$/);
    letter.answer = new URL(page.url()).pathname;
    await head.shot("answer-sent-up");
  });

  step("the answer is signed and reaches the first ministry, which registers it", async () => {
    const signatory = await someone("sg.mof");
    await signatory.go(letter.answer);
    await signatory.step("sign");
    letter.answerNumber = await signatory.text("[data-testid=letter-number]");
    const clerk = people["clerk.modee"];
    await clerk.go("/letters/incoming");
    await clerk.page.locator("[data-row-id]").filter({ hasText: letter.answerNumber }).getByRole("link").first().click();
    await clerk.page.waitForURL(/\/letters\/\d+/);
    await clerk.step("register");
    await clerk.shot("answer-registered");
  });

  step("both sides see the whole thread with every step", async () => {
    for (const [username, path] of [["clerk.modee", letter.path], ["clerk.mof", letter.received]]) {
      const person = people[username];
      await person.go(`${path}?tab=links`);
      const thread = person.page.locator(".dw-thread");
      await thread.getByText(letter.number).first().waitFor();
      await thread.getByText(letter.answerNumber).first().waitFor();
      // The thread tells the steps of the deliveries.
      await thread.locator("li li").nth(3).waitFor();
      await person.shot(`thread-${username}`);
      await person.go(`${path}?tab=log`);
      await person.shot(`log-${username}`);
    }
  });

  step("an archivist finds it by any word of the text and of the attachments", async () => {
    const archivist = await someone("archivist.mof");
    const { page } = archivist;
    for (const words of searches(letter)[lang]) {
      const asked = async () => {
        await archivist.go("/search");
        await page.fill("[data-testid=search-input]", words);
        await archivist.press("[data-testid=search-go]");
        await page.waitForURL(/[?&]q=/);
        await archivist.settled();
        return page.locator("[data-testid=hit]").filter({ hasText: SUBJECT[lang] }).first().isVisible();
      };
      await until(asked, true, READ_MS).catch(() => assert.fail(`“${words}” does not find the letter`));
    }
    await archivist.shot("search");
    await archivist.accessible("search");
    await page.locator("[data-testid=hit]").filter({ hasText: SUBJECT[lang] }).first().getByRole("link").first().click();
    await archivist.settled();
    await archivist.shot("found");
  });

  step("the print has the letter's text, and its code proves it to anybody", async () => {
    const clerk = people["clerk.modee"];
    await clerk.go(letter.path);
    await clerk.press("[data-view=pdf]");
    await clerk.page.locator(".dw-pdf canvas").first().waitFor();
    await clerk.settled();
    await clerk.shot("letter-pdf");
    const code = await verifyCode(clerk.page);
    const stranger = await guest("stranger");
    await stranger.go(`/verify/${code}`);
    const proof = stranger.page.locator("[data-testid=verify-result]");
    await proof.waitFor();
    await until(() => proof.getAttribute("data-state"), "valid");
    await proof.getByText(letter.number).first().waitFor();
    await stranger.shot("verify");
    await stranger.accessible("the check of a seal");
  });

  step("a third ministry finds nothing of it", async () => {
    const other = await someone("clerk.moh");
    for (const path of [letter.path, letter.received, letter.answer]) {
      await other.go(path);
      await other.page.locator("[data-testid=not-found]").waitFor();
    }
    await other.go(`/search?q=${encodeURIComponent(SUBJECT[lang])}`);
    await other.page.locator("[data-testid=search-total]").waitFor();
    assert.equal(await other.page.locator("[data-testid=hit]").filter({ hasText: SUBJECT[lang] }).count(), 0);
  });

  step("it can be read on a phone", async () => {
    const clerk = await guest("phone", { viewport: PHONE });
    await clerk.signIn("clerk.modee");
    for (const [path, name] of [[letter.path, "phone-letter"], ["/letters/incoming", "phone-inbox"], ["/letters/new", "phone-compose"], ["/search?q=التمويل", "phone-search"]]) {
      await clerk.go(path);
      await clerk.fits(name);
      await clerk.shot(name);
    }
  });
}

/** Each of these finds the letter: another alef, no tashkeel, with and without the article, numbers in either digits. */
function searches({ number }) {
  const arabicDigits = number.replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]);
  return {
    ar: ["منصه الخدمات الالكترونيه", "خدمات إلكترونية موحدة", "المقايسات الاولية", "QX4471", number, arabicDigits, '"تمويل منصة الخدمات"'],
    en: ["مركز اعمال رقمي", "معان الرقميه", "الاشرافات هندسية", "QX4472", number, arabicDigits, '"تمويل مركز الأعمال"'],
  };
}

/** The code printed under the QR, read from the letter's page. */
async function verifyCode(page) {
  await page.locator("[data-view=paper]").click();
  return (await page.locator("a[href^='/verify/']").innerText()).trim();
}

/** A formatted text with a table. */
async function write(page, lang) {
  const editor = page.locator(".dw-editor .ProseMirror").first();
  await editor.click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("تحية طيبة وبعد،");
  await page.keyboard.press("Enter");
  await page.keyboard.type("أرجو التكرم بالموافقة على ");
  await page.keyboard.press("Control+B");
  await page.keyboard.type(SUBJECT[lang]);
  await page.keyboard.press("Control+B");
  await page.keyboard.type(" بمبلغ 125,400.750 دينارًا وفق الجدول الآتي:");
  await page.keyboard.press("Enter");
  await page.locator("[data-testid=editor-table]").click();
  for (const cell of ["البند", "العدد", "الكلفة (دينار)", "محطة ربط", "12", "98,000.000"]) {
    await page.keyboard.type(cell);
    await page.keyboard.press("Tab");
  }
}
