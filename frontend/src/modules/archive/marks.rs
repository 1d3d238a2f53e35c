//! Stamps and notes over the pages of a file: shown as a layer, put where somebody points, taken away again.

use std::rc::Rc;

use diwan_archive_api::{MarkKind, NOTE_TEXT_MAX, NewPageMark, PageMark, PageMarks, STAMP_TEXT_MAX, WHOLE};
use diwan_kernel::Lang;
use web_sys::HtmlElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::client::{self, Failure, use_api};
use crate::i18n::{self, format};
use crate::ui::button::IconButton;
use crate::ui::{Button, Dialog, FailureAlert, Icon, Num, TextArea, TextField, Variant};

/// What is over the pages of a file, and the tools for it.
#[derive(Clone, PartialEq)]
pub(super) struct Layer {
    /// What stands over a page.
    pub(super) over: Callback<u32, Html>,
    /// Buttons for the viewer's row.
    pub(super) tools: Html,
    /// The dialog, while a mark is being written.
    pub(super) dialog: Html,
}

/// The layer of a file; empty where its pages are not shown.
#[hook]
pub(super) fn use_layer(file: i64, has_pages: bool) -> Layer {
    let marks = use_api::<PageMarks>(has_pages.then(|| client::get(format!("/api/attachments/{file}/marks"))));
    let hidden = use_state_eq(|| false);
    let placing = use_state_eq(|| None::<MarkKind>);
    let new = use_state_eq(|| None::<NewPageMark>);
    let over = {
        let (data, kind, set) = (marks.data.clone().filter(|_| !*hidden), *placing, marks.set.clone());
        let (new, placing) = (new.setter(), placing.setter());
        Callback::from(move |page: u32| {
            let page = i32::try_from(page).unwrap_or(1);
            let (new, placing) = (new.clone(), placing.clone());
            let on_place = Callback::from(move |(x, y)| {
                placing.set(None);
                new.set(kind.map(|kind| NewPageMark { page, kind, x, y, text: String::new() }));
            });
            html! { <Over {file} {page} marks={data.clone()} placing={kind.is_some()} {on_place} set={set.clone()} /> }
        })
    };
    let dialog = match &*new {
        Some(mark) => {
            let (close, done, set) = (new.setter(), new.setter(), marks.set.clone());
            let on_done = Callback::from(move |marks| {
                set.emit(marks);
                done.set(None);
            });
            html! { <Writing {file} mark={mark.clone()} on_close={Callback::from(move |()| close.set(None))} {on_done} /> }
        }
        None => Html::default(),
    };
    Layer { over, tools: tools(marks.data.as_deref(), &hidden, &placing), dialog }
}

