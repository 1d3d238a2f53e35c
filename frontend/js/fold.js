// Folds Arabic spelling variants, as the server's search does, and keeps where each folded character came from.
const DROP = /[\u064b-\u065f\u0670\u0640\u200c-\u200f\u061c\u202a-\u202e\u2066-\u2069]/;
const MAP = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ؤ: "و", ئ: "ي" };

/** Returns { text, at } where `at[i]` is the index in `source` of the folded character `i`. */
export function fold(source) {
  let text = "";
  const at = [];
  for (let i = 0; i < source.length; i++) {
    // NFKC also turns Arabic presentation forms, which old PDFs contain, into letters.
    for (const c of source[i].normalize("NFKC").toLowerCase()) {
      if (DROP.test(c)) continue;
      const code = c.codePointAt(0);
      const digit = code >= 0x660 && code <= 0x669 ? String(code - 0x660) : code >= 0x6f0 && code <= 0x6f9 ? String(code - 0x6f0) : null;
      const out = digit ?? MAP[c] ?? c;
      text += out;
      for (let n = 0; n < out.length; n++) at.push(i);
    }
  }
  at.push(source.length);
  return { text, at };
}
