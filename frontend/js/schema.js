// The letter's own document schema: what can be typed is what the server stores and the printer sets. No HTML is kept.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

const ALIGNS = ["start", "center", "end", "justify"];

/** Attributes of a text block: alignment and direction; null means "as the letter". */
const blockAttrs = { align: { default: null }, dir: { default: null } };

const readBlock = (element) => {
  const align = element.dataset.align || element.style.textAlign;
  const dir = element.getAttribute("dir");
  return { align: ALIGNS.includes(align) ? align : null, dir: dir === "rtl" || dir === "ltr" ? dir : null };
};

const writeBlock = (node) => {
  const attrs = {};
  if (node.attrs.align) {
    attrs["data-align"] = node.attrs.align;
    attrs.style = `text-align: ${node.attrs.align}`;
  }
  if (node.attrs.dir) attrs.dir = node.attrs.dir;
  return attrs;
};

const heading = (level) => ({ tag: `h${level}`, getAttrs: (el) => ({ ...readBlock(el), level: Math.min(Math.max(level, 2), 3) }) });

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      group: "block",
      content: "inline*",
      attrs: blockAttrs,
      parseDOM: [{ tag: "p", getAttrs: readBlock }],
      toDOM: (node) => ["p", writeBlock(node), 0],
    },
    heading: {
      group: "block",
      content: "inline*",
      defining: true,
      attrs: { ...blockAttrs, level: { default: 2 } },
      parseDOM: [1, 2, 3, 4].map(heading),
      toDOM: (node) => [`h${node.attrs.level}`, writeBlock(node), 0],
    },
    bullet_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: { group: "block", content: "list_item+", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
    list_item: {
      content: "paragraph (paragraph | bullet_list | ordered_list)*",
      defining: true,
      parseDOM: [{ tag: "li" }],
      toDOM: () => ["li", 0],
    },
    ...tableNodes({ tableGroup: "block", cellContent: "paragraph+", cellAttributes: {} }),
    text: { group: "inline" },
    hard_break: {
      group: "inline",
      inline: true,
      selectable: false,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
  },
  marks: {
    strong: {
      parseDOM: [
        { tag: "strong" },
        { tag: "b", getAttrs: (el) => el.style.fontWeight !== "normal" && null },
        { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[6-9]00)$/.test(value) && null },
      ],
      toDOM: () => ["strong", 0],
    },
    underline: {
      parseDOM: [{ tag: "u" }, { style: "text-decoration", getAttrs: (value) => value.includes("underline") && null }],
      toDOM: () => ["u", 0],
    },
  },
});