fn tools(marks: Option<&PageMarks>, hidden: &UseStateHandle<bool>, placing: &UseStateHandle<Option<MarkKind>>) -> Html {
    let Some(marks) = marks else { return Html::default() };
    let put = |kind: MarkKind, icon: Icon, label: String, testid: &'static str| {
        let (placing, hidden) = (placing.clone(), hidden.setter());
        let pressed = *placing == Some(kind);
        let onclick = Callback::from(move |_| {
            hidden.set(false);
            placing.set((*placing != Some(kind)).then_some(kind));
        });
        html! { <IconButton small=true {icon} {label} {onclick} {pressed} {testid} /> }
    };
    let toggle = {
        let hidden = hidden.clone();
        Callback::from(move |_| hidden.set(!*hidden))
    };
    html! {
        <>
            if marks.may_add {
                { put(MarkKind::Note, Icon::Pin, t!("mark-note-add"), "mark-note") }
                { put(MarkKind::Stamp, Icon::Seal, t!("mark-stamp-add"), "mark-stamp") }
            }
            if !marks.items.is_empty() {
                <IconButton small=true icon={Icon::Eye} label={t!("marks-shown")} onclick={toggle} pressed={!**hidden} testid="marks-shown" />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OverProps {
    file: i64,
    page: i32,
    marks: Option<Rc<PageMarks>>,
    placing: bool,
    on_place: Callback<(i32, i32)>,
    set: Callback<Rc<PageMarks>>,
}

/// What stands over one page.
#[component]
fn Over(props: &OverProps) -> Html {
    let marks = props.marks.iter().flat_map(|marks| &marks.items).filter(|mark| mark.page == props.page);
    let onclick = props.on_place.reform(|event: MouseEvent| {
        let place = event.target_unchecked_into::<HtmlElement>();
        // The keyboard points nowhere: the mark comes to the head of the page.
        if event.detail() == 0 {
            return (WHOLE / 2, WHOLE / 12);
        }
        let part = |at: i32, of: i32| (at * WHOLE / of.max(1)).clamp(0, WHOLE);
        (part(event.offset_x(), place.offset_width()), part(event.offset_y(), place.offset_height()))
    });
    html! {
        <>
            { for marks.map(|mark| html! { <Mark key={mark.id} file={props.file} mark={mark.clone()} set={props.set.clone()} /> }) }
            if props.placing {
                <button type="button" class="dw-mark-place" aria-label={t!("mark-place")} title={t!("mark-place")} {onclick} data-testid="mark-place" />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct MarkProps {
    file: i64,
    mark: PageMark,
    set: Callback<Rc<PageMarks>>,
}

/// A stamp or a note; opened, it tells who put it there.
#[component]
fn Mark(props: &MarkProps) -> Html {
    let mark = &props.mark;
    let failure = use_state_eq(|| None::<Failure>);
    let onclick = {
        let call = client::delete(format!("/api/attachments/{}/marks/{}", props.file, mark.id));
        let (set, failure) = (props.set.clone(), failure.setter());
        Callback::from(move |_: MouseEvent| {
            let (call, set, failure) = (call.clone(), set.clone(), failure.clone());
            spawn_local(async move {
                match call.send::<PageMarks>().await {
                    Ok(marks) => set.emit(Rc::new(marks)),
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let part = |value: i32| f64::from(value) / 100.0;
    let style = format!("left:{}%;top:{}%", part(mark.x), part(mark.y));
    let summary = match mark.kind {
        MarkKind::Stamp => html! { <summary class="dw-mark__stamp" dir="auto">{ &mark.text }</summary> },
        MarkKind::Note => html! { <summary class="dw-mark__note" aria-label={t!("mark-note")}>{ Icon::Pin }</summary> },
    };
    html! {
        <details class="dw-mark" {style} data-testid="mark">
            { summary }
            <div class="dw-mark__card" dir={if i18n::lang() == Lang::Ar { "rtl" } else { "ltr" }}>
                if mark.kind == MarkKind::Note { <p dir="auto">{ &mark.text }</p> }
                <p class="dw-sm dw-muted"><bdi>{ i18n::name(&mark.created_by.name) }</bdi>{ " · " }<Num value={format::date_time(mark.created_at)} /></p>
                <FailureAlert failure={(*failure).clone()} />
                if mark.may_remove { <Button variant={Variant::Link} icon={Icon::Trash} label={t!("mark-remove")} {onclick} testid="mark-remove" /> }
            </div>
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct WritingProps {
    file: i64,
    mark: NewPageMark,
    on_close: Callback<()>,
    on_done: Callback<Rc<PageMarks>>,
}

/// The words of a new stamp or note.
#[component]
fn Writing(props: &WritingProps) -> Html {
    let stamp = props.mark.kind == MarkKind::Stamp;
    let words = use_state_eq(String::new);
    let failure = use_state_eq(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let submit = {
        let (words, failure, busy, on_done) = (words.clone(), failure.setter(), busy.setter(), props.on_done.clone());
        let (file, mark) = (props.file, props.mark.clone());
        Callback::from(move |()| {
            let new = NewPageMark { text: (*words).clone(), ..mark.clone() };
            let call = client::post(format!("/api/attachments/{file}/marks")).json(&new);
            let (failure, busy, on_done) = (failure.clone(), busy.clone(), on_done.clone());
            busy.set(true);
            spawn_local(async move {
                let answer = call.send::<PageMarks>().await;
                busy.set(false);
                match answer {
                    Ok(marks) => on_done.emit(Rc::new(marks)),
                    Err(why) => failure.set(Some(why)),
                }
            });
        })
    };
    let set = words.setter();
    let oninput = Callback::from(move |text| set.set(text));
    let error = failure.as_ref().and_then(|failure| failure.field("text")).map(AttrValue::from);
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    let usual = |text: String| {
        let (set, label) = (words.setter(), text.clone());
        html! { <Button variant={Variant::Secondary} {label} onclick={Callback::from(move |_| set.set(text.clone()))} /> }
    };
    let usuals = [t!("stamp-copy"), t!("stamp-void"), t!("stamp-received"), t!("stamp-information"), t!("stamp-filed")];
    let footer = html! {
        <>
            <Button submit=true variant={Variant::Primary} label={t!("mark-put")} busy={*busy} testid="mark-put" />
            <Button variant={Variant::Link} label={t!("cancel")} onclick={cancel} />
        </>
    };
    let most = u32::try_from(if stamp { STAMP_TEXT_MAX } else { NOTE_TEXT_MAX }).ok();
    html! {
        <Dialog title={if stamp { t!("mark-stamp-add") } else { t!("mark-note-add") }} on_close={Some(props.on_close.clone())} on_submit={Some(submit)} {footer}>
            if failure.as_ref().is_some_and(|failure| !failure.has_fields()) { <FailureAlert failure={(*failure).clone()} /> }
            if stamp {
                <TextField label={t!("mark-stamp-text")} name="text" value={(*words).clone()} {oninput} {error} maxlength={most} required=true autofocus=true />
                <div class="dw-usuals">{ for usuals.into_iter().map(usual) }</div>
            } else {
                <TextArea label={t!("mark-note-text")} name="text" value={(*words).clone()} {oninput} {error} maxlength={most} required=true autofocus=true />
            }
        </Dialog>
    }
}
