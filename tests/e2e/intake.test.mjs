// Many files come in at once; a protected file is opened with its password.
import { readFileSync } from "node:fs";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, fill } from "./support/forms.mjs";
import { docx, pdf } from "./support/files.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();
/** A job files what was sent and reads it. */
const READ_MS = 120_000;
const SHARED = process.env.DIWAN_TEST_DATA ?? "../../../shared/data";

for (const lang of ["ar", "en"]) describe(`bringing files in (${lang})`, () => intake(lang));

function intake(lang) {
  const { someone, people, step } = journey(on, lang);
  const name = `صندوق ${lang} ${RUN}`;
  const plain = (n) => ({ name: `كتاب ${n} ${lang} ${RUN}.pdf`, mimeType: "application/pdf", buffer: pdf(`letter ${n} ${lang} ${RUN}`) });

  step("no files are chosen, which is said", async () => {
    const archivist = await someone("archivist.modee");
    await archivist.go("/archive");
    await archivist.press("[data-testid=imports-link]");
    await archivist.page.waitForURL(/\/archive\/imports$/);
    await archivist.press("[data-testid=new-import]");
    await archivist.press("[data-testid=send-import]");
    await dialog(archivist).getByText(text(lang, "document-no-file")).waitFor();
    await archivist.accessible("a new import");
    await archivist.shot("import-new");
  });

  step("files with a table become documents; each says what became of it", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    await fill(archivist, { name });
    const table = `path,subject,date\n${plain(1).name},موضوع من الجدول ${lang} ${RUN},2026-01-05\n${plain(2).name},تاريخ خاطئ,2026-02-31\n`;
    await dialog(archivist).locator("[data-testid=import-table]").setInputFiles([{ name: "table.csv", mimeType: "text/csv", buffer: Buffer.from(table) }]);
    await dialog(archivist).locator("[data-testid=import-files]").setInputFiles([
      plain(1), plain(2), plain(3),
      { ...plain(3), name: `نسخة ${lang} ${RUN}.pdf` },
      { name: `مذكرة ${lang} ${RUN}.docx`, mimeType: "application/octet-stream", buffer: docx(`مذكرة ${lang} ${RUN}`) },
    ]);
    await dialog(archivist).locator("[data-testid=chosen-files]").waitFor();
    await archivist.shot("import-chosen");
    await archivist.press("[data-testid=send-import]");
    await page.waitForURL(/\/archive\/imports\/\d+$/);
    await page.locator("[data-testid=import][data-state=done]").waitFor({ timeout: READ_MS });
    const count = async (code) => (await page.locator(`[data-count=${code}]`).innerText()).replace(/\D/g, "");
    await until(() => count("filed"), "3");
    await until(() => count("duplicate"), "1");
    await until(() => count("refused"), "1");
    await archivist.accessible("an import");
    await archivist.shot("import-done");
    await page.setViewportSize(PHONE);
    await archivist.shot("import-phone");
    await page.setViewportSize({ width: 1280, height: 800 });
    await archivist.sees(text(lang, "import-file-duplicate"));
  });

  step("an import can be left and found again", async () => {
    const archivist = people["archivist.modee"];
    await archivist.go("/archive/imports");
    await archivist.sees(name);
    await archivist.shot("imports");
  });

  step("a protected file asks for its password, which is told when it is wrong", async () => {
    const archivist = people["archivist.modee"];
    const { page } = archivist;
    await archivist.go("/archive");
    await archivist.press("[data-testid=new-document]");
    await fill(archivist, { subject: `محمي ${lang} ${RUN}` });
    const file = readFileSync(`${SHARED}/documents/bad-input/${{ ar: "password-is-test.pdf", en: "bug53475-password-is-solrcell.docx" }[lang]}`);
    await dialog(archivist).locator("input[type=file]").setInputFiles([{ name: `محمي.${{ ar: "pdf", en: "docx" }[lang]}`, mimeType: "application/octet-stream", buffer: file }]);
    await archivist.press("[data-testid=file-document]");
    await page.waitForURL(/\/archive\/\d+$/);
    const form = page.locator("[data-testid=file-password]");
    await form.waitFor({ timeout: READ_MS });
    await form.locator("input").fill("wrong");
    await archivist.press("[data-testid=try-password]");
    await form.getByText(text(lang, "err-wrong-file-password")).waitFor();
    await archivist.shot("file-password");
    await form.locator("input").fill({ ar: "test", en: "solrcell" }[lang]);
    await archivist.press("[data-testid=try-password]");
    await archivist.sees(text(lang, "file-password-right"), ".dw-toasts");
    await form.waitFor({ state: "detached" });
  });
}
