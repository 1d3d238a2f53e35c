// One's own account: password, one-time code, sessions, language and look, notifications.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe } from "node:test";

import { PHONE } from "./support/browser.mjs";
import { faultOf } from "./support/forms.mjs";
import { RUN, journey, stage } from "./support/journey.mjs";
import { firstSignIn, makeUser, wrongCredentials } from "./support/newcomer.mjs";
import { text } from "./support/texts.mjs";
import { until } from "./support/until.mjs";

const on = stage();

for (const lang of ["ar", "en"]) {
  describe(`signing in (${lang})`, () => signingIn(lang));
  describe(`language and look (${lang})`, () => look(lang));
  describe(`notifications (${lang})`, () => bell(lang));
}

function signingIn(lang) {
  const { someone, guest, people, step } = journey(on, lang);
  const username = `salma.${lang}.${RUN}`;
  const passwords = { first: `first-password-${lang}`, second: `second-password-${lang}` };
  let secret;

  step("a wrong old password is refused at its field, different new ones before they are sent", async () => {
    const told = await makeUser(await someone("admin.modee"), { username, name: `سلمى الزعبي ${RUN}` });
    const salma = await guest("salma");
    await firstSignIn(salma, username, told, passwords.first);
    await salma.go("/me");
    const { page } = salma;
    await page.fill("[name=new]", passwords.second);
    await page.fill("[name=again]", `${passwords.second} other`);
    assert.equal(await faultOf(page.locator("main"), "again"), text(lang, "passwords-differ"));
    await until(() => page.locator("[data-testid=change-password]").isDisabled());
    await page.fill("[name=again]", passwords.second);
    await page.fill("[name=current]", "not-the-password");
    await salma.press("[data-testid=change-password]");
    assert.equal(await faultOf(page.locator("main"), "current"), text(lang, "err-wrong-password"));
    // What was typed stays.
    await until(() => page.inputValue("[name=new]"), passwords.second);
    await salma.shot("password-refused");
    await salma.accessible("a refused change of password");
  });

  step("with the right one it is changed; only the new one lets in", async () => {
    const { salma } = people;
    await salma.page.fill("[name=current]", passwords.first);
    await salma.press("[data-testid=change-password]");
    await salma.page.locator(".dw-toasts").getByText(text(lang, "saved")).waitFor();
    await until(() => salma.page.inputValue("[name=new]"), "");
    const old = await guest("old password");
    await old.enter(username, passwords.first);
    await wrongCredentials(old).waitFor();
    await old.signIn(username, passwords.second);
  });

  step("the other browser is listed, and signed out when its session is ended", async () => {
    const { salma, "old password": other } = people;
    await salma.go("/me");
    const sessions = salma.page.locator("[data-testid=me] [data-row-id]");
    await until(() => sessions.count(), 2);
    await sessions.filter({ hasText: text(lang, "session-this") }).getByText("Chrome").waitFor();
    await salma.shot("sessions");
    await sessions.filter({ hasNotText: text(lang, "session-this") }).getByRole("button").click();
    await sessions.nth(1).waitFor({ state: "detached" });
    await other.page.goto("/letters/incoming");
    await other.page.waitForSelector("[name=username]");
    assert.equal(await other.page.locator("[data-row-id]").count(), 0);
    await salma.go("/letters/incoming");
    await salma.page.waitForSelector("[data-row-id]");
  });

  step("the one-time code is switched on with a first code; a wrong one is refused", async () => {
    const { salma } = people;
    await salma.go("/me");
    await salma.press("[data-testid=totp-enable]");
    secret = await salma.text("[data-testid=totp-secret]");
    assert.match(secret, /^[A-Z2-7 ]{32,}$/);
    // The square is drawn.
    await until(() => salma.page.locator("[data-testid=me] form img").evaluate((image) => image.complete && image.naturalWidth > 0));
    await salma.page.fill("[name=code]", wrongCode(secret));
    await salma.press("[data-testid=totp-confirm]");
    await salma.page.getByText(text(lang, "err-bad-code")).first().waitFor();
    await salma.shot("totp-refused");
    await salma.accessible("setting up a one-time code");
    await salma.page.fill("[name=code]", oneTimeCode(secret));
    await salma.press("[data-testid=totp-confirm]");
    await salma.page.getByText(text(lang, "totp-on")).waitFor();
    await salma.shot("totp-on");
  });

  step("from now on a sign-in asks for a code, and takes each code once", async () => {
    const { "old password": other } = people;
    await other.enter(username, passwords.second);
    await other.page.waitForSelector("[name=code]");
    await other.shot("totp-sign-in");
    await other.accessible("the code at the sign-in");
    await other.page.fill("[name=code]", wrongCode(secret));
    await other.press("[data-testid=sign-in]");
    await other.page.getByText(text(lang, "err-bad-code")).first().waitFor();
    const code = oneTimeCode(secret, 1);
    await other.page.fill("[name=code]", code);
    await other.press("[data-testid=sign-in]");
    await other.page.waitForSelector("[data-testid=user-menu]");
    const thief = await guest("thief");
    await thief.enter(username, passwords.second);
    await thief.page.waitForSelector("[name=code]");
    await thief.page.fill("[name=code]", code);
    await thief.press("[data-testid=sign-in]");
    await thief.page.getByText(text(lang, "err-bad-code")).first().waitFor();
    assert.equal(await thief.page.locator("[data-testid=user-menu]").count(), 0);
  });

  step("it is switched off with the password only", async () => {
    const { salma } = people;
    await salma.go("/me");
    await salma.page.fill("[name=password]", "not-the-password");
    await salma.press("[data-testid=totp-disable]");
    await salma.page.getByText(text(lang, "err-wrong-password")).first().waitFor();
    await salma.shot("totp-off-refused");
    await salma.page.fill("[name=password]", passwords.second);
    await salma.press("[data-testid=totp-disable]");
    await salma.page.waitForSelector("[data-testid=totp-enable]");
    const again = await guest("without code");
    await again.signIn(username, passwords.second);
  });

  step("the account fits a phone", async () => {
    const phone = await guest("phone", { viewport: PHONE });
    await phone.signIn(username, passwords.second);
    await phone.go("/me");
    await phone.press("[data-testid=totp-enable]");
    await phone.page.waitForSelector("[data-testid=totp-secret]");
    await phone.fits("the account");
    await phone.shot("phone-account", { fullPage: true });
  });
}

