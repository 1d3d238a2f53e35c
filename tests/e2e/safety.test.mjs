// What is kept is looked after: files are checked, a backup comes back; who may see what for how long, and who saw it.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { day } from "./support/days.mjs";
import { beginDrill, drillPassed } from "./support/drills.mjs";
import { pdf } from "./support/files.mjs";
import { dialog, fill, refused, row, save } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const ADMIN = "admin.modee";
const ARCHIVIST = "archivist.modee";
const CLERK = "studies.head.modee";
/** Every file of the demonstration is read. */
const CHECKED_MS = 240_000;

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`safekeeping (${lang})`, () => safekeeping(lang));
  describe(`access for a time (${lang})`, () => access(lang));
}

function safekeeping(lang) {
  const { someone, people, step } = journey(on, lang);

  step("every file is checked", async () => {
    const admin = await someone(ADMIN);
    await admin.go("/admin/safety");
    const report = () => admin.page.evaluate(async () => (await fetch("/api/fixity")).json());
    const { last } = await report();
    await admin.press("[data-testid=run-fixity]");
    // It says so already where it was checked before.
    await until(async () => {
      const now = await report();
      return !now.running && now.last?.finished_at !== last?.finished_at;
    }, true, CHECKED_MS);
    await admin.page.getByText(text(lang, "fixity-good")).first().waitFor();
    await admin.accessible("safekeeping");
    await admin.shot("safety");
  });

  step("a restore drill is begun, left and found again, and its certificate is taken along", async () => {
    const admin = people[ADMIN];
    const drill = await beginDrill(admin);
    await admin.page.locator(drill).waitFor();
    await admin.go("/admin/jobs");
    await admin.go("/admin/safety");
    await drillPassed(admin, drill);
    await admin.shot("drill");
    await admin.page.setViewportSize(PHONE);
    await admin.fits("safekeeping");
  });
}

function access(lang) {
  const { someone, people, step } = journey(on, lang);
  const subject = `${{ ar: "كشف العهد", en: "قائمة الموجودات" }[lang]} ${RUN} ${lang}`;
  const lastDay = day(9);
  let item;
  let name;

  step("a grant without its receiver and day is refused at the fields", async () => {
    const archivist = await someone(ARCHIVIST);
    name = await (await someone(CLERK)).name();
    await archivist.go("/archive");
    await archivist.press("[data-testid=new-document]");
    await fill(archivist, { subject });
    await dialog(archivist).locator("input[type=file]").setInputFiles([{ name: "كشف.pdf", mimeType: "application/pdf", buffer: pdf("list") }]);
    await archivist.press("[data-testid=file-document]");
    await archivist.page.waitForURL(/\/archive\/\d+$/);
    item = new URL(archivist.page.url()).pathname;
    await archivist.page.getByRole("tab", { name: text(lang, "access"), exact: true }).click();
    await archivist.press("[data-testid=new-grant]");
    assert.deepEqual(await refused(archivist, "to"), { to: text(lang, "err-required") });
  });

  step("who sees nothing asks, and is told nothing", async () => {
    const clerk = people[CLERK];
    await clerk.go(item);
    await clerk.page.locator("[data-testid=not-found]").waitFor();
    await clerk.press("[data-testid=ask-access]");
    await fill(clerk, { reason: "للجرد السنوي" }, clerk.page.locator("[data-testid=access-requests]"));
    await clerk.press("[data-testid=send-request]");
    await clerk.page.locator("[data-testid=access-requests] [data-state=open]").first().waitFor();
    await clerk.accessible("asking for access");
    await clerk.shot("access-request");
  });

  step("the archivist approves until a day, and the document opens", async () => {
    const archivist = people[ARCHIVIST];
    await archivist.go("/admin/requests");
    await row(archivist, subject).locator("[data-action=approve]").click();
    await fill(archivist, { until: lastDay });
    await save(archivist);
    const clerk = people[CLERK];
    await clerk.go(item);
    await clerk.sees(subject);
    await archivist.go(item);
    await archivist.page.getByRole("tab", { name: text(lang, "access"), exact: true }).click();
    await archivist.page.locator("[data-testid=grants] [data-in-force=true]").getByText(name).first().waitFor();
    await archivist.shot("grants");
  });

  step("taken back, it is closed again; and the auditor sees who saw it", async () => {
    const archivist = people[ARCHIVIST];
    await archivist.page.locator("[data-testid=grants] [data-action=revoke]").first().click();
    await archivist.page.locator("[data-testid=grants] [data-in-force=false]").first().waitFor();
    const clerk = people[CLERK];
    await clerk.go(item);
    await clerk.page.locator("[data-testid=not-found]").waitFor();
    const admin = await someone(ADMIN);
    // What was seen is written down a moment after the answer.
    await until(() => admin.page.evaluate(async (subject) => (await (await fetch("/api/views")).text()).includes(subject), subject));
    await admin.go("/admin/views");
    await admin.page.locator("main").getByText(subject).first().waitFor();
    await admin.accessible("who saw what");
    await admin.shot("views");
    await admin.page.setViewportSize(PHONE);
    await admin.fits("who saw what");
  });
}
