// Letter editor: ProseMirror with our schema. The app draws the tool row and calls `run`; this module reports state and text.
import { baseKeymap, setBlockType, toggleMark, chainCommands, exitCode } from "prosemirror-commands";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redo, undo, undoDepth, redoDepth } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { Node } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  tableEditing,
  toggleHeaderRow,
} from "prosemirror-tables";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const BIDI_CONTROLS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Sets attributes on every selected text block that has them. */
const setBlockAttrs = (attrs) => (state, dispatch) => {
  const { from, to } = state.selection;
  const tr = state.tr;
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (node.isTextblock) tr.setNodeMarkup(pos, null, { ...node.attrs, ...attrs });
  });
  if (dispatch && tr.docChanged) dispatch(tr);
  return tr.docChanged;
};

const insertTable = (state, dispatch) => {
  const row = (type) => nodes.table_row.create(null, [0, 1, 2].map(() => type.createAndFill()));
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  if (dispatch) {
    const tr = state.tr.replaceSelectionWith(table, false);
    tr.doc.descendants((node, at) => {
      // Writing goes on in the first cell.
      if (node === table) tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1)));
      return node !== table;
    });
    dispatch(tr.scrollIntoView());
  }
  return true;
};

/** In the last cell: another row, and on into it. */
const nextRow = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (dispatch && addRowAfter(state, dispatch)) goToNextCell(1)(view.state, view.dispatch);
  return true;
};

/** Turns the list around the cursor off, or makes the paragraphs a list. */
const toggleList = (type) => (state, dispatch) =>
  liftListItemOf(type)(state, dispatch) || wrapInList(type)(state, dispatch);

const liftListItemOf = (type) => (state, dispatch) =>
  listAround(state) === type && liftListItem(nodes.list_item)(state, dispatch);

const listAround = (state) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const type = $from.node(depth).type;
    if (type === nodes.bullet_list || type === nodes.ordered_list) return type;
  }
  return null;
};

const hardBreak = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create(), false).scrollIntoView());
  return true;
});

const COMMANDS = {
  undo,
  redo,
  strong: toggleMark(marks.strong),
  underline: toggleMark(marks.underline),
  paragraph: setBlockType(nodes.paragraph),
  heading2: setBlockType(nodes.heading, { level: 2 }),
  heading3: setBlockType(nodes.heading, { level: 3 }),
  bullet_list: toggleList(nodes.bullet_list),
  ordered_list: toggleList(nodes.ordered_list),
  align_start: setBlockAttrs({ align: null }),
  align_center: setBlockAttrs({ align: "center" }),
  align_end: setBlockAttrs({ align: "end" }),
  align_justify: setBlockAttrs({ align: "justify" }),
  dir_rtl: setBlockAttrs({ dir: "rtl" }),
  dir_ltr: setBlockAttrs({ dir: "ltr" }),
  table: insertTable,
  row_add: addRowAfter,
  row_delete: deleteRow,
  column_add: addColumnAfter,
  column_delete: deleteColumn,
  header_row: toggleHeaderRow,
  table_delete: deleteTable,
};

const keys = keymap({
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Mod-b": COMMANDS.strong,
  "Mod-u": COMMANDS.underline,
  "Mod-Alt-0": COMMANDS.paragraph,
  "Mod-Alt-2": COMMANDS.heading2,
  "Mod-Alt-3": COMMANDS.heading3,
  "Mod-Shift-7": COMMANDS.ordered_list,
  "Mod-Shift-8": COMMANDS.bullet_list,
  "Shift-Enter": hardBreak,
  Enter: splitListItem(nodes.list_item),
  // Tab moves between cells and list levels only; elsewhere it leaves the editor, as the keyboard user expects.
  Tab: chainCommands(goToNextCell(1), nextRow, sinkListItem(nodes.list_item)),
  "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(nodes.list_item)),
});

