//! The budget law out of a workbook: its reference and day, the file, every row looked at, then the draft.

use std::rc::Rc;

use chrono::NaiveDate;
use diwan_finance_api::{LAW_ROWS_SHOWN, LawImport, LawRow, LawTotal};
use diwan_kernel::money;
use web_sys::File;
use yew::prelude::*;

use super::path;
use crate::app::router;
use crate::client::{self, Call, download};
use crate::i18n::{self, format};
use crate::modules::admin::parts::changing;
use crate::modules::admin::send::use_sending;
use crate::modules::finance::bank::{amount, table};
use crate::ui::file_drop::FileDrop;
use crate::ui::{Alert, Button, DateField, Dialog, Icon, Num, TextField, Tone, Variant};

/// The largest file the server takes, bytes.
const MOST_BYTES: i64 = 8 << 20;

#[derive(Properties, PartialEq)]
pub(super) struct LawProps {
    pub(super) on_close: Callback<()>,
}

/// What is said besides the file.
#[derive(Clone, PartialEq)]
struct Said {
    on: NaiveDate,
    reference: String,
    reference_on: Option<NaiveDate>,
    total: String,
}

impl Said {
    fn call(&self, file: File) -> Call {
        let day = self.reference_on.map(|day| day.to_string()).unwrap_or_default();
        client::post("/api/finance/budget/law/import")
            .query("on", self.on.to_string())
            .query("reference", self.reference.trim())
            .query("reference_on", day)
            .query("name", file.name())
            .file(file)
    }
}

/// The law out of a workbook.
#[component]
pub(super) fn LawDialog(props: &LawProps) -> Html {
    let said = use_state_eq(|| Said {
        on: format::today(),
        reference: String::new(),
        reference_on: None,
        total: String::new(),
    });
    let file = use_state(|| None::<File>);
    let seen = use_state(|| None::<Rc<LawImport>>);
    let sending = use_sending();
    let look = {
        let (seen, sending) = (seen.setter(), sending.clone());
        Callback::from(move |(said, chosen): (Said, File)| {
            seen.set(None);
            let seen = seen.clone();
            let call = said.call(chosen).query("preview", "true");
            sending.answer(call, move |answer: LawImport| seen.set(Some(Rc::new(answer))));
        })
    };
    let on_files = {
        let (file, said, look) = (file.setter(), said.clone(), look.clone());
        Callback::from(move |files: Vec<File>| {
            let Some(chosen) = files.into_iter().next() else { return };
            file.set(Some(chosen.clone()));
            look.emit(((*said).clone(), chosen));
        })
    };
    // What is in force depends on the day.
    let on_day = {
        let (file, said) = (file.clone(), said.clone());
        Callback::from(move |day: Option<NaiveDate>| {
            let next = Said { on: day.unwrap_or(said.on), ..(*said).clone() };
            said.set(next.clone());
            if let Some(chosen) = (*file).clone() {
                look.emit((next, chosen));
            }
        })
    };
    let on_draft = {
        let (file, said, seen, sending) = (file.clone(), said.clone(), seen.clone(), sending.clone());
        Callback::from(move |_: MouseEvent| {
            let (Some(chosen), Some(looked)) = ((*file).clone(), (*seen).clone()) else { return };
            let seen = seen.setter();
            // Compared only here, so that the sums stay in sight.
            let call = said.call(chosen).query("hash", looked.hash.clone()).query("total", said.total.clone());
            sending.answer(call, move |answer: LawImport| match answer.document {
                Some(id) => router::go_to(&path(id)),
                None => seen.set(Some(Rc::new(answer))),
            });
        })
    };
    let empty = format!("/api/finance/budget/law/template?on={}&lang={}", said.on, i18n::lang().code());
    let right = seen.as_ref().filter(|seen| seen.wrong == 0);
    let footer = html! {
        <>
            if right.is_some() { <Button variant={Variant::Primary} label={t!("law-draft")} busy={sending.busy} testid="draft-law" onclick={on_draft} /> }
            <Button variant={Variant::Link} label={t!("cancel")} onclick={props.on_close.reform(|_: MouseEvent| ())} />
        </>
    };
    html! {
        <Dialog wide=true title={t!("law-import")} on_close={Some(props.on_close.clone())} {footer}>
            <p class="dw-muted">{ t!("law-import-hint") }</p>
            <div class="dw-form two">
                <TextField label={t!("law-reference")} value={said.reference.clone()} required=true maxlength={100} error={sending.error("reference")} name="reference"
                    oninput={changing(&said, |said: &mut Said, text| said.reference = text)} />
                <DateField label={t!("voucher-reference-day")} value={said.reference_on} name="reference_on"
                    onchange={changing(&said, |said: &mut Said, day| said.reference_on = day)} />
                <DateField label={t!("voucher-day")} value={Some(said.on)} required=true onchange={on_day} error={sending.error("on")} name="on" />
                <TextField label={t!("law-control")} value={said.total.clone()} error={sending.error("total")} name="total"
                    oninput={changing(&said, |said: &mut Said, text| said.total = text)} />
                <div class="dw-fg"><span class="dw-fg__label">{ t!("import-template") }</span>
                    <span><Button icon={Icon::Download} label={t!("law-template-get")} testid="law-template" onclick={Callback::from(move |_| download::save(&empty))} /></span>
                </div>
            </div>
            <FileDrop label={t!("import-drop")} accept=".xlsx,.csv" single=true max_bytes={MOST_BYTES} {on_files} />
            // What comes and goes stands in elements that stay: side by side they would be put before nodes that are gone already.
            <div role="status">if sending.busy { <p class="dw-muted">{ t!("import-reading") }</p> }</div>
            <div>{ sending.alert_beside(&["reference", "on", "total"]) }</div>
            <div>if let Some(seen) = (*seen).clone() { { preview(&seen) } }</div>
        </Dialog>
    }
}

