// Every screen opens for those who use it, fits a phone, can be used by everybody, and logs no error.
import { describe, test } from "node:test";

import { PHONE, WIDE } from "./support/browser.mjs";
import { journey, stage } from "./support/journey.mjs";

/** Who opens which screen; `shows` is there once it is drawn. */
const SCREENS = [
  { user: "clerk.modee", path: "/", name: "my-work" },
  { user: "clerk.modee", path: "/dashboard", name: "dashboard" },
  { user: "clerk.modee", path: "/letters/incoming", name: "incoming", shows: "[data-row-id]" },
  { user: "clerk.modee", path: "/letters/outgoing", name: "outgoing", shows: "[data-row-id]" },
  { user: "clerk.modee", path: "/letters/drafts", name: "drafts" },
  { user: "clerk.modee", path: "/letters/memos", name: "memos" },
  { user: "clerk.modee", path: "/letters/new", name: "new", shows: ".ProseMirror" },
  { user: "clerk.modee", path: "/search?q=طلب", name: "search", shows: "[data-testid=hit]" },
  { user: "clerk.modee", path: "/me", name: "me", shows: "[data-testid=me]" },
  { user: "archivist.modee", path: "/archive", name: "archive", shows: "[data-testid=archive]" },
  { user: "archivist.modee", path: "/archive/imports", name: "imports" },
  { user: "archivist.modee", path: "/archive/check", name: "check-desk" },
  { user: "archivist.modee", path: "/archive/plan", name: "plan" },
  { user: "finance.modee", path: "/finance", name: "finance" },
  { user: "finance.modee", path: "/finance/closing", name: "closing" },
  { user: "finance.modee", path: "/finance/documents/templates", name: "voucher-templates", shows: "[data-testid=templates]" },
  { user: "finance.modee", path: "/finance/documents", name: "vouchers", shows: "[data-testid=vouchers]" },
  { user: "finance.modee", path: "/finance/position", name: "position", shows: "[data-testid=report], [data-testid=report-next]" },
  { user: "finance.modee", path: "/finance/position/keys", name: "budget-keys", shows: "[data-testid=report], [data-testid=report-next]" },
  { user: "finance.modee", path: "/finance/reports/obligations", name: "obligations", shows: "[data-testid=report], [data-testid=report-next]" },
  { user: "finance.modee", path: "/finance/reports/cash", name: "cash-statement", shows: "[data-testid=report]" },
  { user: "finance.modee", path: "/finance/reports/arrears", name: "arrears", shows: "[data-testid=report], [data-testid=report-next]" },
  { user: "archivist.modee", path: "/archive/types", name: "types" },
  { user: "archivist.modee", path: "/archive/schedules", name: "schedules" },
  { user: "archivist.modee", path: "/archive/files", name: "files" },
  { user: "archivist.modee", path: "/archive/due", name: "due" },
  { user: "archivist.modee", path: "/archive/holds", name: "holds" },
  { user: "archivist.modee", path: "/archive/disposals", name: "disposals" },
  { user: "archivist.modee", path: "/admin/requests", name: "requests" },
  { user: "archivist.modee", path: "/admin/class-access", name: "class-access" },
  { user: "admin.modee", path: "/admin/safety", name: "safekeeping" },
  { user: "admin.modee", path: "/admin/views", name: "views" },
  { user: "admin.modee", path: "/admin/index", name: "index" },
  { user: "admin.modee", path: "/admin/agencies", name: "agencies", shows: "[data-testid=agencies]" },
  { user: "admin.modee", path: "/admin/units", name: "units" },
  { user: "admin.modee", path: "/admin/users", name: "users", shows: "[data-testid=users]" },
  { user: "admin.modee", path: "/admin/roles", name: "roles", shows: "[data-testid=roles]" },
  { user: "admin.modee", path: "/admin/routes", name: "routes" },
  { user: "admin.modee", path: "/admin/holidays", name: "holidays", shows: "[data-testid=holidays]" },
  { user: "admin.modee", path: "/admin/templates", name: "templates", shows: "[data-testid=templates]" },
  { user: "admin.modee", path: "/admin/letterheads", name: "letterheads" },
];

const on = stage();

for (const lang of ["ar", "en"]) {
  for (const [width, viewport] of Object.entries({ wide: WIDE, phone: PHONE })) {
    describe(`screens (${lang}, ${width})`, () => {
      const { someone } = journey(on, lang);
      for (const { user, path, name, shows } of SCREENS) {
        test(name, async () => {
          const person = await someone(user, { viewport });
          await person.go(path);
          await person.page.waitForSelector(shows ?? "main h1");
          await person.fits(name);
          await person.shot(`screen-${width}-${name}`);
          await person.accessible(name);
        });
      }
    });
  }
}
