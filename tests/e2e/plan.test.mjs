// The keeper of the plan: classes, kinds of documents with fields of their own, a document filed under both, its file.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { dialog, download, faultOf, fill, refused, row, save } from "./support/forms.mjs";
import { pdf } from "./support/files.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();

for (const lang of ["ar", "en"]) describe(`the order of the archive (${lang})`, () => ordering(lang));

function ordering(lang) {
  const { someone, people, step } = journey(on, lang);
  const code = `9${RUN}${lang}`;
  const name = `الشؤون الرقابية ${RUN} ${lang}`;
  const kind = `محضر معاينة ${RUN} ${lang}`;
  const subject = `معاينة الموقع ${RUN} ${lang}`;

  step("a class is added; what is missing is said at its field", async () => {
    const keeper = await someone("archivist.modee");
    await keeper.go("/archive/plan");
    await keeper.press("[data-testid=new-class]");
    await fill(keeper, { code: "a b" });
    const said = await refused(keeper, "code", "name_ar");
    assert.equal(said.code, text(lang, "err-bad-code-form"));
    assert.equal(said.name_ar, text(lang, "err-required"));
    // The first stands for none.
    const schedule = await dialog(keeper).locator("[name=schedule_id] option").nth(1).getAttribute("value");
    await fill(keeper, { code, name_ar: name, name_en: code, secrecy: "restricted", schedule_id: schedule });
    await keeper.shot("class");
    await save(keeper);
    await keeper.sees(code);
    await keeper.accessible("the classification plan");
  });

  step("the plan is taken along as a table", async () => {
    const file = await download(people["archivist.modee"], "[data-action=export]");
    assert.equal(file.name, "plan.xlsx");
    assert.equal(file.bytes.subarray(0, 2).toString(), "PK");
  });

  step("a kind asks for fields of its own", async () => {
    const keeper = people["archivist.modee"];
    await keeper.go("/archive/types");
    await keeper.press("[data-testid=new-type]");
    await fill(keeper, { code, name_ar: kind, name_en: kind });
    await keeper.press("[data-testid=new-field]");
    const field = dialog(keeper).locator("[data-field='0']");
    await fill(keeper, { field_code_0: "place", name_ar: "الموقع", name_en: "Place" }, field);
    await field.getByRole("checkbox").check();
    await keeper.shot("type");
    await save(keeper);
    await row(keeper, kind).waitFor();
    await keeper.accessible("the kinds of documents");
  });

  step("filing proposes the secrecy of the class and asks for the fields", async () => {
    const keeper = people["archivist.modee"];
    await keeper.go("/archive");
    await keeper.press("[data-testid=new-document]");
    await fill(keeper, { subject, class_code: code });
    await until(() => dialog(keeper).locator("[name=secrecy]").inputValue(), "restricted");
    await dialog(keeper).locator("[name=type_id]").selectOption({ label: kind });
    await dialog(keeper).locator("input[type=file]").setInputFiles([{ name: "معاينة.pdf", mimeType: "application/pdf", buffer: pdf(`site ${RUN}`) }]);
    await keeper.press("[data-testid=file-document]");
    assert.equal(await faultOf(dialog(keeper), "value_place"), text(lang, "err-required"));
    await fill(keeper, { value_place: "السلط", tags: "معاينة، ميداني" });
    await keeper.shot("filing-kind");
    await keeper.press("[data-testid=file-document]");
    await keeper.page.waitForURL(/\/archive\/\d+$/);
    await keeper.sees("السلط");
  });

  step("a class in use is not removed: what is under it is told", async () => {
    const keeper = people["archivist.modee"];
    await keeper.go("/archive/plan");
    await keeper.page.getByRole("treeitem").filter({ hasText: code }).first().click();
    await keeper.press("[data-testid=remove-class]");
    await dialog(keeper).getByRole("button", { name: text(lang, "class-remove"), exact: true }).click();
    await dialog(keeper).locator(".dw-alert.bad").getByText(code).waitFor();
    await keeper.shot("class-in-use");
  });
}