/// What the workbook holds: sums by chapter, and its rows.
fn preview(seen: &LawImport) -> Html {
    let total = |one: &LawTotal| {
        html! {
            <tr>
                <td><Num value={one.code.clone()} />{ " " }{ i18n::name(&one.name) }</td>
                <td><Num value={format::number(i64::from(one.rows))} /></td>
                <td>{ amount(one.amount, money::JOD_SCALE) }</td>
            </tr>
        }
    };
    let sum = html! {
        <tr><td><b>{ t!("law-total") }</b></td><td><Num value={format::number(i64::from(seen.rows - seen.wrong.min(seen.rows)))} /></td>
            <td data-testid="law-total"><b>{ amount(seen.total, money::JOD_SCALE) }</b></td></tr>
    };
    let totals = html! { <>{ for seen.chapters.iter().map(total) }{ sum }</> };
    let mut titles = vec![t!("import-line"), column("key"), column("amount"), column("note")];
    if seen.wrong > 0 {
        titles.insert(1, t!("import-errors"));
    }
    html! {
        <div class="dw-stack" data-testid="law-preview">
            if seen.wrong > 0 {
                <Alert tone={Tone::Danger} title={t!("import-wrong", n = seen.wrong)}><p>{ t!("import-wrong-text") }</p></Alert>
            } else {
                <Alert title={t!("import-ready", n = seen.rows)} />
            }
            { table(t!("law-total"), "law-chapters", vec![column("chapter"), t!("import-rows"), column("amount")], totals) }
            { table(t!("import-rows"), "law-rows", titles, seen.shown.iter().map(|one| row(one, seen.wrong > 0)).collect()) }
            if usize::try_from(seen.rows).is_ok_and(|rows| rows > LAW_ROWS_SHOWN) { <p class="dw-muted dw-sm">{ t!("law-rows-shown", n = LAW_ROWS_SHOWN) }</p> }
        </div>
    }
}

fn column(code: &str) -> String {
    i18n::find(&i18n::code_key("law-column", code), None).unwrap_or_else(|| code.to_owned())
}

fn row(one: &LawRow, errors: bool) -> Html {
    let error = |error: &diwan_kernel::FieldError| {
        let text = i18n::field_error(&error.field, (&error.code, &error.args), &column);
        html! { <div class="dw-err-line">{ Icon::CircleAlert }<span>{ text }</span></div> }
    };
    html! {
        <tr key={one.line} data-line={one.line.to_string()}>
            <td><Num value={one.line.to_string()} /></td>
            if errors { <td>{ for one.errors.iter().map(error) }</td> }
            <td><Num value={one.key.clone()} /></td>
            <td><Num value={one.amount.clone()} /></td>
            <td dir="auto">{ &one.note }</td>
        </tr>
    }
}
