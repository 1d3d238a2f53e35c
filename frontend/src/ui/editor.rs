//! The letter editor: ProseMirror in a lazy module, its tool row drawn by the kit.

use std::rc::Rc;

use js_sys::Object;
use serde::Deserialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;
use yew::platform::spawn_local;
use yew::prelude::*;

use super::button::IconButton;
use super::icon::Icon;
use super::menu::{Menu, MenuItem};
use super::{Alert, Tone, dom, lazy};
use crate::client::json;

/// What the tool row shows; told by the module after every change of text or selection.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
struct Look {
    strong: bool,
    underline: bool,
    block: String,
    align: String,
    dir: String,
    list: String,
    table: bool,
    undo: bool,
    redo: bool,
}

/// The letter editor.
#[derive(Properties, PartialEq)]
pub struct LetterEditorProps {
    /// The document as JSON (`Body` of the letters API); empty for an empty one.
    pub doc: AttrValue,
    /// Told of every change, with the document as JSON.
    #[prop_or_default]
    pub on_change: Callback<String>,
    /// Direction of the letter: rtl or ltr.
    pub dir: AttrValue,
    /// Name of the text, for screen readers.
    pub label: AttrValue,
    /// Shown while nothing is typed.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// Only to be read: no tool row, no frame.
    #[prop_or_default]
    pub readonly: bool,
}

/// The mounted module and what keeps its callbacks alive.
struct Mounted {
    handle: Object,
    _callbacks: [Closure<dyn Fn(String)>; 2],
}

impl Drop for Mounted {
    fn drop(&mut self) {
        lazy::call(&self.handle, "destroy", &[]);
    }
}

fn mount(
    module: &Object,
    place: &Element,
    props: &Opening,
    on_change: Callback<String>,
    on_look: Callback<String>,
) -> Option<Mounted> {
    let change = Closure::<dyn Fn(String)>::new(move |json| on_change.emit(json));
    let look = Closure::<dyn Fn(String)>::new(move |json| on_look.emit(json));
    let options = lazy::object(&[
        ("doc", props.doc.as_str().into()),
        ("dir", props.dir.as_str().into()),
        ("readonly", props.readonly.into()),
        ("label", props.label.as_str().into()),
        ("placeholder", props.placeholder.as_str().into()),
        ("onChange", change.as_ref().clone()),
        ("onState", look.as_ref().clone()),
    ]);
    let handle = lazy::call(module, "mount", &[place.into(), options.into()])?.dyn_into().ok()?;
    Some(Mounted { handle, _callbacks: [change, look] })
}

#[derive(Clone, PartialEq)]
struct Opening {
    doc: AttrValue,
    dir: AttrValue,
    readonly: bool,
    label: AttrValue,
    placeholder: AttrValue,
}

