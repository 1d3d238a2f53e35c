// Documents of finance as three people make them: the accountant writes, the controller certifies, the manager authorises.
import { day } from "./days.mjs";
import { dialog, fill, save } from "./forms.mjs";
import { text } from "./texts.mjs";

/** An IBAN of a bank and an account, with its check digits. */
export function iban(bank, account) {
  const body = bank + account;
  const digits = [...`${body}JO00`].map((sign) => parseInt(sign, 36)).join("");
  return `JO${String(98n - (BigInt(digits) % 97n)).padStart(2, "0")}${body}`;
}

/**
 * Writing and approving, for the people of a journey.
 * @param {Record<string, import("./browser.mjs").Person>} people accountant, controller and finance manager are among them
 * @param {"ar"|"en"} lang
 */
export function vouchers(people, lang) {
  const state = (person, code) =>
    person.page.locator("[data-testid=voucher-state]").getByText(text(lang, `document-state-${code}`)).waitFor();
  const act = async (username, path, action) => {
    const person = people[username];
    await person.go(path);
    await person.action(action);
    await dialog(person).locator("[data-testid=confirm]").click();
    await dialog(person).waitFor({ state: "detached" });
    return person;
  };
  /** Sends the draft that the accountant looks at for approval, and has it posted; answers its address. */
  const approve = async () => {
    const clerk = people["accountant.modee"];
    await state(clerk, "draft");
    await clerk.action("submit");
    await state(clerk, "in-approval");
    const path = new URL(clerk.page.url()).pathname;
    await act("controller.modee", path, "certify");
    await state(await act("finance.modee", path, "authorise"), "posted");
    return path;
  };
  return {
    /** Opens this year, where it is not open yet. */
    async openYear() {
      const manager = people["finance.modee"];
      await manager.go("/finance");
      const year = day().slice(0, 4);
      // The demonstration has years, so the list is there once one of them is.
      await manager.page.locator("[data-testid^=periods-]").first().waitFor();
      if (await manager.page.locator(`[data-testid=periods-${year}]`).count()) return;
      await manager.press("[data-testid=open-year]");
      await fill(manager, { year });
      await save(manager);
    },
    /** Adds a row to a list of the setup. */
    async setUp(list, values) {
      const manager = people["finance.modee"];
      await manager.go(`/finance/setup/${list}`);
      await manager.press("[data-testid=new-row]");
      await fill(manager, values);
      await save(manager);
    },
    /** Writes a document of today with its lines, and has it posted; answers its address. */
    async post(kind, values, lines) {
      const clerk = people["accountant.modee"];
      await clerk.go(`/finance/documents/new/${kind}`);
      const form = clerk.page.locator("main");
      await form.locator("[name='lines.0.debit']").waitFor();
      const invoice = kind === "payment_voucher" ? { reference_on: day() } : {};
      await fill(clerk, { effective_on: day(), ...invoice, ...values }, form);
      for (const [row, line] of lines.entries()) {
        if (row > 0) await clerk.press("[data-testid=add-line]");
        for (const [name, value] of Object.entries(line)) await form.locator(`[name='lines.${row}.${name}']`).fill(value);
      }
      await clerk.press("[data-testid=save]");
      return approve();
    },
    approve,
  };
}
