// Keeping: a document under its schedule, frozen by a hold and set free again; the lists that teach when they are empty.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { dialog, fill, refused, row, save } from "./support/forms.mjs";
import { pdf } from "./support/files.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";

const on = stage();

for (const lang of ["ar", "en"]) describe(`keeping (${lang})`, () => keeping(lang));

function keeping(lang) {
  const { someone, people, step } = journey(on, lang);
  const subject = `سجل مركبة ${RUN} ${lang}`;
  const reason = `قضية رقم ${RUN} ${lang}`;
  let item;

  step("a filed document tells its schedule and its day", async () => {
    const keeper = await someone("archivist.modee");
    await keeper.go("/archive");
    await keeper.press("[data-testid=new-document]");
    await fill(keeper, { subject, class_code: "5000" });
    await dialog(keeper).locator("input[type=file]").setInputFiles([{ name: "سجل.pdf", mimeType: "application/pdf", buffer: pdf(`vehicle ${RUN}`) }]);
    await keeper.press("[data-testid=file-document]");
    await keeper.page.waitForURL(/\/archive\/\d+$/);
    item = new URL(keeper.page.url()).pathname;
    await keeper.page.locator("[data-tab=keeping]").click();
    await keeper.sees(text(lang, "fate-destroy"));
    await keeper.shot("keeping");
    await keeper.accessible("how a document is kept");
  });

  step("a hold without a reason is refused; with one it freezes the files", async () => {
    const keeper = people["archivist.modee"];
    await keeper.press("[data-testid=hold]");
    assert.equal((await refused(keeper, "reason")).reason, text(lang, "err-required"));
    await fill(keeper, { reason });
    await save(keeper);
    await keeper.sees(reason);
  });

  step("the hold stands in the list and is lifted with a reason", async () => {
    const keeper = people["archivist.modee"];
    await keeper.go("/archive/holds");
    await row(keeper, reason).locator("[data-action=lift]").click();
    await fill(keeper, { reason: "انتهت القضية" });
    await save(keeper);
    await row(keeper, reason).getByText(text(lang, "hold-lifted")).waitFor();
    await keeper.shot("holds");
    await keeper.accessible("the holds");
  });

  step("nothing is due yet, and the lists say when something will be", async () => {
    const keeper = people["archivist.modee"];
    for (const [page, key] of [["due", "due-empty"], ["disposals", "disposals-empty"]]) {
      await keeper.go(`/archive/${page}`);
      await keeper.sees(text(lang, key));
    }
    await keeper.page.setViewportSize(PHONE);
    await keeper.go(item);
    await keeper.shot("keeping-phone");
  });
}
