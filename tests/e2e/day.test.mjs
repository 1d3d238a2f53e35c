// A day of an archivist: a folder of two hundred mixed files comes in, doubtful words are looked at, a paper is classified
// and found by a word that only its scan has, another is held and set free and destroyed by a committee, and the restore
// drill shows that all of it would come back.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE, WIDE } from "./support/browser.mjs";
import { beginDrill, drillPassed } from "./support/drills.mjs";
import { dialog, fill, row, save } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { folder } from "./support/mixed.mjs";
import { pdf } from "./support/files.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const FILES = 200;
/** Text of all files, pages of all scans; what a job does waits for those that are being read. */
const READ_MS = 900_000;
/** Stands on one scan only, and in no name. */
const SCANNED = { file: "derived-arabic scan_02.jpg", words: "الأمن الحيوي للروبيان المستزرع", typed: "للروبيان" };

const on = stage();

// Each language in a ministry of its own: what is filed already is not filed again.
for (const [lang, agency] of [["ar", "modee"], ["en", "mof"]]) describe(`an archivist's day (${lang})`, () => day(lang, agency));

function day(lang, agency) {
  const { someone, people, step } = journey(on, lang);
  const ARCHIVIST = `archivist.${agency}`;
  const name = `دفعة ${lang} ${RUN}`;
  const scan = `دليل ممسوح ${lang} ${RUN}`;
  const old = { file: `old ${lang} ${RUN}.pdf`, subject: `سجل حركة مركبة ${lang} ${RUN}`, words: `mileage KX${RUN}${lang}` };
  const reason = `قضية ${lang} ${RUN}`;
  const read = `مراجعةيدوية${RUN}${lang}`;
  const files = [...folder(FILES - 1, (n) => `letter ${n} ${lang} ${RUN}`), { name: old.file, mimeType: "application/pdf", buffer: pdf(old.words) }];
  let paper;

  step("a folder of two hundred mixed files comes in, with a table of what is known", async () => {
    const archivist = await someone(ARCHIVIST);
    const { page } = archivist;
    await archivist.go("/archive/imports");
    await archivist.press("[data-testid=new-import]");
    await fill(archivist, { name });
    const table = `path,subject,date,class\n${SCANNED.file},${scan},2026-03-01,1100\n${old.file},${old.subject},2010-02-01,5000\n`;
    await dialog(archivist).locator("[data-testid=import-table]").setInputFiles([{ name: "table.csv", mimeType: "text/csv", buffer: Buffer.from(table) }]);
    await dialog(archivist).locator("[data-testid=import-files]").setInputFiles(files);
    await dialog(archivist).locator("[data-testid=chosen-files]").waitFor();
    await archivist.shot("day-chosen");
    await archivist.press("[data-testid=send-import]");
    await page.waitForURL(/\/archive\/imports\/\d+$/, { timeout: READ_MS });
  });

  step("it is left and found again; every file has its end", async () => {
    const archivist = people[ARCHIVIST];
    const { page } = archivist;
    await archivist.go("/archive");
    await archivist.go("/archive/imports");
    await row(archivist, name).dblclick();
    await page.waitForURL(/\/archive\/imports\/\d+$/);
    await page.locator("[data-testid=import][data-state=done]").waitFor({ timeout: READ_MS });
    const counts = await page.locator("[data-count]").evaluateAll((all) => all.map((one) => [one.dataset.count, Number(one.innerText.replace(/\D/g, ""))]));
    const sum = counts.reduce((sum, [, count]) => sum + count, 0);
    assert.equal(sum, FILES, JSON.stringify(counts));
    assert.equal(Object.fromEntries(counts).failed ?? 0, 0);
    await archivist.shot("day-import");
  });

  step("a doubtful word is read at the check desk, and found at once by what was read", async () => {
    const archivist = people[ARCHIVIST];
    const { page } = archivist;
    const waiting = row(archivist, scan);
    await until(async () => {
      await archivist.go("/archive/check");
      return waiting.isVisible();
    }, true, READ_MS);
    await archivist.shot("day-desk");
    await archivist.accessible("the check desk");
    await waiting.dblclick();
    const check = page.locator("[data-testid=check]");
    const words = check.locator("input[data-word]");
    await words.first().waitFor();
    await pictured(page);
    await archivist.shot("day-check");
    await archivist.accessible("a page that is checked");
    await words.first().fill(read);
    await check.locator("[data-testid=save-words]").click();
    await until(async () => {
      await archivist.go(`/search?q=${encodeURIComponent(read)}`);
      return page.locator("[data-testid=hit]").filter({ hasText: scan }).isVisible();
    }, true, READ_MS);
  });

  step("the paper is classified", async () => {
    const archivist = people[ARCHIVIST];
    const { page } = archivist;
    await page.locator("[data-testid=hit]").filter({ hasText: scan }).getByRole("link").first().click();
    await page.waitForURL(/\/archive\/\d+/);
    paper = new URL(page.url()).pathname;
    await archivist.action("edit");
    await fill(archivist, { class_code: "1200" });
    await archivist.press("[data-testid=save-document]");
    await dialog(archivist).waitFor({ state: "detached" });
    await archivist.sees("1200");
  });

  step("it is found by a word that only the scan has, and the word is marked on the image", async () => {
    const archivist = people[ARCHIVIST];
    const { page } = archivist;
    const hit = page.locator("[data-testid=hit]").filter({ hasText: scan });
    await until(async () => {
      await archivist.go(`/search?q=${encodeURIComponent(SCANNED.typed)}`);
      return hit.first().isVisible();
    }, true, READ_MS);
    await hit.first().click();
    await page.locator("[data-testid=search-page] .dw-scan__page i.found").first().waitFor();
    await pictured(page);
    await archivist.shot("day-found");
    await archivist.go(`/search?q=${encodeURIComponent(`"${SCANNED.words}"`)}`);
    await hit.first().getByRole("link").first().click();
    await page.waitForURL(/\/archive\/\d+/);
    await page.locator(".dw-scan__page i.found").first().waitFor();
    await pictured(page);
    await archivist.shot("day-marked");
    await archivist.accessible("a scan with what was found");
    await page.setViewportSize(PHONE);
    await archivist.fits("a scan");
    await archivist.shot("day-marked-phone");
    await page.setViewportSize(WIDE);
  });

  step("an old paper is due; while it is held nobody can choose it", async () => {
    const archivist = people[ARCHIVIST];
    const { page } = archivist;
    await archivist.go("/archive/due");
    await row(archivist, old.subject).getByRole("link").click();
    await page.waitForURL(/\/archive\/\d+$/);
    await page.locator("[data-tab=keeping]").click();
    await archivist.press("[data-testid=hold]");
    await fill(archivist, { reason });
    await save(archivist);
    await archivist.go("/archive/due");
    await until(() => row(archivist, old.subject).getByRole("checkbox").isDisabled());
    await archivist.shot("day-due");
    await archivist.accessible("what is due");
    await archivist.go("/archive/holds");
    await row(archivist, reason).locator("[data-action=lift]").click();
    await fill(archivist, { reason: "انتهت القضية" });
    await save(archivist);
  });

  step("a committee of two destroys it; the certificate stays", async () => {
    const archivist = people[ARCHIVIST];
    const { page } = archivist;
    await archivist.go("/archive/due");
    await row(archivist, old.subject).getByRole("checkbox").check();
    await archivist.press("[data-testid=propose]");
    await fill(archivist, { reason: "انتهت مدة الحفظ" });
    await dialog(archivist).locator("[data-testid=save]").click();
    await page.waitForURL(/\/archive\/disposals\/\d+$/);
    const act = new URL(page.url()).pathname;
    await page.locator("[data-testid=disposal-items] [data-row-id]").first().waitFor();
    assert.equal(await page.locator("[data-testid=confirm-disposal]").count(), 0, "who proposed does not confirm");
    for (const login of ["sg", "clerk"]) {
      const member = await someone(`${login}.${agency}`);
      await member.go(act);
      await member.sees(old.subject);
      if (login === "sg") {
        await member.shot("day-act");
        await member.accessible("an act of destruction");
      }
      await member.press("[data-testid=confirm-disposal]");
      await dialog(member).getByRole("button", { name: text(lang, "disposal-confirm"), exact: true }).click();
      await dialog(member).waitFor({ state: "detached" });
    }
    await archivist.go(act);
    await page.locator("[data-testid=disposal-items] [data-state=destroyed]").waitFor({ timeout: READ_MS });
    const certificate = page.getByRole("link", { name: text(lang, "disposal-certificate-open") });
    await until(async () => {
      await archivist.go(act);
      return certificate.isVisible();
    }, true, READ_MS);
    await archivist.shot("day-destroyed");
    await row(archivist, old.subject).getByRole("link").click();
    await archivist.sees(text(lang, "document-destroyed-text"));
    await archivist.shot("day-residual");
    await archivist.go(act);
    await certificate.click();
    await page.locator(".dw-pdf canvas").first().waitFor();
    await archivist.shot("day-certificate");
    await until(async () => {
      await archivist.go(`/search?q=${encodeURIComponent(`KX${RUN}${lang}`)}`);
      await page.locator("[data-testid=search-total]").waitFor();
      return page.locator("[data-testid=hit]").filter({ hasText: old.subject }).count();
    }, 0, READ_MS);
  });

  step("the classified paper is still there, and the restore drill shows that all would come back", async () => {
    await people[ARCHIVIST].go(paper);
    await people[ARCHIVIST].sees(scan);
    const admin = await someone("admin.modee");
    await admin.go("/admin/safety");
    await drillPassed(admin, await beginDrill(admin));
    await admin.shot("day-drill");
  });
}

/** The picture of the scanned page is there, not only its words. */
const pictured = (page) =>
  page.waitForFunction(() => [...document.querySelectorAll(".dw-scan__page img")].some((image) => image.complete && image.naturalWidth > 100), null, { timeout: 60_000 });
