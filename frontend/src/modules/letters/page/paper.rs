//! The letter as a page: head, addressee, subject, text, signature, copies. It looks as the print does.

use std::rc::Rc;

use diwan_kernel::{Lang, Named};
use diwan_platform_api::files::{AttachmentRole, Attachments};
use diwan_platform_api::records::{AssigneeKind, TaskKind};
use diwan_tarasol_api::{
    Align, Block, BlockAttrs, Body, Cell, CellAttrs, Dir, Direction, Inline, Item, Letter, Letterhead, Mark,
    RecipientRole,
};
use yew::prelude::*;

use crate::app::route::Route;
use crate::app::router::Link;
use crate::client::{self, use_api};
use crate::i18n::{self, format};
use crate::ui::Num;

#[derive(Properties, PartialEq)]
pub(super) struct PaperProps {
    pub(super) letter: Rc<Letter>,
    pub(super) files: Option<Rc<Attachments>>,
}

/// A fixed word of the paper in the letter's language, which may not be that of the screen.
fn word(lang: Lang, key: &str) -> String {
    i18n::text(&format!("paper-{key}-{}", lang.code()), None)
}

/// The letter as a page.
#[component]
pub(super) fn Paper(props: &PaperProps) -> Html {
    let letter = &props.letter;
    let incoming = letter.direction == Direction::Incoming;
    // The letterhead of another agency is on the PDF, which that agency's server side made.
    let heads = use_api::<Vec<Letterhead>>((!incoming).then(|| client::get("/api/letterheads")));
    let lang = letter.lang;
    let dir = if lang == Lang::Ar { "rtl" } else { "ltr" };
    let lines = head_lines(letter, heads.data.as_ref().map(|heads| heads.as_slice()));
    html! {
        <article class="dw-paper" {dir} lang={lang.code()} aria-label={t!("letter-text")}>
            <div class="top">
                <div class="org">{ for lines.iter().enumerate().map(|(at, line)| html! {
                    <>if at == 0 { <b>{ line }</b> } else { <br />{ line } }</>
                }) }</div>
                <div class="mid">{ emblem() }<span class="dw-only-narrow">{ lines.last().cloned() }</span></div>
                { number_and_dates(letter) }
            </div>
            if !letter.addressee.is_empty() { <p class="to">{ &letter.addressee }</p> }
            <p class="re"><span>{ word(lang, "subject") }{ ": " }{ &letter.head.subject }</span></p>
            { body(&letter.body) }
            { signature(letter) }
            { foot(letter, props.files.as_deref()) }
        </article>
    }
}

/// The eight-pointed star of the prints.
fn emblem() -> Html {
    html! {
        <svg viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="1.4" aria-hidden="true">
            <rect x="8" y="8" width="24" height="24" /><rect x="8" y="8" width="24" height="24" transform="rotate(45 20 20)" />
            <circle cx="20" cy="20" r="7" />
        </svg>
    }
}

/// The lines of the letterhead: the unit's, else the agency's, else the names of both.
fn head_lines(letter: &Letter, heads: Option<&[Letterhead]>) -> Vec<String> {
    let lang = letter.lang;
    let unit = letter.head.unit.as_ref();
    let head = heads.and_then(|heads| {
        let of_unit =
            heads.iter().find(|head| head.unit.is_some() && head.unit.as_ref().map(|u| u.id) == unit.map(|u| u.id));
        of_unit.or_else(|| heads.iter().find(|head| head.unit.is_none()))
    });
    if let Some(head) = head {
        let lines = if lang == Lang::Ar { &head.lines_ar } else { &head.lines_en };
        return lines.lines().map(str::to_owned).collect();
    }
    if letter.direction == Direction::Incoming {
        let sender = letter
            .counterpart
            .as_ref()
            .map_or_else(|| letter.head.party.clone(), |party| party.name.get(lang).to_owned());
        return vec![word(lang, "kingdom"), sender];
    }
    let name = |named: &Named| named.get(lang).to_owned();
    let mut lines = vec![word(lang, "kingdom"), name(&letter.head.agency.name)];
    lines.extend(unit.map(|unit| name(&unit.name)));
    lines
}

fn number_and_dates(letter: &Letter) -> Html {
    let lang = letter.lang;
    let incoming = letter.direction == Direction::Incoming;
    let number = if incoming { letter.their_number.clone() } else { letter.head.number.clone() };
    let issued = letter.signed_at.or(letter.head.issued_at).unwrap_or(letter.head.updated_at);
    let day =
        if incoming { letter.their_date.unwrap_or(format::local(issued).date()) } else { format::local(issued).date() };
    // Names of months come in the language of the screen; a paper in the other one gets plain dates.
    let own = lang == i18n::lang();
    html! {
        <dl>
            <dt>{ word(lang, "number") }</dt><dd><Num value={number.unwrap_or_else(|| "—".to_owned())} /></dd>
            if own { <dt>{ word(lang, "hijri") }</dt><dd>{ format::hijri(day) }</dd> }
            <dt>{ word(lang, "date") }</dt><dd>if own { { format::long_date(day) } } else { <Num value={format::date(day)} /> }</dd>
        </dl>
    }
}

