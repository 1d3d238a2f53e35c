//! Directions (شروحات) and comments beside a record, and the box to write one.

use diwan_platform_api::records::{NewNote, Note, NoteKind};
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::app::session::use_session;
use crate::client::draft::use_kept;
use crate::client::{self, Failure};
use crate::i18n::{self, format};
use crate::ui::{Button, Empty, FailureAlert, Icon, Num, TextArea, Variant, use_toasts};

#[derive(Properties, PartialEq)]
pub(in crate::modules) struct NotesProps {
    pub(in crate::modules) record: i64,
    pub(in crate::modules) notes: Vec<Note>,
    pub(in crate::modules) on_change: Callback<()>,
}

/// Directions and comments. What a head writes directs; what others write is a comment.
#[component]
pub(in crate::modules) fn Notes(props: &NotesProps) -> Html {
    let id = props.record;
    let session = use_session();
    let toasts = use_toasts();
    let text = use_kept(format!("note-{id}"), String::new);
    let failure = use_state(|| None::<Failure>);
    let busy = use_state_eq(|| false);
    let is_head = session.me().is_some_and(|me| me.positions.iter().any(|position| position.is_head));
    let kind = if is_head { NoteKind::Direction } else { NoteKind::Comment };
    let onsubmit = {
        let (value, set, forget, on_change) =
            (text.value.clone(), text.set.clone(), text.forget.clone(), props.on_change.clone());
        let (failure, busy) = (failure.setter(), busy.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let note = NewNote { kind, body: (*value).clone() };
            let (set, forget, on_change, failure, busy, toasts) =
                (set.clone(), forget.clone(), on_change.clone(), failure.clone(), busy.clone(), toasts.clone());
            let said = i18n::text(&i18n::code_key("letter-written", kind.code()), None);
            busy.set(true);
            spawn_local(async move {
                match client::post(format!("/api/records/{id}/notes")).json(&note).done().await {
                    Ok(()) => {
                        set.emit(String::new());
                        forget.emit(());
                        failure.set(None);
                        toasts.done(said);
                        on_change.emit(());
                    }
                    Err(why) => failure.set(Some(why)),
                }
                busy.set(false);
            });
        })
    };
    let error = (*failure).as_ref().and_then(|failure| failure.field("body"));
    html! {
        <>
            if props.notes.is_empty() { <Empty text={t!("letter-no-notes")} /> }
            { for props.notes.iter().map(draw) }
            <form class="dw-form" {onsubmit} style="margin-block-start:0.75rem">
                if error.is_none() { <FailureAlert failure={(*failure).clone()} /> }
                <TextArea label={i18n::text(&i18n::code_key("letter-write", kind.code()), None)} value={(*text.value).clone()} oninput={text.set.clone()}
                    {error} maxlength={4000} name="note" />
                <div><Button submit=true variant={Variant::Secondary} icon={Icon::Edit} label={t!("letter-add-note")} busy={*busy}
                    disabled={text.value.trim().is_empty()} action="note" /></div>
            </form>
        </>
    }
}

fn draw(note: &Note) -> Html {
    let comment = note.kind == NoteKind::Comment;
    html! {
        <article class="dw-direction" key={note.id} data-note-id={note.id.to_string()}>
            <header class="dw-sm">
                <span class="dw-b">{ i18n::name(&note.author.name) }</span>
                if let Some(other) = &note.on_behalf_of { { " " }{ t!("letter-on-behalf", name = i18n::name(&other.name)) } }
                if comment { <span class="dw-badge">{ i18n::code("note-kind", "comment") }</span> }
                <div class="dw-muted">
                    if let Some(position) = &note.position { { i18n::name(position) }{ t!("letter-comma") } }
                    <Num value={format::date_time(note.created_at)} />
                </div>
            </header>
            <p class="dw-quote dw-pre" dir="auto">{ &note.body }</p>
        </article>
    }
}