function look(lang) {
  const { someone, step } = journey(on, lang);
  const other = { ar: "en", en: "ar" }[lang];
  const dir = { ar: "rtl", en: "ltr" };

  step("another language and the dark theme are there after a reload, and everywhere", async () => {
    const person = await someone("sg.moj");
    const { page } = person;
    await choose(page, text(lang, `lang-${other}`));
    await until(() => page.evaluate(() => document.documentElement.dir), dir[other]);
    await choose(page, text(other, "theme-dark"));
    await until(() => page.evaluate(() => document.documentElement.classList.contains("pf-v6-theme-dark")));
    await person.settled();
    await page.reload();
    await person.settled();
    assert.deepEqual(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang,
      document.documentElement.classList.contains("pf-v6-theme-dark")]), [dir[other], other, true]);
    await page.getByRole("link", { name: text(other, "nav-archive") }).first().waitFor();
    for (const [path, name, shows] of [["/me", "dark-me", "[data-testid=me]"], ["/letters/incoming", "dark-inbox", "[data-row-id]"], ["/letters/new", "dark-compose", ".ProseMirror"]]) {
      await person.go(path);
      await page.waitForSelector(shows);
      await person.shot(name);
      await person.accessible(`${path} in the dark`);
    }
    await choose(page, text(other, `lang-${lang}`));
    await until(() => page.evaluate(() => document.documentElement.dir), dir[lang]);
    await choose(page, text(lang, "theme-light"));
    await until(() => page.evaluate(() => document.documentElement.classList.contains("pf-v6-theme-dark")), false);
  });
}

function bell(lang) {
  const { someone, step } = journey(on, lang);
  // Each run reads the notifications of somebody else.
  const username = { ar: "clerk.mof", en: "clerk.modee" }[lang];

  step("the bell counts what is unread, shows it, and one that is opened is read", async () => {
    const person = await someone(username);
    await person.go("/dashboard");
    const count = person.page.locator("[data-testid=bell] .dw-count");
    await count.waitFor();
    const unread = person.page.locator("[data-testid=notifications] li.is-unread");
    await person.press("[data-testid=bell]");
    await unread.first().waitFor();
    await person.settled();
    const before = await unread.count();
    await person.shot("bell");
    await person.accessible("the notifications");
    const first = unread.filter({ has: person.page.locator("a") }).first();
    await first.getByRole("link").click();
    await person.page.waitForURL(/\/(letters|archive)\/\d+/);
    await person.settled();
    await person.press("[data-testid=bell]");
    await person.page.locator("[data-testid=notifications] li").first().waitFor();
    await until(async () => (await unread.count()) < before);
  });

  step("all are read at once, and stay read after a reload", async () => {
    const person = await someone(username);
    const unread = person.page.locator("[data-testid=notifications] li.is-unread");
    await person.page.getByRole("button", { name: text(lang, "notifications-read-all") }).click();
    await unread.first().waitFor({ state: "detached" });
    await person.page.locator("[data-testid=bell] .dw-count").waitFor({ state: "detached" });
    await person.settled();
    await person.page.reload();
    await person.settled();
    await person.press("[data-testid=bell]");
    await person.page.locator("[data-testid=notifications] li").first().waitFor();
    await person.settled();
    assert.equal(await unread.count(), 0);
    await person.shot("bell-read");
  });
}

/** Chooses an entry of the user menu. */
async function choose(page, words) {
  await page.locator("[data-testid=user-menu]").click();
  await page.getByRole("menuitemcheckbox", { name: words, exact: true }).click();
}

/** The code that an authenticator app shows now, or `ahead` steps of half a minute later (RFC 6238). */
function oneTimeCode(secret, ahead = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac("sha1", base32(secret)).update(counter).digest();
  const word = hash.readUInt32BE(hash[hash.length - 1] & 0xf) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}

/** A code that is none of those that count now. */
function wrongCode(secret) {
  const right = [-2, -1, 0, 1, 2].map((ahead) => oneTimeCode(secret, ahead));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.includes(code));
}

function base32(text) {
  const bits = [...text.replace(/ /g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