fn signature(letter: &Letter) -> Html {
    let name = |named: &Named| named.get(letter.lang).to_owned();
    // Where the route chose who signs, the task says in which position.
    let asked =
        letter.tasks.iter().find(|task| task.kind == TaskKind::Sign && task.assignee.kind == AssigneeKind::Position);
    let position = letter.signed_as.as_ref();
    let position = position.or(letter.signatory.as_ref().map(|position| &position.name));
    let position = position.or(asked.map(|task| &task.assignee.name));
    let Some(signed) = &letter.signed_by else {
        return html! { if let Some(position) = position { <div class="sign">{ name(position) }</div> } };
    };
    html! {
        <div class="sign">
            if let Some(position) = position { { name(position) }<br /> }
            if let Some(other) = &letter.signed_for { { word(letter.lang, "for") }{ " " }{ name(&other.name) }<br /> }
            <b>{ name(&signed.name) }</b>
        </div>
    }
}

fn foot(letter: &Letter, files: Option<&Attachments>) -> Html {
    let lang = letter.lang;
    let names: Vec<&str> = files
        .iter()
        .flat_map(|files| files.items.iter())
        .filter(|file| file.role == AttachmentRole::Attachment)
        .map(|file| file.file_name.as_str())
        .collect();
    let mark = if lang == Lang::Ar { "؛ " } else { "; " };
    let copies: Vec<String> = letter
        .recipients
        .iter()
        .filter(|recipient| recipient.role == RecipientRole::Copy)
        .map(|recipient| recipient.name.get(lang).to_owned())
        .collect();
    if names.is_empty() && copies.is_empty() && letter.verify_code.is_none() {
        return Html::default();
    }
    html! {
        <div class="end"><div style="flex:1">
            if !names.is_empty() { <div><b>{ word(lang, "files") }{ ": " }</b>{ names.join(mark) }</div> }
            if !copies.is_empty() { <div><b>{ word(lang, "copies") }{ ": " }</b>{ copies.join(mark) }</div> }
            if let Some(code) = &letter.verify_code {
                <div class="dw-nowrap">{ word(lang, "verify") }{ ": " }
                    <Link to={Route::Verify(code.clone()).path()}><Num value={code.clone()} /></Link></div>
            }
        </div></div>
    }
}

/// The text, in the editor's own look.
pub(super) fn body(body: &Body) -> Html {
    html! { <div class="ProseMirror">{ for body.content.iter().map(block) }</div> }
}

fn align(align: Option<Align>) -> Option<&'static str> {
    align.map(|align| match align {
        Align::Start => "text-align:start",
        Align::Center => "text-align:center",
        Align::End => "text-align:end",
        Align::Justify => "text-align:justify",
    })
}

fn direction(dir: Option<Dir>) -> Option<&'static str> {
    dir.map(|dir| if dir == Dir::Rtl { "rtl" } else { "ltr" })
}

fn block(block: &Block) -> Html {
    match block {
        Block::Paragraph { attrs: BlockAttrs { align: at, dir }, content } => {
            html! { <p style={align(*at)} dir={direction(*dir)}>{ inline(content) }</p> }
        }
        Block::Heading { attrs, content } => {
            let tag = if attrs.level == Some(3) { "h3" } else { "h2" };
            html! { <@{tag} style={align(attrs.align)} dir={direction(attrs.dir)}>{ inline(content) }</@> }
        }
        Block::BulletList { content } => html! { <ul>{ items(content) }</ul> },
        Block::OrderedList { attrs, content } => {
            html! { <ol start={attrs.order.map(|order| order.to_string())}>{ items(content) }</ol> }
        }
        Block::Table { content } => html! {
            <table><tbody>{ for content.iter().map(|row| html! { <tr>{ for row.content.iter().map(cell) }</tr> }) }</tbody></table>
        },
    }
}

fn items(items: &[Item]) -> Html {
    html! { { for items.iter().map(|item| html! { <li>{ for item.content.iter().map(block) }</li> }) } }
}

fn cell(cell: &Cell) -> Html {
    let (blocks, is_head) = cell.parts();
    let (Cell::TableHeader { attrs, .. } | Cell::TableCell { attrs, .. }) = cell;
    let CellAttrs { colspan, rowspan, .. } = attrs;
    let span = |span: Option<u16>| span.map(|span| span.to_string());
    let content = html! { { for blocks.iter().map(block) } };
    if is_head {
        return html! { <th colspan={span(*colspan)} rowspan={span(*rowspan)}>{ content }</th> };
    }
    html! { <td colspan={span(*colspan)} rowspan={span(*rowspan)}>{ content }</td> }
}

fn inline(content: &[Inline]) -> Html {
    html! { { for content.iter().map(|inline| match inline {
        Inline::HardBreak {} => html! { <br /> },
        Inline::Text { text, marks } => marks.iter().fold(html! { { text } }, |inner, mark| match mark {
            Mark::Strong => html! { <strong>{ inner }</strong> },
            Mark::Underline => html! { <u>{ inner }</u> },
        }),
    }) } }
}
