// Days as the offices count them: by the clock of Amman, which is three hours ahead of that of the machine's tests.

const AMMAN = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Amman" });

/** Today, or so many days ahead, as `2026-11-29`. */
export const day = (ahead = 0) => AMMAN.format(new Date(Date.now() + ahead * 86_400_000));