/// The letter editor.
#[component]
pub fn LetterEditor(props: &LetterEditorProps) -> Html {
    let place = use_node_ref();
    let look = use_state_eq(Look::default);
    let failed = use_state_eq(|| false);
    let mounted = use_mut_ref(|| None::<Mounted>);
    // What the module holds; a document that comes back from our own change is not set again.
    let held = use_mut_ref(|| props.doc.clone());
    let latest = use_mut_ref(|| props.on_change.clone());
    *latest.borrow_mut() = props.on_change.clone();
    let opening = Opening {
        doc: props.doc.clone(),
        dir: props.dir.clone(),
        readonly: props.readonly,
        label: props.label.clone(),
        placeholder: props.placeholder.clone(),
    };
    let newest = use_mut_ref(|| opening.clone());
    *newest.borrow_mut() = opening;
    {
        let (place, mounted, held) = (place.clone(), Rc::clone(&mounted), Rc::clone(&held));
        let (look, failed) = (look.setter(), failed.setter());
        use_effect_with((), move |()| {
            let keep = Rc::clone(&mounted);
            let opened = Rc::clone(&held);
            let on_change = Callback::from(move |json: String| {
                *held.borrow_mut() = json.clone().into();
                let tell = latest.borrow().clone();
                tell.emit(json);
            });
            let on_look = Callback::from(move |json: String| look.set(json::read(&json).unwrap_or_default()));
            spawn_local(async move {
                let module = lazy::module("editor").await;
                let Some(place) = place.cast::<Element>() else { return };
                // As it is now: a template may have been taken while the module was loading.
                let opening = newest.borrow().clone();
                *opened.borrow_mut() = opening.doc.clone();
                let editor = module.and_then(|module| mount(&module, &place, &opening, on_change, on_look));
                failed.set(editor.is_none());
                *mounted.borrow_mut() = editor;
            });
            move || drop(keep.borrow_mut().take())
        });
    }
    {
        let mounted = Rc::clone(&mounted);
        use_effect_with((props.doc.clone(), props.dir.clone(), props.readonly), move |(doc, dir, readonly)| {
            if let Some(editor) = &*mounted.borrow() {
                if *held.borrow() != *doc {
                    *held.borrow_mut() = doc.clone();
                    lazy::call(&editor.handle, "setDoc", &[doc.as_str().into()]);
                }
                lazy::call(&editor.handle, "setDir", &[dir.as_str().into()]);
                lazy::call(&editor.handle, "setReadonly", &[(*readonly).into()]);
            }
        });
    }
    let run = Callback::from(move |command: &'static str| {
        if let Some(editor) = &*mounted.borrow() {
            lazy::call(&editor.handle, "run", &[JsValue::from_str(command)]);
        }
    });
    html! {
        <div class={classes!("dw-editor", props.readonly.then_some("readonly"))}>
            if *failed { <Alert tone={Tone::Danger} title={t!("editor-failed")} /> }
            if !props.readonly { <ToolRow look={(*look).clone()} {run} /> }
            <div ref={place} class="dw-editor__body" />
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToolRowProps {
    look: Look,
    run: Callback<&'static str>,
}

/// The tool row: one stop for Tab, the arrow keys walk it.
#[component]
fn ToolRow(props: &ToolRowProps) -> Html {
    let row = use_node_ref();
    let onkeydown = {
        let row = row.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = dom::reading_step(&event.key());
            if step != 0
                && let Some(root) = row.cast::<Element>()
            {
                event.prevent_default();
                dom::focus_step(&dom::all(&root, "button:not(:disabled)"), step);
            }
        })
    };
    let look = &props.look;
    let press = |command: &'static str, icon: Icon, label: String, pressed: bool| {
        let onclick = props.run.reform(move |_: MouseEvent| command);
        html! { <IconButton small=true {icon} {label} pressed={Some(pressed)} {onclick} testid={format!("editor-{command}")} /> }
    };
    let step = |command: &'static str, icon: Icon, label: String, possible: bool| {
        let onclick = props.run.reform(move |_: MouseEvent| command);
        html! { <IconButton small=true {icon} {label} disabled={!possible} {onclick} testid={format!("editor-{command}")} /> }
    };
    let block = |command: &'static str, label: String| {
        MenuItem::new(label, props.run.reform(move |()| command)).checked(look.block == command)
    };
    let gap = || html! { <span class="gap" aria-hidden="true" /> };
    let blocks = vec![
        block("paragraph", t!("editor-paragraph")),
        block("heading2", t!("editor-heading2")),
        block("heading3", t!("editor-heading3")),
    ];
    html! {
        <div ref={row} class="dw-editor__tools" role="toolbar" aria-label={t!("editor-tools")} {onkeydown}>
            { step("undo", Icon::Undo, t!("editor-undo"), look.undo) }
            { step("redo", Icon::Redo, t!("editor-redo"), look.redo) }
            { gap() }
            <Menu label={t!("editor-block")} toggle={Icon::Heading.html()} class={classes!("dw-iconbtn", "sm")} items={blocks} />
            { press("strong", Icon::Bold, t!("editor-strong"), look.strong) }
            { press("underline", Icon::Underline, t!("editor-underline"), look.underline) }
            { gap() }
            { press("bullet_list", Icon::ListPoints, t!("editor-bullets"), look.list == "bullet_list") }
            { press("ordered_list", Icon::ListNumbers, t!("editor-numbers"), look.list == "ordered_list") }
            { gap() }
            { press("align_start", Icon::AlignStart, t!("editor-align-start"), look.align == "start") }
            { press("align_center", Icon::AlignCenter, t!("editor-align-center"), look.align == "center") }
            { press("align_justify", Icon::AlignJustify, t!("editor-align-justify"), look.align == "justify") }
            { press("dir_rtl", Icon::Rtl, t!("editor-rtl"), look.dir == "rtl") }
            { press("dir_ltr", Icon::Ltr, t!("editor-ltr"), look.dir == "ltr") }
            { gap() }
            { step("table", Icon::Table, t!("editor-table"), !look.table) }
            if look.table {
                { step("row_add", Icon::RowAdd, t!("editor-row-add"), true) }
                { step("row_delete", Icon::RowDelete, t!("editor-row-delete"), true) }
                { step("column_add", Icon::ColumnAdd, t!("editor-column-add"), true) }
                { step("column_delete", Icon::ColumnDelete, t!("editor-column-delete"), true) }
                { step("header_row", Icon::HeaderRow, t!("editor-header-row"), true) }
                { step("table_delete", Icon::Trash, t!("editor-table-delete"), true) }
            }
        </div>
    }
}
