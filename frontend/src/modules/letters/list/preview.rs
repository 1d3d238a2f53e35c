//! The current letter beside the list: key facts, the beginning of its text, the last direction, files, next step.

use diwan_platform_api::files::{AttachmentRole, Attachments};
use diwan_tarasol_api::{Direction, Letter, LetterRow};
use yew::prelude::*;

use crate::app::route::{LetterBox, Route};
use crate::app::router;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::modules::letters::names::{is_ended, state_tone, state_word};
use crate::modules::letters::page::{ActionHost, use_actions};
use crate::ui::file_drop::FileRow;
use crate::ui::preview::Preview;
use crate::ui::{DueMark, Facts, FailureAlert, Num, PriorityBadge, SecrecyBadge, StateDot};

/// Most characters of the letter shown here.
const EXCERPT: usize = 420;

#[derive(Properties, PartialEq)]
pub(super) struct LetterPreviewProps {
    /// The row, which shows what is known before the letter is there.
    pub(super) row: LetterRow,
    pub(super) letters: LetterBox,
    pub(super) on_step: Callback<i32>,
    pub(super) on_close: Callback<()>,
    /// Told when something was done with the letter.
    pub(super) on_change: Callback<()>,
}

#[component]
pub(super) fn LetterPreview(props: &LetterPreviewProps) -> Html {
    let row = &props.row;
    let id = row.id;
    let letter = use_api::<Letter>(Some(client::get(format!("/api/letters/{id}"))));
    let files =
        use_api::<Attachments>((row.attachments > 0).then(|| client::get(format!("/api/records/{id}/attachments"))));
    let on_change = {
        let (reload, on_change) = (letter.reload.clone(), props.on_change.clone());
        Callback::from(move |()| {
            reload.emit(());
            on_change.emit(());
        })
    };
    let (buttons, doing) = use_actions(letter.data.clone());
    let kind = match props.letters {
        LetterBox::Incoming => i18n::code("record-kind", "incoming"),
        LetterBox::Memos => i18n::code("record-kind", "internal_memo"),
        LetterBox::Outgoing | LetterBox::Drafts => i18n::code("record-kind", "outgoing"),
    };
    let title = html! { <>{ kind }{ " " }<Num value={row.number.clone().unwrap_or_default()} /></> };
    let ended = is_ended(&row.state);
    html! {
        <>
            <Preview {title} on_step={props.on_step.clone()} on_close={props.on_close.clone()}
                on_open={Callback::from(move |()| router::go_to(&Route::Letter(id)))} footer={buttons}>
                <h2 class="dw-h2">{ &row.subject }</h2>
                <div class="dw-row" style="margin-block:0.5rem">
                    <PriorityBadge priority={row.priority} label=true /><SecrecyBadge level={row.secrecy} quiet=true />
                    <DueMark due={row.due_on} done={ended} />
                </div>
                <Facts rows={facts(row, letter.data.as_deref())} />
                <FailureAlert failure={letter.failure.clone()} retry={Some(letter.reload.clone())} />
                if let Some(letter) = &letter.data { { more(letter) } }
                if let Some(files) = files.data.as_ref() { { file_list(files) } }
            </Preview>
            if let Some(letter) = letter.data.clone() { <ActionHost {letter} {doing} {on_change} /> }
        </>
    }
}

fn facts(row: &LetterRow, letter: Option<&Letter>) -> Vec<(AttrValue, Html)> {
    let incoming = letter.is_none_or(|letter| letter.direction == Direction::Incoming) && row.their_number.is_some();
    let mut rows: Vec<(AttrValue, Html)> = Vec::new();
    let party = if incoming { t!("letters-from") } else { t!("letters-to") };
    rows.push((party.into(), html! { { i18n::name(&row.counterpart) } }));
    if let Some(number) = &row.their_number {
        let date = letter.and_then(|letter| letter.their_date).map(format::date);
        rows.push((t!("letters-their-number").into(), html! {
            <><Num value={number.clone()} />if let Some(date) = date { { " " }{ t!("letter-dated") }{ " " }<Num value={date} /> }</>
        }));
    }
    let at = if incoming { t!("letters-received-at") } else { t!("letters-made-at") };
    rows.push((at.into(), html! { <Num value={format::date_time(row.at)} /> }));
    if let Some(holder) = &row.holder {
        rows.push((t!("letters-holder").into(), html! { { i18n::name(holder) } }));
    }
    if let Some(due) = row.due_on {
        rows.push((t!("letters-due").into(), html! { <Num value={format::date(due)} /> }));
    }
    rows.push((
        t!("letters-state").into(),
        html! { <StateDot tone={state_tone(&row.state)} label={state_word(&row.state)} /> },
    ));
    rows
}

/// The beginning of the text and the last direction.
fn more(letter: &Letter) -> Html {
    let text = letter.body.text();
    let excerpt: String = text.chars().take(EXCERPT).collect();
    let cut = excerpt.len() < text.len();
    html! {
        <>
            <hr class="dw-sep" />
            <h3 class="dw-sec-t">{ t!("letters-excerpt") }</h3>
            <p dir="auto" class="dw-pre dw-sm">{ excerpt }if cut { { "…" } }</p>
            if let Some(note) = letter.notes.last() {
                <hr class="dw-sep" />
                <h3 class="dw-sec-t">{ t!("letters-last-note") }</h3>
                <blockquote class="dw-quote"><p dir="auto">{ &note.body }</p>
                    <footer class="dw-muted dw-sm">{ note.position.as_ref().map_or_else(|| i18n::name(&note.author.name), i18n::name) }{ t!("letter-comma") }
                        <Num value={format::date(format::local(note.created_at).date())} /></footer>
                </blockquote>
            }
        </>
    }
}

fn file_list(files: &Attachments) -> Html {
    let shown = files.items.iter().filter(|file| file.role == AttachmentRole::Attachment);
    html! {
        <>
            <hr class="dw-sep" />
            <h3 class="dw-sec-t">{ t!("letters-files") }</h3>
            { for shown.map(|file| {
                let id = file.id;
                html! {
                    <FileRow name={file.file_name.clone()} media_type={file.media_type.clone()} note={format::bytes(file.size)}
                        on_download={Some(Callback::from(move |()| client::download::save(&format!("/api/attachments/{id}/content"))))} />
                }
            }) }
        </>
    }
}
