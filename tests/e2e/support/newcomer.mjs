// A user of the test's own, so that the demonstration's people keep their passwords and their state.
import { dialog, fill, tick } from "./forms.mjs";
import { text } from "./texts.mjs";

/** A role that may write and read letters, by its name in both languages. */
export const CLERK = { ar: "موظف الديوان", en: "Registry clerk" };

/** An administrator makes a user; gives the password that is told once. */
export async function makeUser(admin, { username, name, role = CLERK }) {
  await admin.go("/admin/users");
  await admin.press("[data-testid=new-user]");
  await fill(admin, { username, name_ar: name, lang: admin.lang });
  await tick(admin, role[admin.lang]);
  await dialog(admin).locator("[data-testid=save]").click();
  const told = await admin.text("[data-testid=temporary-password]");
  await admin.press("[data-testid=password-noted]");
  return told;
}

/** The first sign-in of a user, who chooses a password. */
export async function firstSignIn(person, username, told, password) {
  await person.enter(username, told);
  await person.page.fill("[name=new]", password);
  await person.page.fill("[name=again]", password);
  await person.press("[data-testid=sign-in]");
  await person.page.waitForSelector("[data-testid=user-menu]");
}

/** What is said when name or password are wrong. */
export const wrongCredentials = (person) => person.page.getByText(text(person.lang, "err-bad-credentials"));
