// Forms and lists as people use them: fill in, save, read what is said beside a field, find a row.
import assert from "node:assert/strict";

/** The dialog that is open. */
export const dialog = (person) => person.page.locator("dialog[open]").last();

/** Fills fields by their names; of a choice the value, of a picker (`{ pick: words }`) the first that is offered. */
export async function fill(person, values, within = dialog(person)) {
  for (const [name, value] of Object.entries(values)) {
    const field = within.locator(`[name="${name}"]`).first();
    await field.waitFor({ state: "attached" });
    await unfold(field);
    await field.waitFor();
    if (typeof value === "object") await person.pick(field, value.pick);
    else if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Opens what a field lies behind, where that is closed. */
export async function unfold(field) {
  const closed = field.locator("xpath=ancestor::details[not(@open)]");
  if (await closed.count()) await closed.locator("summary").click();
}

/** Ticks or unticks a box by its words. */
export async function tick(person, words, on = true, within = dialog(person)) {
  await within.getByRole("checkbox", { name: words, exact: true }).setChecked(on);
}

/** Sends the form of the dialog; it closes, because nothing is wrong. */
export async function save(person) {
  const form = dialog(person);
  await form.locator("[data-testid=save]").click();
  await form.waitFor({ state: "detached" });
  await person.settled();
}

/** Sends the form of the dialog and gets what is said beside each of these fields; the dialog stays. */
export async function refused(person, ...names) {
  const form = dialog(person);
  await form.locator("[data-testid=save]").click();
  const said = {};
  for (const name of names) said[name] = await faultOf(form, name);
  return said;
}

/** What is said beside a field, which is marked as wrong and is read out with it. */
export async function faultOf(within, name) {
  const field = within.locator(`[name="${name}"][aria-invalid=true]`).first();
  await field.waitFor();
  const id = await field.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "").split(" ").find((id) => id.endsWith("-error")));
  assert.ok(id, `what is wrong with ${name} is not bound to it`);
  return (await within.locator(`[id="${id}"]`).innerText()).trim();
}

/** The row of a list that holds these words. */
export const row = (person, words) => person.page.locator("main [data-row-id]").filter({ hasText: words }).first();

/** Filters a list by a text; the list follows once the typing rests. */
export async function search(person, words) {
  await person.page.locator(".dw-tools input[type=search]").fill(words);
  await person.page.waitForURL((url) => url.searchParams.get("q") === words);
  await person.settled();
}

/** Saves what a press downloads: its name and bytes. */
export async function download(person, selector) {
  const coming = person.page.waitForEvent("download");
  await person.press(selector);
  const file = await coming;
  const parts = [];
  for await (const part of await file.createReadStream()) parts.push(part);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(parts) };
}