const placeholder = (text) =>
  new Plugin({
    props: {
      decorations({ doc }) {
        const empty = doc.childCount === 1 && doc.firstChild.type === nodes.paragraph && doc.firstChild.content.size === 0;
        if (!empty || !text) return null;
        const attrs = { class: "is-empty-doc", "data-placeholder": text };
        return DecorationSet.create(doc, [Decoration.node(0, doc.firstChild.nodeSize, attrs)]);
      },
    },
  });

const parse = (json) => {
  if (!json) return nodes.doc.createAndFill();
  try {
    const doc = Node.fromJSON(schema, JSON.parse(json));
    doc.check();
    return doc;
  } catch {
    return null; // the app decides; nothing is silently dropped
  }
};

/** The document as the server accepts it: a break carries no marks, whatever was selected with it. */
const write = (doc) =>
  JSON.stringify(doc.toJSON(), function (key, value) {
    return key === "marks" && this.type === "hard_break" ? undefined : value;
  });

/** Makes the document that is there into `next` where the two differ; undoing passes over it. */
const difference = ({ doc, tr }, next) => {
  const start = doc.content.findDiffStart(next.content) ?? 0;
  let { a, b } = doc.content.findDiffEnd(next.content) ?? { a: start, b: start };
  // The ends of repeated text may lie before its start.
  const overlap = start - Math.min(a, b);
  if (overlap > 0) {
    a += overlap;
    b += overlap;
  }
  return tr.replace(start, a, next.slice(start, b)).setMeta("addToHistory", false);
};

/** What the tool row shows as pressed or possible. */
const describe = (state) => {
  const { $from, from, to, empty } = state.selection;
  const has = (mark) => (empty ? !!mark.isInSet(state.storedMarks || $from.marks()) : state.doc.rangeHasMark(from, to, mark));
  const block = $from.parent;
  const list = listAround(state);
  return {
    strong: has(marks.strong),
    underline: has(marks.underline),
    block: block.type === nodes.heading ? `heading${block.attrs.level}` : "paragraph",
    align: block.attrs.align || "start",
    dir: block.attrs.dir || "",
    list: list ? list.name : "",
    table: isInTable(state),
    undo: undoDepth(state) > 0,
    redo: redoDepth(state) > 0,
  };
};

/**
 * Puts an editor into `place`.
 * options: { doc: JSON text or "", dir, readonly, label, placeholder, onChange(json), onState(json) }
 * Returns { run(name), setDoc(json), setReadonly(flag), setDir(dir), focus(), destroy() } or null when `doc` does not fit the schema.
 */
export function mount(place, options) {
  const doc = parse(options.doc);
  if (!doc) return null;
  let readonly = options.readonly;
  const state = (from) =>
    EditorState.create({
      doc: from,
      plugins: [history(), keys, keymap(baseKeymap), dropCursor(), gapCursor(), tableEditing(), placeholder(options.placeholder)],
    });
  const view = new EditorView(place, {
    state: state(doc),
    editable: () => !readonly,
    attributes: () => ({
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": options.label,
      "aria-readonly": String(readonly),
      dir: options.dir,
      spellcheck: "true",
    }),
    transformPastedHTML: (html) => html.replace(BIDI_CONTROLS, "").replace(/&nbsp;|\u00a0/g, " "),
    transformPastedText: (text) => text.replace(BIDI_CONTROLS, "").replace(/\u00a0/g, " "),
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr));
      if (tr.docChanged) options.onChange(write(view.state.doc));
      options.onState(JSON.stringify(describe(view.state)));
    },
  });
  options.onState(JSON.stringify(describe(view.state)));
  return {
    run(name) {
      COMMANDS[name]?.(view.state, view.dispatch, view);
      view.focus();
    },
    setDoc(json) {
      const next = parse(json);
      if (!next || next.eq(view.state.doc)) return;
      // Only what differs is put in, so that whoever is typing finds the caret where it was.
      const tr = difference(view.state, next);
      view.updateState(tr.doc.eq(next) ? view.state.apply(tr) : state(next));
    },
    setReadonly(flag) {
      readonly = flag;
      view.setProps({});
    },
    setDir(dir) {
      options.dir = dir;
      view.setProps({});
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
