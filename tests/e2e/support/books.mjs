// What a test of finance needs beforehand, asked of the server in the sessions of its people: they press only what is tested.
import assert from "node:assert/strict";

/** A call in somebody's session, as the screens make it; answers what came. */
export async function call(person, method, path, { body, version } = {}) {
  const answer = await person.page.evaluate(async ({ method, path, body, version }) => {
    const token = /diwan_csrf=([^;]+)/.exec(document.cookie)[1];
    const headers = { "Content-Type": "application/json", "X-Diwan-CSRF": token, "Idempotency-Key": crypto.randomUUID() };
    if (version !== undefined) headers["If-Match"] = `"${version}"`;
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, text: await answer.text() };
  }, { method, path, body, version });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.text ? JSON.parse(answer.text) : undefined;
}

/**
 * Documents and what they name, without the screens.
 * @param {Record<string, import("./browser.mjs").Person>} people accountant, controller and finance manager are among them
 */
export function books(people) {
  const read = (id) => call(people["accountant.modee"], "GET", `/api/finance/documents/${id}`);
  const step = async (username, id, action) => {
    const { head } = await read(id);
    await call(people[username], "POST", `/api/finance/documents/${id}/${action}`, { body: {}, version: head.version });
  };
  /** Writes a draft; answers its id. */
  const draft = async (input) => {
    const body = { currency: "JOD", method: "none", ...input };
    return (await call(people["accountant.modee"], "POST", "/api/finance/documents", { body })).id;
  };
  const submitted = async (input) => {
    const id = await draft(input);
    await step("accountant.modee", id, "submit");
    return id;
  };
  /** The two approvals of what was sent for them; with the second one it is posted. */
  const approve = async (id) => {
    await step("controller.modee", id, "certify");
    await step("finance.modee", id, "authorise");
  };
  return {
    read,
    step,
    draft,
    submitted,
    approve,
    async posted(input) {
      const id = await submitted(input);
      await approve(id);
      return id;
    },
    /** A party that is called the same in both languages; answers its id. */
    async party(code, name) {
      const body = { kind: "payee", code, name: { ar: name, en: name }, active: true };
      return (await call(people["finance.modee"], "POST", "/api/finance/parties", { body })).id;
    },
  };
}
